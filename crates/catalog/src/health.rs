//! Which template answers the health contract for which framework, and which library asks which engine. `data/reasoning/health.toml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The templates and the libraries that they know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthKits {
    /// Always `siteplan/health@1`.
    pub schema: String,
    /// The templates, the first that fits is taken.
    pub kit: Vec<HealthKit>,
    /// The libraries, the first that the application has is taken.
    pub client: Vec<HealthClient>,
}

/// A template: one framework and one way in which it finds routes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthKit {
    /// Its id, which emit knows its template by.
    pub id: String,
    /// Frameworks that it is for; `none` where the language's own library serves.
    pub frameworks: Vec<String>,
    /// Languages that it is written in; the service's must be one of them.
    pub languages: Vec<String>,
    /// The way of routing that it is for, where the framework has several.
    #[serde(default)]
    pub routing: Option<String>,
    /// Which [`HealthClient`]s it can take.
    pub family: String,
    /// What it asks through the framework's own connection, without a library of its own: `database`, `cache`.
    #[serde(default)]
    pub asks: Vec<String>,
    /// Engines that the framework's own connection reaches; all, if absent.
    #[serde(default)]
    pub engines: Vec<String>,
    /// Library without which the framework has no such connection.
    #[serde(default)]
    pub asks_with: Vec<String>,
    /// Dialects that it can be written in; any, if absent.
    #[serde(default)]
    pub dialects: Vec<String>,
    /// Whether it needs a package or namespace to stand in.
    #[serde(default)]
    pub needs_namespace: bool,
    /// Folder of the file where the code tells none; absent where it cannot be written without one.
    #[serde(default)]
    pub folder: Option<String>,
    /// The files by their role: `code`, and for some `live` or `routes`. Paths relative to the service with `{folder}`, `{extension}`,
    /// and `{ready}` or `{live}` for a path of the contract as folders.
    pub files: BTreeMap<String, String>,
    /// Steps that join the file to the application; may hold `{file}`, `{folder}`, `{module}`, `{ready}`,
    /// `{live}`, `{namespace}`, `{package}` (the namespace with a dot behind it, or nothing), `{arguments}`.
    #[serde(default)]
    pub wiring: Vec<Wiring>,
}

/// One step that a person takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wiring {
    /// The step.
    pub text: String,
    /// Dialects for which it holds; all, if absent.
    #[serde(default)]
    pub dialects: Vec<String>,
    /// Libraries of its checks for which it holds, `none` where it checks nothing; all, if absent.
    #[serde(default)]
    pub clients: Vec<String>,
    /// Frameworks for which it holds; all, if absent.
    #[serde(default)]
    pub frameworks: Vec<String>,
}

/// A library that asks an engine whether it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthClient {
    /// Its id, which emit knows its part of a template by.
    pub id: String,
    /// Kits that can take it.
    pub families: Vec<String>,
    /// Names of packages that mean it; one that ends in `*` stands for all that begin so.
    pub packages: Vec<String>,
    /// Engines that it reaches.
    pub engines: Vec<String>,
    /// Whether it is told an address by a variable.
    #[serde(default)]
    pub addressed: bool,
    /// What the application hands over, where the template is given the application's own connection.
    #[serde(default)]
    pub argument: Option<String>,
}
