//! Reads in code, configurations, scripts, examples → the environment variables of the application.
//!
//! A value is shown only for a variable that is no secret by its name, and never out of a real `.env`.

mod gather;
mod judge;
mod names;
mod production;

use std::collections::BTreeSet;

use siteplan_catalog::signals::Signals;
use siteplan_model::fact::Evidence;
use siteplan_model::survey::{DatabaseFact, EnvironmentVariable, Service};

use crate::component::Component;
use crate::readers::source::Reading;
use crate::tree::Tree;

/// What the variables are judged by besides their own reads.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a, 't> {
    pub(crate) components: &'a [Component<'t>],
    pub(crate) services: &'a [Service],
    pub(crate) databases: &'a [DatabaseFact],
    pub(crate) caches: &'a [DatabaseFact],
    pub(crate) tree: &'t Tree,
    pub(crate) signals: &'a Signals,
}

/// Who reads a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// The application's own code, configuration or start script.
    Application,
    /// A file that came with the framework's skeleton.
    Skeleton,
    /// The framework itself.
    Framework,
    /// A compose file hands it over.
    Compose,
    /// Only an example names it.
    Example,
    /// A tool of the developers.
    Tool,
}

/// One read.
#[derive(Clone, Debug)]
struct Read {
    by: By,
    reading: Reading,
    /// A literal default, as written.
    default: Option<String>,
    evidence: Evidence,
}

/// What is known of one variable.
#[derive(Debug, Default)]
struct Known {
    reads: Vec<Read>,
    times: BTreeSet<Time>,
    /// The value of an example, and whether the line is commented out.
    documented: Option<(String, bool)>,
}

/// When a read happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Time {
    Build,
    Run,
}

/// Variables that the application reads, sorted by name.
pub(crate) fn of(around: &Around<'_, '_>) -> Vec<EnvironmentVariable> {
    let rules = &around.signals.variables;
    let found = gather::all(around)
        .into_iter()
        .filter(|(name, one)| {
            // What a compiler gives it gives to every build.
            let strict = one.times.contains(&Time::Run)
                && one.reads.iter().any(|read| read.reading == Reading::Strict);
            let of_tools = one.reads.iter().all(|read| matches!(read.by, By::Tool));
            !of_tools && (strict || !names::is_given(name, rules))
        })
        .map(|(name, one)| judge::variable(name, one, around));
    let mut all: Vec<EnvironmentVariable> = found.collect();
    if let Some(settings) = production::settings_module(around) {
        all.retain(|known| known.name != settings.name);
        all.push(settings);
        all.sort_by(|a, b| a.name.cmp(&b.name));
    }
    all
}
