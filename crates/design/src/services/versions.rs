//! Version specifications of a repository → bare numbers.

use siteplan_catalog::runtimes::Runtime;
use siteplan_model::survey::{LanguageFact, Survey, VersionedFact};

/// The version of a runtime that the repository asks for in a service's folder, else anywhere, else the default.
pub(crate) fn runtime_version(survey: &Survey, runtime: &Runtime, folder: &str) -> String {
    let of_runtime =
        survey.runtimes.iter().filter(|fact| fact.fact.value == runtime.id && fact.version.is_some());
    // Of equally near ones the first, which is the main service's.
    let stated = of_runtime.rev().max_by_key(|fact| nearness(fact, folder));
    let speaks = |language: &&LanguageFact| runtime.versioned_by.contains(&language.fact.value);
    let of_language = || survey.languages.iter().filter(speaks).find_map(|one| one.version.as_deref());
    let asked = stated.and_then(|fact| fact.version.as_deref()).or_else(of_language);
    version(asked, &runtime.default_version.value, runtime.version_parts)
}

/// How near the places that ask for a version are to a folder: below it, then above it, the nearest first, then anywhere.
fn nearness(fact: &VersionedFact, folder: &str) -> usize {
    let of = |path: &str| {
        let home = path.rsplit_once('/').map_or(".", |(home, _)| home);
        let inside = |inner: &str, outer: &str| {
            outer == "."
                || inner == outer
                || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
        };
        match (folder != "." && inside(home, folder), inside(folder, home)) {
            (true, _) => usize::MAX,
            (false, true) => home.len(),
            (false, false) => 0,
        }
    };
    fact.fact.evidence.iter().map(|seen| of(&seen.path)).max().unwrap_or(0)
}

/// The version that a specification means, as a bare number. An open lower bound (`>=3.9`) that the default satisfies
/// means the default.
fn version(asked: Option<&str>, default: &str, parts: u32) -> String {
    let Some(asked) = asked.map(str::trim).filter(|text| text.contains(|c: char| c.is_ascii_digit())) else {
        return default.to_owned();
    };
    let lower = number(asked, parts);
    let open =
        asked.starts_with('>') && (numbers(default) >= numbers(&lower)) && !closed_below(asked, default);
    if open { default.to_owned() } else { lower }
}

/// Whether an upper bound in the specification excludes the version.
fn closed_below(asked: &str, version: &str) -> bool {
    asked.split([',', ' ']).filter_map(|part| part.trim().strip_prefix('<')).any(|bound| {
        let inclusive = bound.starts_with('=');
        let bound = numbers(bound.trim_start_matches(['=', ' ']));
        if inclusive { numbers(version) > bound } else { numbers(version) >= bound }
    })
}

fn number(text: &str, parts: u32) -> String {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let bare: &str =
        text[start..].split(|c: char| !(c.is_ascii_digit() || c == '.')).next().unwrap_or_default();
    let parts = usize::try_from(parts.max(1)).unwrap_or(1);
    bare.split('.').filter(|part| !part.is_empty()).take(parts).collect::<Vec<_>>().join(".")
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|part| part.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use siteplan_catalog::Catalog;
    use siteplan_model::fact::{Certainty, Evidence, Fact};
    use siteplan_model::survey::{Survey, VersionedFact};

    use super::{runtime_version, version};

    #[test]
    fn the_nearest_place_gives_a_services_version() {
        let catalog = Catalog::embedded().expect("the catalog loads");
        let node = catalog.runtimes.of("typescript", None).expect("Node");
        let fact = |version: &str, path: &str| VersionedFact {
            fact: Fact::new(
                "node".to_owned(),
                Certainty::High,
                vec![Evidence { path: path.to_owned(), line: None, seen: version.to_owned() }],
            ),
            version: Some(version.to_owned()),
        };
        let mut survey = Survey::nothing(".", "x");
        assert_eq!(runtime_version(&survey, node, "web"), node.default_version.value);
        survey.runtimes =
            vec![fact("22.1", "two/.nvmrc"), fact("20", ".nvmrc"), fact("18", "apps/api/Dockerfile")];
        for (folder, expected) in
            [("two", "22"), ("one", "20"), (".", "20"), ("apps/api", "18"), ("apps/web", "20")]
        {
            assert_eq!(runtime_version(&survey, node, folder), expected, "{folder}");
        }
    }

    #[test]
    fn a_version_is_a_bare_number() {
        for (asked, parts, expected) in [
            (None, 1, "24"),
            (Some("22.x"), 1, "22"),
            (Some("^20.11.0"), 1, "20"),
            (Some(">=18"), 1, "24"),
            (Some(">=18 <23"), 1, "18"),
            (Some("lts/*"), 1, "24"),
            (Some("v22.3.1"), 1, "22"),
            (Some(">=26"), 1, "26"),
        ] {
            assert_eq!(version(asked, "24", parts), expected, "{asked:?}");
        }
        for (asked, expected) in [
            (Some("3.12.4"), "3.12"),
            (Some(">=3.9,<4"), "3.13"),
            (Some(">=3.11,<3.13"), "3.11"),
            (Some("~3.10"), "3.10"),
            (Some(">=3.12,<=3.13"), "3.13"),
        ] {
            assert_eq!(version(asked, "3.13", 2), expected, "{asked:?}");
        }
        assert_eq!(version(Some("1.89"), "stable", 2), "1.89");
        assert_eq!(version(Some(">=1.80"), "stable", 2), "1.80");
    }
}
