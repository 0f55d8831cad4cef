//! Version specifications of a repository → bare numbers.

use siteplan_catalog::runtimes::Runtime;
use siteplan_model::survey::{LanguageFact, Survey};

/// The version of a runtime that the repository asks for, else the default.
pub(crate) fn runtime_version(survey: &Survey, runtime: &Runtime) -> String {
    let speaks = |language: &&LanguageFact| runtime.versioned_by.contains(&language.fact.value);
    let asked = survey.languages.iter().filter(speaks).find_map(|language| language.version.as_deref());
    version(asked, &runtime.default_version.value, runtime.version_parts)
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
    use super::version;

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
