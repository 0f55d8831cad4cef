//! How container images are made for each language: base images with their tags and users, and the steps between. `data/images`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::figure::{Figure, Sources};

/// How the image of one kind of service is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImageRecipe {
    /// Kebab-case name, that of the file.
    pub id: String,
    /// Sources by key.
    pub sources: Sources,
    /// Languages of the Survey that it is for; none for the server of static files.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Package managers that it is for; all where none is named.
    #[serde(default)]
    pub package_managers: Vec<String>,
    /// The runtime whose version counts (`data/reasoning/runtimes.toml`).
    #[serde(default)]
    pub runtime: Option<String>,
    /// Version where neither the repository nor a runtime gives one.
    #[serde(default)]
    pub default_version: Option<Figure<String>>,
    /// What stands for `{tag}`, by the version that is asked for.
    pub tags: Figure<BTreeMap<String, String>>,
    /// What stands for `{tag}` where the version is not among them, with `{version}`; absent where such a version is not built.
    #[serde(default)]
    pub other_tag: Option<String>,
    /// Numeric user and group that the container runs as.
    pub user: Figure<String>,
    /// Names and patterns of the files by which dependencies are installed.
    #[serde(default)]
    pub manifests: Vec<String>,
    /// The files among them without which dependencies get no layer of their own.
    #[serde(default)]
    pub lock_files: Vec<String>,
    /// Files beside which dependencies get no layer of their own.
    #[serde(default)]
    pub no_layer_beside: Vec<String>,
    /// Versions for which dependencies get a layer of their own; all where none is named.
    #[serde(default)]
    pub layer_versions: Vec<String>,
    /// Whether dependencies get a layer of their own only where no manifest has a sibling of the same name.
    #[serde(default)]
    pub layer_of_one: bool,
    /// Programs that its stages lack, so that a command of the repository that begins with one cannot be run.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// The line that installs in an image, instead of the package manager's documented one.
    #[serde(default)]
    pub install: Option<String>,
    /// How a command line of the repository is said inside the image.
    #[serde(default)]
    pub rewrite: Vec<Rewrite>,
    /// What a build leaves that no image needs, for `.dockerignore`: below the service's folder, unless it begins with `**/`.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// The stages in order.
    pub stage: Vec<StageRecipe>,
}

/// A command line's beginning with what stands there inside the image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rewrite {
    /// The beginning.
    pub from: String,
    /// What replaces it.
    pub to: String,
    /// Whether a single word must follow, as the name of a script.
    #[serde(default)]
    pub script: Option<Script>,
}

/// What follows a command line's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Script {
    /// The name of a script and nothing else.
    Alone,
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StageRecipe {
    /// Its name, for those from which a later one copies.
    #[serde(default)]
    pub name: Option<String>,
    /// When it is there; always where nothing is said.
    #[serde(default)]
    pub when: Option<StepWhen>,
    /// The image with `{tag}` and `{version}`, or the name of an earlier stage.
    pub base: String,
    /// Where the base was seen, unless that is where `tags` was.
    #[serde(default)]
    pub source: Option<String>,
    /// Its steps.
    pub steps: Vec<StepRecipe>,
}

/// One step: exactly one of what it can do, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepRecipe {
    /// When it is taken; always where nothing is said.
    #[serde(default)]
    pub when: Option<StepWhen>,
    /// An engine that a service of the image uses, so that the step is taken.
    #[serde(default)]
    pub engine: Option<String>,
    /// Where a version or a name in it was seen.
    #[serde(default)]
    pub source: Option<String>,
    /// A line for the reader.
    #[serde(default)]
    pub comment: Option<String>,
    /// A shell line; `{folder}`, `{port}`, `{output}` and `{version}` are filled in.
    #[serde(default)]
    pub run: Option<String>,
    /// Rules of the linter that the line breaks for a reason.
    #[serde(default)]
    pub waived: Vec<String>,
    /// A command of the repository.
    #[serde(default)]
    pub command: Option<RepositoryCommand>,
    /// Variables of all that follows.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Files of the repository.
    #[serde(default)]
    pub copy: Option<CopyWhat>,
    /// A path of an earlier stage or another image, copied to the same place or to `to`.
    #[serde(default)]
    pub take: Option<String>,
    /// Where that comes from.
    #[serde(default)]
    pub from: Option<String>,
    /// Where that goes.
    #[serde(default)]
    pub to: Option<String>,
    /// The folder of all that follows.
    #[serde(default)]
    pub folder: Option<Folder>,
    /// Debian packages.
    #[serde(default)]
    pub packages: Vec<String>,
    /// The variables that the build reads and that are no secrets.
    #[serde(default)]
    pub public: Option<Public>,
}

/// When a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepWhen {
    /// The dependencies can be installed before the sources are there.
    Layer,
    /// The repository has a command that builds.
    Build,
    /// A `package.json` lies beside what another language's package manager reads.
    Scripts,
}

/// A command of the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RepositoryCommand {
    /// The one that installs dependencies.
    Install,
    /// The one that builds.
    Build,
}

/// Files of the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CopyWhat {
    /// Those by which dependencies are installed.
    Manifests,
    /// All.
    Sources,
    /// All, and the programs that the stage `build` made; where these are not known, all that it made.
    Programs,
    /// The static files.
    Site,
}

/// A folder inside the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Folder {
    /// That of the repository's root.
    Root,
    /// That of the lock file.
    Lock,
    /// That of the service.
    Service,
}

/// Variables for the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Public {
    /// Those that the build reads.
    Build,
}

impl ImageRecipe {
    /// Whether it makes the image of a language with a package manager.
    pub fn is_for(&self, language: &str, package_manager: Option<&str>) -> bool {
        let managed = self.package_managers.is_empty()
            || package_manager.is_some_and(|manager| self.package_managers.iter().any(|one| one == manager));
        managed && self.languages.iter().any(|one| one == language)
    }

    /// What stands for `{tag}` in its base images, for a version.
    pub fn tag(&self, version: &str) -> Option<String> {
        let known = self.tags.value.get(version).cloned();
        known.or_else(|| self.other_tag.as_ref().map(|tag| tag.replace("{version}", version)))
    }
}
