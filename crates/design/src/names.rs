//! Names as people write them → kebab-case names that every platform accepts for its resources.

use std::collections::BTreeSet;

/// Longest name of an application: the strictest platform allows 30 characters, and `-staging` may follow.
pub(crate) const APPLICATION: usize = 22;

/// Longest name of a service.
pub(crate) const SERVICE: usize = 24;

/// A kebab-case name of at most `longest` characters that begins with a letter; `fallback` where nothing is left.
pub(crate) fn slug(name: &str, longest: usize, fallback: &str) -> String {
    let base = name.rsplit('/').next().unwrap_or(name);
    let mut words: Vec<String> = vec![String::new()];
    for character in base.chars() {
        if character.is_ascii_alphanumeric() {
            let last = words.len() - 1;
            words[last].push(character.to_ascii_lowercase());
        } else if words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
    }
    let mut short = String::new();
    for word in words.iter().filter(|word| !word.is_empty()) {
        let joint = usize::from(!short.is_empty());
        if short.len() + joint + word.len() > longest {
            if short.is_empty() {
                short.extend(word.chars().take(longest));
            }
            break;
        }
        if joint == 1 {
            short.push('-');
        }
        short.push_str(word);
    }
    let short = short.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned();
    if short.is_empty() { fallback.to_owned() } else { short }
}

/// Slugs of several names, each unique: a second one of the same name gets a number.
pub(crate) fn unique<'a>(
    names: impl IntoIterator<Item = &'a str>,
    longest: usize,
    fallback: &str,
) -> Vec<String> {
    let mut taken = BTreeSet::new();
    names
        .into_iter()
        .map(|name| {
            let first = slug(name, longest.saturating_sub(3), fallback);
            let first = if name.len() <= longest { slug(name, longest, fallback) } else { first };
            let mut candidate = first.clone();
            let mut number = 2;
            while !taken.insert(candidate.clone()) {
                candidate = format!("{first}-{number}");
                number += 1;
            }
            candidate
        })
        .collect()
}

/// The form of a slug inside a variable's name.
pub(crate) fn variable_part(slug: &str) -> String {
    slug.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use siteplan_model::id::is_kebab_case;

    use super::{APPLICATION, slug, unique, variable_part};

    #[test]
    fn a_slug_is_safe_everywhere() {
        for (name, expected) in [
            ("Bookshelf Next", "bookshelf-next"),
            ("@acme/web_app", "web-app"),
            ("42-things", "things"),
            ("Überapp", "berapp"),
            ("", "app"),
            ("日本", "app"),
            ("a-very-long-name-of-an-application", "a-very-long-name-of-an"),
            ("$(rm -rf /)", "app"),
        ] {
            let made = slug(name, APPLICATION, "app");
            assert_eq!(made, expected, "{name}");
            assert!(is_kebab_case(&made) && made.len() <= APPLICATION, "{made}");
        }
    }

    #[test]
    fn two_services_of_one_name_stay_apart() {
        assert_eq!(unique(["web", "Web", "worker"], 24, "app"), ["web", "web-2", "worker"]);
        assert_eq!(variable_part("web-2"), "WEB_2");
    }
}
