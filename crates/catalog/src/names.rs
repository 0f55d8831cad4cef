//! What things are called, and what is known of a secret by its name. `data/words/names.toml`, `data/words/secrets.toml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The file of names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Always `siteplan/names@1`.
    pub schema: String,
    /// The name as people read it, by the Survey's id (`next` → `Next.js`).
    pub name: BTreeMap<String, String>,
}

impl Names {
    /// The name of an id; the id itself where no other is known.
    pub fn of<'a>(&'a self, id: &'a str) -> &'a str {
        self.name.get(id).map_or(id, String::as_str)
    }
}

/// The file of secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretKinds {
    /// Always `siteplan/secret-kinds@1`.
    pub schema: String,
    /// The kinds; the first whose words occur in a name is taken.
    pub kind: Vec<SecretKind>,
}

impl SecretKinds {
    /// The kind of a secret's name; the last one of the file has no words and fits any.
    pub fn of(&self, name: &str) -> Option<&SecretKind> {
        let upper = name.to_ascii_uppercase();
        self.kind.iter().find(|kind| {
            let fits = kind.starts.iter().any(|word| upper.starts_with(word.as_str()))
                || kind.contains.iter().any(|word| upper.contains(word.as_str()));
            fits || (kind.starts.is_empty() && kind.contains.is_empty())
        })
    }
}

/// What is known of a secret by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretKind {
    /// Beginnings of names.
    #[serde(default)]
    pub starts: Vec<String>,
    /// Parts of names.
    #[serde(default)]
    pub contains: Vec<String>,
    /// What it is.
    pub purpose: String,
    /// Where its value comes from: a command between backticks, or a place.
    pub generate: String,
    /// When it is rotated, and how.
    pub rotation: String,
    /// Where the value comes from.
    #[serde(default)]
    pub origin: Origin,
}

/// Where a secret's value comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The database or cache gives it.
    DataService,
    /// A third party gives it.
    #[default]
    ThirdParty,
    /// One makes it oneself.
    Made,
}
