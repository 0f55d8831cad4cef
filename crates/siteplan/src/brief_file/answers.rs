//! The words of one answer or setting → whether they are one, with the nearest that is.

use siteplan_catalog::Catalog;
use siteplan_model::gate::Gate;

use crate::keys;
use crate::nearest::suggestion;

/// What is wrong with the words of an answer, as the end of a sentence about it. A secret's value is never repeated.
pub(super) fn check_answer(catalog: &Catalog, key: &str, words: &str) -> Result<(), String> {
    let Some(gate) = keys::gate_of(key) else { return Err("is no answer".to_owned()) };
    match key {
        "users" | "requests_per_month" => whole_number(words),
        "max_usd_per_month" => amount(words),
        _ if gate == Gate::RequiredSecrets => names(words),
        _ => one_of(words, &keys::choices(catalog, gate)),
    }
}

/// What is wrong with the words of a setting, as the end of a sentence about it.
pub(super) fn check_setting(catalog: &Catalog, key: &str, words: &str) -> Result<(), String> {
    if let Some(bounds) = catalog.usage.bounds(key) {
        let read = bounds.read(words);
        return read.map(|_| ()).ok_or_else(|| format!("must be {}, not `{words}`", bounds.words()));
    }
    let Some(setting) = catalog.settings.setting.iter().find(|setting| setting.key == key) else {
        return Err("is no setting".to_owned());
    };
    if setting.canonical(words).is_some() {
        return Ok(());
    }
    if setting.number {
        return Err(format!("must be a whole number above zero, not `{words}`"));
    }
    if setting.choices.is_empty() {
        return Err(format!("must be {}, not `{}`", setting.form.words(), words.escape_debug()));
    }
    let choices: Vec<&str> = setting.choices.iter().map(String::as_str).collect();
    let wrong = words.split(',').find(|word| setting.canonical(word).is_none());
    match wrong {
        Some(word) => one_of(word.trim(), &choices),
        None => Err(format!(
            "cannot be `{words}`: `{}` asks for nothing, which contradicts the rest",
            setting.default
        )),
    }
}

/// A checked setting in the words in which it is kept.
pub(super) fn canonical(catalog: &Catalog, key: &str, words: String) -> String {
    let setting = catalog.settings.setting.iter().find(|setting| setting.key == key);
    setting.and_then(|setting| setting.canonical(&words)).unwrap_or(words)
}

fn one_of(words: &str, choices: &[&str]) -> Result<(), String> {
    if choices.is_empty() || choices.contains(&words) {
        return Ok(());
    }
    let near = suggestion(words, choices.iter().copied());
    let shown: Vec<&str> = choices.iter().copied().filter(|choice| !choice.is_empty()).collect();
    Err(format!("cannot be `{words}`{near} (one of {})", shown.join(", ")))
}

fn whole_number(words: &str) -> Result<(), String> {
    let parsed = words.replace('_', "").parse::<u64>();
    parsed.map(|_| ()).map_err(|_| format!("must be a whole number, not `{words}`"))
}

fn amount(words: &str) -> Result<(), String> {
    let parsed = words.replace('_', "").parse::<f64>();
    match parsed {
        Ok(amount) if amount.is_finite() && amount >= 0.0 => Ok(()),
        _ => Err(format!("must be a number of zero or more, not `{words}`")),
    }
}

fn names(words: &str) -> Result<(), String> {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let listed = words.split(',').map(str::trim).filter(|name| !name.is_empty());
    match listed.enumerate().find(|(_, name)| !is_name(name)) {
        Some((index, _)) => Err(format!(
            "takes names of secrets only, never a value; entry {} is no name (it is not repeated here, in case it is a value)",
            index + 1
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use siteplan_catalog::Catalog;

    use super::{check_answer, check_setting};

    #[test]
    fn an_answer_is_checked_against_its_choices() {
        let catalog = Catalog::embedded().unwrap();
        assert_eq!(check_answer(&catalog, "scale", "low"), Ok(()));
        assert!(check_answer(&catalog, "scale", "lo").unwrap_err().contains("did you mean `low`"));
        assert_eq!(check_answer(&catalog, "users", "40_000"), Ok(()));
        assert!(check_answer(&catalog, "users", "many").is_err());
        assert!(check_setting(&catalog, "production_approval", "manuel").unwrap_err().contains("`manual`"));
        assert_eq!(check_setting(&catalog, "iac", ""), Ok(()));
    }

    #[test]
    fn the_value_of_a_secret_is_refused_and_not_repeated() {
        let catalog = Catalog::embedded().unwrap();
        assert_eq!(check_answer(&catalog, "required_secrets", "DATABASE_URL, API_KEY"), Ok(()));
        let refusal = check_answer(&catalog, "required_secrets", "API_KEY=hunter2").unwrap_err();
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
}
