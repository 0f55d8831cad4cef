//! Programs that serve nothing → those that do their work and end, which are jobs and no workers.
//!
//! Nobody says of a script that it ends. It is one where its language has signs of what goes on running, and neither it nor a
//! library of the same repository shows any: no loop, no listener, no queue, no schedule of its own.

use siteplan_catalog::signals::{Need, Signals};
use siteplan_model::survey::ServiceKind;

use super::containers::{built_from, compose_files};
use super::services::{Found, Running};
use crate::component::{Component, used_by};
use crate::tree::{Tree, has_word};

/// What speaks for a program that goes on.
const GOES_ON: [Need; 4] = [Need::Lasting, Need::Workers, Need::Cron, Need::Websockets];

/// Marks programs that end. Without a schedule such a program is still what works in the background when somebody starts it.
pub(super) fn settle(found: &mut [Found<'_>], components: &[Component<'_>], tree: &Tree, signals: &Signals) {
    for one in found.iter_mut().filter(|one| is_open(one, signals)) {
        let folder = one.service.path.trim_start_matches('.');
        let Some(component) = components.iter().find(|component| component.folder == folder) else {
            continue;
        };
        let known = one.service.language.as_deref().is_some_and(|language| is_known(language, signals));
        if known && !goes_on(component, components, signals) && !is_started_again(one, tree) {
            one.service.ends = true;
        }
    }
}

/// Whether nothing but its code can tell whether a program goes on.
pub(super) fn is_open(one: &Found<'_>, signals: &Signals) -> bool {
    let service = &one.service;
    // What is called a worker is one, whatever its code hides.
    let named = [service.name.as_str(), service.path.as_str()];
    let is_called_so =
        named.iter().any(|name| has_word(&name.to_ascii_lowercase(), &signals.files.worker_words));
    service.kind == ServiceKind::Worker && one.own_code && one.running == Running::ByCode && !is_called_so
}

/// Whether signs of what goes on are known of a language.
fn is_known(language: &str, signals: &Signals) -> bool {
    let mut rows = signals.needs.iter().filter(|row| row.need == Need::Lasting);
    rows.any(|row| row.languages.iter().any(|one| one == language))
}

/// Whether a program, or a library of the repository that it uses, shows what goes on.
fn goes_on(component: &Component<'_>, components: &[Component<'_>], signals: &Signals) -> bool {
    let libraries = used_by(component, components);
    let mut parts = std::iter::once(component).chain(libraries.iter().copied());
    parts.any(|part| GOES_ON.iter().any(|need| !part.needs(*need, signals).is_empty()))
}

/// Whether a compose file starts it again whenever it ends.
fn is_started_again(one: &Found<'_>, tree: &Tree) -> bool {
    let built = one.service.dockerfile.as_deref();
    compose_files(tree).any(|(path, compose, _)| {
        let mut again = compose.services.iter().filter(|service| service.starts_again);
        again.any(|service| {
            built_from(path, service).is_some_and(|(_, dockerfile)| Some(dockerfile.as_str()) == built)
        })
    })
}
