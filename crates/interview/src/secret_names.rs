//! A list of names of secrets → names; a value is refused without being repeated.

use crate::error::AnswerError;

/// The word for an empty list.
pub(crate) const NO_SECRETS: &str = "none";

/// Longest name that is taken for one.
const LONGEST: usize = 100;
/// A part of a name between underscores is taken for a key from this length on, if it has digits …
const KEY_LENGTH: usize = 16;
/// … at least this many.
const KEY_DIGITS: usize = 2;
/// No English word is longer.
const LONGEST_WORD: usize = 24;

/// Names from a text in which commas separate them. `known` are names that the repository itself reads: they are
/// accepted as they are written there.
pub(crate) fn parse(text: &str, known: &[&str]) -> Result<Vec<String>, AnswerError> {
    let text = text.trim();
    if text.is_empty() || text.eq_ignore_ascii_case(NO_SECRETS) {
        return Ok(Vec::new());
    }
    check(text.split(',').map(str::trim).filter(|name| !name.is_empty()), known)
}

/// The same names, each once and in their order, if all of them are names.
pub(crate) fn check<'n>(
    names: impl IntoIterator<Item = &'n str>,
    known: &[&str],
) -> Result<Vec<String>, AnswerError> {
    let mut kept: Vec<String> = Vec::new();
    for (index, name) in names.into_iter().enumerate() {
        let reason = if known.contains(&name) { None } else { objection(name) };
        if let Some(reason) = reason {
            return Err(AnswerError::NotASecretName { entry: index + 1, reason: reason.to_owned() });
        }
        if !kept.iter().any(|other| other == name) {
            kept.push(name.to_owned());
        }
    }
    Ok(kept)
}

/// What speaks against a name, if something does.
pub(crate) fn objection(name: &str) -> Option<&'static str> {
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    Some(if name.is_empty() {
        "is empty"
    } else if name.contains("://") {
        "looks like an address"
    } else if name.contains('=') {
        "contains `=`: give the name alone, without the value"
    } else if name.contains(char::is_whitespace) {
        "contains a space: separate names by commas"
    } else if name.len() > LONGEST || name.split('_').any(looks_like_a_key) {
        "looks like a key or a password"
    } else if name.contains(|c: char| c.is_ascii_lowercase()) {
        "has lower-case letters: names are written in capitals"
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        "begins with a digit"
    } else if !name.chars().all(allowed) {
        "has characters other than capitals, digits and `_`"
    } else {
        return None;
    })
}

/// Whether a part of a name is random rather than a word.
fn looks_like_a_key(part: &str) -> bool {
    let digits = part.chars().filter(char::is_ascii_digit).count();
    // Access keys of AWS begin so, and have few digits now and then.
    let access_key =
        ["AKIA", "ASIA"].iter().any(|prefix| part.starts_with(prefix)) && part.len() >= KEY_LENGTH;
    access_key || part.len() > LONGEST_WORD || (part.len() >= KEY_LENGTH && digits >= KEY_DIGITS)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn names_are_taken_once_and_in_order() {
        let names = parse("STRIPE_API_KEY, DATABASE_URL,, STRIPE_API_KEY ,_X", &[]).unwrap();
        assert_eq!(names, ["STRIPE_API_KEY", "DATABASE_URL", "_X"]);
        assert!(parse("", &[]).unwrap().is_empty());
        assert!(parse("None", &[]).unwrap().is_empty());
        assert!(parse("CLOUDFLARE_R2_SECRET_ACCESS_KEY,GOOGLE_OAUTH2_CLIENT_SECRET_BASE64", &[]).is_ok());
        assert_eq!(parse("ConnectionStrings__Main", &["ConnectionStrings__Main"]).unwrap().len(), 1);
    }

    #[test]
    fn values_are_refused_and_not_repeated() {
        for value in [
            "DATABASE_URL=postgres://u:hunter2@h/d",
            "postgres://u:hunter2@h/d",
            "sk_live_hunter2",
            "hunter2",
            "AKIAIOSFODNN7EXAMPL2",
            "AKIAIOSFODNN7EXAMPLE",
            "SK_LIVE_4EC39HQLYJWDARJTT1ZDP7DC",
            "MY SECRET HUNTER2",
            "7HUNTER2",
            "HUNTER2-X",
            "QWZXKJHGFDSPLMNBVCXRTYPQHUNTER",
        ] {
            let error = parse(&format!("DATABASE_URL,{value}"), &[]).unwrap_err().to_string();
            assert!(error.starts_with("entry 2 "), "{error}");
            assert!(!error.to_lowercase().contains("hunter2"), "{error}");
            assert!(!error.contains(value), "{error}");
        }
    }
}
