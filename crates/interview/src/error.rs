//! What was wrong with an answer, in the words of the person who gave it.

use std::fmt;

use siteplan_model::gate::Gate;

/// Why an answer was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The answer is none of the choices.
    #[error("`{given}` is no answer to `{gate}`: it takes {allowed}{}", did_you_mean(nearest.as_deref()))]
    NotAChoice {
        /// The question.
        gate: Gate,
        /// What was given, shortened and without control characters.
        given: String,
        /// What is allowed, for people.
        allowed: String,
        /// The nearest choice, if one is near.
        nearest: Option<String>,
    },
    /// A list of names of secrets has an entry that is no name. What was entered is not kept anywhere, not even here.
    #[error(
        "entry {entry} of `required_secrets` {reason}; it takes names such as `DATABASE_URL`, never values, and \
         siteplan has not kept what was entered"
    )]
    NotASecretName {
        /// One-based position in the list.
        entry: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A key that is neither an answer nor a setting.
    #[error("`{key}` is neither a question nor a setting{}", did_you_mean(nearest.as_deref()))]
    UnknownKey {
        /// The key as given.
        key: String,
        /// The nearest key, if one is near.
        nearest: Option<String>,
    },
    /// A setting that takes only some values.
    #[error("`{given}` is no value of the setting `{key}`: it takes {allowed}{}", did_you_mean(nearest.as_deref()))]
    NotASettingValue {
        /// The setting.
        key: String,
        /// What was given.
        given: String,
        /// What is allowed, for people.
        allowed: String,
        /// The nearest value, if one is near.
        nearest: Option<String>,
    },
    /// A key that takes a number.
    #[error("`{given}` is no value of `{key}`: it takes {expected}")]
    NotANumber {
        /// The key.
        key: String,
        /// What was given.
        given: String,
        /// What a good one looks like.
        expected: String,
    },
    /// An exact number that lies outside the band given beside it.
    #[error("`{key} = {number}` lies outside `{gate} = {band}`: remove one of them")]
    OutsideBand {
        /// The key of the number.
        key: String,
        /// The number.
        number: String,
        /// The question that the band answers.
        gate: Gate,
        /// The band.
        band: String,
    },
}

/// Everything that is wrong with a set of answers, in the order of the questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerErrors(pub Vec<AnswerError>);

impl fmt::Display for AnswerErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            write!(formatter, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for AnswerErrors {}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default()
}

/// What a person gave, fit to be repeated: at most 60 characters and no control characters.
pub(crate) fn quoted(given: &str) -> String {
    let mut clean: String = given.chars().filter(|c| !c.is_control()).take(61).collect();
    if clean.chars().count() > 60 {
        clean.pop();
        clean.push('…');
    }
    clean
}
