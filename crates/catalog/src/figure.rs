//! A figure of the world together with the source that it was read in.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A value read somewhere; `source` names an entry of the same file's `[sources]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Figure<T> {
    /// The value, in the unit that its field states.
    pub value: T,
    /// Key in the file's `[sources]`.
    pub source: String,
    /// What limits it, in a few words.
    #[serde(default)]
    pub note: Option<String>,
}

/// The sources of one file, by key.
pub type Sources = BTreeMap<String, Source>;

/// A page, package or repository in which figures were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The page that the figures belong to, `https://…`.
    pub url: String,
    /// When it was read.
    #[serde(deserialize_with = "date")]
    pub seen: Date,
    /// Date of the copy that was read (`2026-10-05`, `2026-10` or `2026`); absent when the copy bears none.
    #[serde(default)]
    pub as_of: Option<String>,
    /// How strong it is.
    pub grade: Grade,
}

impl Source {
    /// Years from the day of the copy that was read to another day, by whole months, never below zero. A copy that names only its
    /// year or month may be as old as the beginning of that; one that bears no date is as old as the reading of it.
    pub fn age_years(&self, on: Date) -> f64 {
        let months = |year: i16, month: i8| i32::from(year) * 12 + i32::from(month);
        let copied =
            self.as_of.as_deref().and_then(month_of).unwrap_or(months(self.seen.year(), self.seen.month()));
        f64::from((months(on.year(), on.month()) - copied).max(0)) / 12.0
    }
}

/// `2026-10-05`, `2026-10` and `2026` as months since the year zero.
fn month_of(text: &str) -> Option<i32> {
    let mut parts = text.splitn(3, '-').map(str::parse::<i32>);
    let year = parts.next()?.ok()?;
    Some(year * 12 + parts.next().and_then(Result::ok).unwrap_or(1))
}

/// How strong a source is, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Read in the vendor's own page, repository or package.
    Vendor,
    /// Two or more independent sources agree.
    Corroborated,
    /// Somebody copied the vendor's page and dated the copy.
    Transcribed,
    /// One source that is not the vendor's.
    Single,
    /// Computed from other figures.
    Derived,
    /// Reasoned, not read.
    Assumed,
}

impl Grade {
    /// The word in files and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Corroborated => "corroborated",
            Self::Transcribed => "transcribed",
            Self::Single => "single",
            Self::Derived => "derived",
            Self::Assumed => "assumed",
        }
    }
}

/// A date as TOML writes it, bare or quoted.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Bare(toml::value::Datetime),
        Quoted(String),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Bare(datetime) => datetime.to_string(),
        Written::Quoted(text) => text,
    };
    text.parse().map_err(|_| de::Error::custom(format!("`{text}` is not a date of the form 2026-11-22")))
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::{Grade, Source};

    #[test]
    fn a_copy_is_as_old_as_it_may_be() {
        let source = |as_of: Option<&str>| Source {
            url: String::new(),
            seen: Date::constant(2026, 11, 22),
            as_of: as_of.map(str::to_owned),
            grade: Grade::Vendor,
        };
        let age = |as_of| (source(as_of).age_years(Date::constant(2026, 11, 25)) * 12.0).round();
        assert_eq!(age(None).to_string(), "0");
        assert_eq!(age(Some("2026-08-18")).to_string(), "3");
        assert_eq!(age(Some("2025-11")).to_string(), "12");
        assert_eq!(age(Some("2026")).to_string(), "10");
        assert_eq!(age(Some("2027-01-01")).to_string(), "0");
    }
}
