//! Tickers in the code of servers → schedules that the process keeps itself, which stop where it sleeps.
//!
//! A scheduler's library says so for sure and stands in the tables; a bare ticker is likely one.

use std::collections::BTreeSet;

use siteplan_catalog::signals::{Ecosystem, Signals};
use siteplan_model::fact::Evidence;
use siteplan_model::survey::{Service, ServiceKind};

use super::app_type::is_browser;
use crate::component::{Component, used_by};
use crate::evidence::at;
use crate::readers::source::Source;
use crate::tree::{folder, has_ending, has_word, name, relative};

/// Where servers keep schedules with tickers of the language itself.
pub(super) fn in_servers(
    components: &[Component<'_>],
    services: &[Service],
    signals: &Signals,
) -> Vec<Evidence> {
    let answers = |component: &Component<'_>| {
        let mut own = services.iter().filter(|service| service.path == component.shown());
        own.any(|service| matches!(service.kind, ServiceKind::Web | ServiceKind::Api))
    };
    let mut serving: BTreeSet<&str> = BTreeSet::new();
    for component in components.iter().filter(|one| !one.aside && answers(one)) {
        serving.insert(component.folder.as_str());
        serving.extend(used_by(component, components).iter().map(|one| one.folder.as_str()));
    }
    let parts = components.iter().filter(|one| !one.aside && serving.contains(one.folder.as_str()));
    parts.flat_map(|component| of(component, services, signals)).collect()
}

/// Those of one component.
fn of(component: &Component<'_>, services: &[Service], signals: &Signals) -> Vec<Evidence> {
    let pages = services.iter().filter(|service| service.path == component.shown()).any(|service| {
        let used = service.framework.as_deref();
        let rows = signals.frameworks.iter();
        rows.into_iter().any(|row| Some(row.id.as_str()) == used && is_browser(row.role))
    });
    // A library without a framework of its own may be of either side.
    let pages = pages || component.has_package(Ecosystem::Npm, "react");
    let sources = component.sources.iter().filter(|(path, source)| {
        !source.tickers.is_empty() && is_of_the_server(component, path, source, signals, Pages::of(pages))
    });
    sources
        .flat_map(|(path, source)| source.tickers.iter().map(move |(line, seen)| at(path, *line, seen)))
        .collect()
}

/// Whether pages are made of a component's code as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pages {
    Too,
    None,
}

impl Pages {
    fn of(too: bool) -> Self {
        if too { Self::Too } else { Self::None }
    }
}

/// Whether a file runs in the process that answers: not in a browser, and not in a program of its own.
fn is_of_the_server(
    component: &Component<'_>,
    path: &str,
    source: &Source,
    signals: &Signals,
    pages: Pages,
) -> bool {
    let rules = &signals.files;
    let below = relative(path, &component.folder).unwrap_or(path);
    let parts = || folder(below).split('/');
    let lies_in = |folders: &[String]| parts().any(|part| folders.iter().any(|one| one == part));
    let script = matches!(source.language.as_str(), "javascript" | "typescript");
    // A command or a script that loops is started by itself; what is compiled is one program.
    let by_itself = script || matches!(source.language.as_str(), "python" | "ruby");
    let own_program = source.program.is_some() && source.serves.is_none();
    let worker = has_word(&name(below).to_ascii_lowercase(), &rules.worker_words);
    let apart = own_program || worker || lies_in(&rules.command_folders);
    if (by_itself && apart) || lies_in(&rules.tool_folders) {
        return false;
    }
    if !script {
        return true;
    }
    if has_ending(path, &["tsx", "jsx"]) || lies_in(&rules.browser_folders) {
        return false;
    }
    let stem = name(below).split('.').next().unwrap_or_default();
    pages == Pages::None
        || source.serves.is_some()
        || lies_in(&rules.server_folders)
        || rules.server_words.iter().any(|word| word == stem)
        || stem == "instrumentation"
}
