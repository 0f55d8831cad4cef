//! Lists and counts as parts of sentences.

pub(crate) use siteplan_model::digits::grouped as thousands;

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn either<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [first @ .., last] if !first.is_empty() => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} or {}", first.join(", "), last.as_ref())
        }
        few => list(few),
    }
}

/// At most `most` items, then how many more there are.
pub(crate) fn short_list<T: AsRef<str>>(items: &[T], most: usize) -> String {
    if items.len() <= most {
        return list(items);
    }
    let mut shown: Vec<String> = items[..most].iter().map(|item| item.as_ref().to_owned()).collect();
    shown.push(format!("{} more", items.len() - most));
    list(&shown)
}

/// Text as code in Markdown.
pub(crate) fn code(text: &str) -> String {
    let fence = if text.contains('`') { "``" } else { "`" };
    format!("{fence}{text}{fence}")
}

/// A word of the catalog as code, or a phrase that marks its own code.
pub(crate) fn term(text: &str) -> String {
    if text.contains('`') || text.contains(' ') { text.to_owned() } else { code(text) }
}

/// A folder of the repository, as a place in a sentence.
pub(crate) fn folder(path: &str) -> String {
    if path == "." || path.is_empty() { "the repository's root".to_owned() } else { code(path) }
}

/// `1 migration`, `23 migrations`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// The verb for a number of things.
pub(crate) fn are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// The first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The first letter small, unless the first word is an abbreviation.
pub(crate) fn small(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

/// A number without needless digits (`40`, `0.5`).
pub(crate) fn number(value: f64) -> String {
    let shown = format!("{value:.2}");
    shown.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{capital, code, count, list, number, short_list, thousands};

    #[test]
    fn lists_read_like_sentences() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(short_list(&["a", "b", "c", "d"], 2), "a, b and 2 more");
    }

    #[test]
    fn numbers_read_like_numbers() {
        assert_eq!(count(1, "migration"), "1 migration");
        assert_eq!(count(2, "migration"), "2 migrations");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(999), "999");
        assert_eq!(number(40.0), "40");
        assert_eq!(number(0.5), "0.5");
    }

    #[test]
    fn code_survives_backticks() {
        assert_eq!(code("npm test"), "`npm test`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(capital("every day"), "Every day");
    }
}
