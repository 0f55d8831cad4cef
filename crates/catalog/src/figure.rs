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
