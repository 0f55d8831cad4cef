//! Words that people type → the choice they mean, or the nearest one.

use siteplan_catalog::words::Choice;

/// A word without what people write differently: case, spaces, underscores, dots.
pub(crate) fn normal(text: &str) -> String {
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            word.push(c);
        } else if !word.is_empty() && !word.ends_with('-') {
            word.push('-');
        }
    }
    word.truncate(word.trim_end_matches('-').len());
    word
}

/// The choice that a text names by value or label.
pub(crate) fn pick<'c>(
    choices: impl IntoIterator<Item = &'c Choice> + Clone,
    text: &str,
) -> Option<&'c Choice> {
    let wanted = normal(text);
    if wanted.is_empty() {
        return None;
    }
    let by_value = choices.clone().into_iter().find(|choice| normal(&choice.value) == wanted);
    by_value.or_else(|| choices.into_iter().find(|choice| normal(&choice.label) == wanted))
}

/// `yes` or `no` in the ways in which people and files write them.
pub(crate) fn yes_or_no(text: &str) -> Option<bool> {
    match normal(text).as_str() {
        "yes" | "y" | "true" | "on" => Some(true),
        "no" | "n" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// The word nearest to what was given, if one is near enough to be what was meant.
pub(crate) fn nearest<'w>(words: impl IntoIterator<Item = &'w str> + Clone, given: &str) -> Option<String> {
    let given = normal(given);
    let length = given.chars().count();
    if !(2..=60).contains(&length) {
        return None;
    }
    let close = words
        .clone()
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(|word| (strsim::damerau_levenshtein(&normal(word), &given), word))
        .filter(|(distance, word)| *distance <= (word.chars().count().max(length) / 3).max(1))
        .min_by_key(|(distance, _)| *distance);
    let part = || words.into_iter().find(|word| length > 3 && normal(word).contains(&given));
    close.map(|(_, word)| word).or_else(part).map(str::to_owned)
}

/// `a`, `b` or `c`.
pub(crate) fn either<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [] => "nothing".to_owned(),
        [word] => word.clone(),
        [all @ .., last] => format!("{} or {last}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{nearest, normal, yes_or_no};

    #[test]
    fn words_are_compared_without_case_and_punctuation() {
        assert_eq!(normal("  Fly.io "), "fly-io");
        assert_eq!(normal("Very_High"), "very-high");
        assert_eq!(normal("--"), "");
        assert_eq!(yes_or_no("Y"), Some(true));
        assert_eq!(yes_or_no("False"), Some(false));
        assert_eq!(yes_or_no("perhaps"), None);
    }

    #[test]
    fn the_nearest_word_is_near() {
        let words = ["beginner", "intermediate", "advanced"];
        assert_eq!(nearest(words, "beginer").as_deref(), Some("beginner"));
        assert_eq!(nearest(words, "mediate").as_deref(), Some("intermediate"));
        assert_eq!(nearest(words, "expert"), None);
        assert_eq!(nearest(words, ""), None);
    }
}
