//! The embedded catalog proves itself.

use siteplan_catalog::Catalog;
use siteplan_catalog::validate::validate;

#[test]
fn the_embedded_catalog_is_valid() {
    let catalog = Catalog::embedded().unwrap_or_else(|error| panic!("{error}"));
    let problems = validate(&catalog);
    let listed: Vec<String> =
        problems.iter().map(|p| format!("{}: {}: {}", p.path, p.field, p.message)).collect();
    assert!(problems.is_empty(), "{} problems in the catalog:\n{}", problems.len(), listed.join("\n"));
}
