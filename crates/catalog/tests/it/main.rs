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

#[test]
fn a_refinement_that_its_setting_does_not_know_is_reported() {
    let embedded = Catalog::embedded().unwrap_or_else(|error| panic!("{error}"));
    let changed = |from: &str, to: &str| {
        let path = "words/refinements.toml";
        let text = embedded.files[path].replace(from, to);
        assert_ne!(text, embedded.files[path], "`{from}` is in the file");
        let catalog =
            Catalog::with_files([(path.to_owned(), text)]).unwrap_or_else(|error| panic!("{error}"));
        validate(&catalog).into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("\n")
    };
    assert!(changed("key = \"regions\"", "key = \"place\"").contains("has no setting"));
    assert!(changed("value = \"hipaa\"", "value = \"hippa\"").contains("does not take `hippa`"));
    assert!(
        changed("value = \"hipaa\"", "value = \"none\"").contains("takes `hipaa`, which no choice offers")
    );
    assert!(changed("of = \"africa\"", "of = \"afrika\"").contains("no platform is in `afrika`"));
    assert!(changed("account = \"aws\"", "account = \"amazon\"").contains("no platform is of the cloud"));
    assert!(changed("constraint = \"availability\"", "constraint = \"\"").contains("name the constraint"));
}

#[test]
fn a_setting_takes_its_values_as_people_write_them() {
    let catalog = Catalog::embedded().unwrap_or_else(|error| panic!("{error}"));
    let canonical = |key: &str, given: &str| {
        let setting = catalog.settings.setting.iter().find(|setting| setting.key == key).expect(key);
        setting.canonical(given)
    };
    assert_eq!(canonical("regions", "Europe, North America").as_deref(), Some("europe,north-america"));
    assert_eq!(canonical("regions", "asia,asia").as_deref(), Some("asia"));
    assert_eq!(canonical("regions", "anywhere").as_deref(), Some("anywhere"));
    for wrong in ["", "anywhere,europe", "europe,", "mars"] {
        assert_eq!(canonical("regions", wrong), None, "{wrong}");
    }
    assert_eq!(canonical("team_size", " 7 ").as_deref(), Some("7"));
    assert_eq!(canonical("team_size", "").as_deref(), Some(""));
    for wrong in ["0", "-1", "many", "1.5"] {
        assert_eq!(canonical("team_size", wrong), None, "{wrong}");
    }
    assert_eq!(canonical("gpu", "").as_deref(), Some(""));
    assert_eq!(canonical("author", "Ada, L.").as_deref(), Some("Ada, L."));
}

#[test]
fn backups_say_how_long_they_are_kept() {
    let kept = |days, hours| {
        let backups = siteplan_catalog::data_service::Backups {
            frequency: "daily".to_owned(),
            retention_days: days,
            retention_hours: hours,
            source: String::new(),
        };
        backups.kept()
    };
    assert_eq!([kept(7, None), kept(1, None), kept(0, Some(6))], ["7 days", "1 day", "6 hours"]);
}

#[test]
fn a_data_plan_that_stops_without_a_word_is_reported() {
    let embedded = Catalog::embedded().unwrap_or_else(|error| panic!("{error}"));
    let changed = |from: &str, to: &str| {
        let path = "data-services/turso.toml";
        let text = embedded.files[path].replace(from, to);
        assert_ne!(text, embedded.files[path], "`{from}` is in the file");
        let catalog =
            Catalog::with_files([(path.to_owned(), text)]).unwrap_or_else(|error| panic!("{error}"));
        validate(&catalog).into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("\n")
    };
    assert!(changed("id = \"developer\"\n", "id = \"developer\"\ncapped = true\n").contains("stops at what"));
    assert!(
        changed("usd_per_month = 4.99", "usd_per_month = 4.99\ntrial = true").contains("no plan follows")
    );
    assert!(changed("retention_days = 10", "retention_days = 0").contains("keeps backups for days"));
}
