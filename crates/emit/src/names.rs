//! Names that formats restrict: what does not fit is left out or replaced, never written.

pub(crate) use siteplan_model::script::is_variable;

/// The first letter in upper case.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A name of letters, digits, `-` and `_` that begins with a letter: a job, a service, a resource.
pub(crate) fn plain(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let plain = plain.trim_matches('-');
    if plain.starts_with(|c: char| c.is_ascii_alphabetic()) { plain.to_owned() } else { format!("x-{plain}") }
}
