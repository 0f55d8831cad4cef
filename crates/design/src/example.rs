//! `.env.example`: the variables that the application reads, or those that the team's own file does not name yet.

use siteplan_model::design::{ExampleEntry, ExampleFile};

use crate::environments;
use crate::ground::Ground;

/// Where it is written if there is none.
const PATH: &str = ".env.example";

/// The file.
pub(crate) fn example(ground: &Ground<'_>) -> ExampleFile {
    let own = own_file(ground);
    let named = |name: &str| {
        let read = ground.survey.environment.iter().find(|variable| variable.name == name);
        let own = own.as_deref();
        read.is_some_and(|variable| variable.evidence.iter().any(|seen| Some(seen.path.as_str()) == own))
    };
    let entries = environments::variables(ground).into_iter().filter(|variable| !named(&variable.name)).map(
        |variable| {
            let required = if variable.required { "Required" } else { "Optional" };
            let secret = if variable.secret { ", a secret" } else { "" };
            let place = variable.read_by.as_deref().filter(|place| is_shown(place));
            let place = place.map(|place| format!(" by {place}")).unwrap_or_default();
            let comment = format!("{required}{secret}, read {}{place}", variable.when);
            // Names without values where a data service gives the value: an address of development is not proposed.
            let default = variable.default.clone().filter(|_| variable.data.is_none() && !variable.secret);
            ExampleEntry { name: variable.name, value: default.unwrap_or_default(), comment }
        },
    );
    let entries = entries.collect();
    ExampleFile { exists: own.is_some(), path: own.unwrap_or_else(|| PATH.to_owned()), entries }
}

/// The repository's own file, that of the root first.
fn own_file(ground: &Ground<'_>) -> Option<String> {
    let names = &ground.catalog.signals.files.example_env_files;
    let is_one = |path: &&String| names.iter().any(|name| path.rsplit('/').next() == Some(name.as_str()));
    let found = ground.survey.build_files.iter().filter(is_one).min_by_key(|path| path.matches('/').count());
    found.cloned()
}

/// Whether a place can stand in a comment: one line, without control characters.
fn is_shown(place: &str) -> bool {
    !place.chars().any(char::is_control)
}
