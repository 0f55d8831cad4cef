//! Names of things in the catalog, as types of their own so that they cannot be mixed up.

use std::borrow::Borrow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares a newtype over the kebab-case name of one kind of thing in the catalog.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps a name that is known to be well formed (it comes from the catalog or was looked up in it).
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// The name itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id! {
    /// A hosting platform, for example the file name of one TOML under `catalog/data/platforms`.
    PlatformId
}
id! {
    /// A place where code is hosted (`github`, `gitlab`, `bitbucket`, `other`); each has one CI host.
    CodeHostId
}
id! {
    /// A database service that can be bought (a platform's own, or an independent one).
    DatabaseServiceId
}
id! {
    /// A store for secrets other than the platform's own environment variables.
    SecretsServiceId
}
id! {
    /// A database migration tool.
    MigrationToolId
}

/// Whether `name` is kebab-case: lower-case letters, digits and single inner hyphens.
pub fn is_kebab_case(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::is_kebab_case;

    #[test]
    fn kebab_case_is_lower_case_words_joined_by_single_hyphens() {
        for good in ["render", "aws-ecs-fargate", "db2", "0.5".replace('.', "-").as_str()] {
            assert!(is_kebab_case(good), "{good}");
        }
        for bad in ["", "Render", "-a", "a-", "a--b", "a_b", "a b", "é"] {
            assert!(!is_kebab_case(bad), "{bad}");
        }
    }
}
