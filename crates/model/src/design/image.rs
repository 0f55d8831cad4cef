//! Container images that the repository has no file for: stages and steps, one record for each `Dockerfile` to write.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One image to build. The build context is the repository's root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImagePlan {
    /// Slugs of the services that run from it; the first gives the command.
    pub services: Vec<String>,
    /// Where the file is written, relative to the root.
    pub dockerfile: String,
    /// What a reader of the file must know, one line each.
    pub about: Vec<String>,
    /// The stages in order; the last one is what runs.
    pub stages: Vec<ImageStage>,
    /// Patterns of what stays out of the build context, where the repository does not say so itself.
    pub ignored: Option<Vec<String>>,
}

/// One `FROM` with what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImageStage {
    /// Its name, for those from which a later one copies.
    pub name: Option<String>,
    /// The image, with tag, that it begins with.
    pub base: String,
    /// The steps in order.
    pub steps: Vec<ImageStep>,
}

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImageStep {
    /// A line for the reader.
    Comment(String),
    /// A variable that a build is given; its value is no secret.
    Argument {
        /// Its name.
        name: String,
        /// Its value where none is given.
        default: Option<String>,
    },
    /// A variable of all that follows. Its value may hold `$NAME`, which the builder replaces.
    Environment {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// The folder of all that follows.
    Folder(String),
    /// Files from the context or from an earlier stage.
    Copy {
        /// The stage or image from which they come; the build context where there is none.
        from: Option<String>,
        /// The paths.
        sources: Vec<String>,
        /// The folder or file to which they go.
        to: String,
        /// Numeric owner, `1000:1000`.
        owner: Option<String>,
    },
    /// A shell line.
    Run {
        /// The line.
        line: String,
        /// Rules of the linter that it breaks for a reason, which a comment states.
        waived: Vec<String>,
    },
    /// The numeric user of all that follows, `1000:1000`.
    User(String),
    /// The port on which the server listens.
    Port(u16),
    /// The program that a container of this image runs, word by word.
    Command(Vec<String>),
}
