//! How long an application takes to start, by framework and language. `data/reasoning/starts.toml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::survey::ServiceKind;

use crate::figure::{Figure, Sources};

/// The file of starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Starts {
    /// Always `siteplan/starts@1`.
    pub schema: String,
    /// Sources by key.
    pub sources: Sources,
    /// What is taken where no row applies.
    pub unknown: Unknown,
    /// The rows: the first that names the framework counts, else the first that names the language.
    pub start: Vec<Start>,
}

/// What is taken where nothing is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// Seconds from a request to its answer where no instance runs.
    pub seconds: Figure<f64>,
}

/// How long applications of one family take to start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Frameworks that it is for.
    #[serde(default)]
    pub frameworks: Vec<String>,
    /// Languages that it is for, where no row names the framework.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Kinds of component that it is for, whatever they are written in.
    #[serde(default)]
    pub kinds: Vec<ServiceKind>,
    /// Seconds from a request to its answer where no instance runs.
    pub seconds: Figure<f64>,
}

impl Starts {
    /// How long a component takes to start.
    pub fn of(&self, kind: ServiceKind, framework: Option<&str>, language: Option<&str>) -> &Figure<f64> {
        let named =
            |list: &[String], name: Option<&str>| list.iter().any(|known| Some(known.as_str()) == name);
        let rows = || self.start.iter();
        let row = rows()
            .find(|row| row.kinds.contains(&kind))
            .or_else(|| rows().find(|row| named(&row.frameworks, framework)))
            .or_else(|| rows().find(|row| named(&row.languages, language)));
        row.map_or(&self.unknown.seconds, |row| &row.seconds)
    }
}

#[cfg(test)]
mod tests {
    use siteplan_model::survey::ServiceKind;

    use crate::Catalog;

    #[test]
    fn a_framework_goes_before_its_language_and_what_is_not_known_lies_between() {
        let catalog = Catalog::embedded().unwrap();
        let of = |framework, language| catalog.starts.of(ServiceKind::Web, framework, Some(language)).value;
        assert!(of(Some("django"), "python") > of(Some("flask"), "python"));
        let unknown = of(None, "cobol");
        assert!(of(None, "go") < unknown && unknown < of(Some("rails"), "ruby"));
        assert!(catalog.starts.of(ServiceKind::Static, Some("rails"), Some("ruby")).value < 1.0);
    }
}
