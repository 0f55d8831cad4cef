//! The services → the shape of the whole, by the definitions of the design document.

use std::collections::BTreeSet;

use siteplan_model::brief::AppType;
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::ServiceKind;

use super::services::Found;
use siteplan_catalog::signals::FrameworkRole;

/// The shape of the whole; absent when there is no service.
pub(crate) fn of(found: &[Found<'_>]) -> Option<Fact<AppType>> {
    // Documentation beside the application says nothing of it.
    let all = found;
    let own: Vec<&Found<'_>> = found
        .iter()
        .filter(|one| !one.is_documentation() || all.iter().all(Found::is_documentation))
        .collect();
    let found = own.as_slice();
    let first = *found.first()?;
    let kinds = |wanted: &[ServiceKind]| {
        found.iter().copied().filter(|one| wanted.contains(&one.service.kind)).collect::<Vec<_>>()
    };
    let http = kinds(&[ServiceKind::Web, ServiceKind::Api]);
    let statics = kinds(&[ServiceKind::Static]);
    // Processes of one code base are one deployment seen several times.
    let deployed: BTreeSet<(&str, Option<&str>)> = found
        .iter()
        .filter(|one| one.service.kind.serves_http() || one.own_code)
        .map(|one| {
            (
                one.service.path.as_str(),
                if one.own_code { one.service.commands.start.as_deref() } else { None },
            )
        })
        .collect();
    let servers: BTreeSet<&str> = found
        .iter()
        .filter(|one| one.service.kind != ServiceKind::Static)
        .map(|one| one.service.path.as_str())
        .collect();
    let browser_applications = found.iter().filter(|one| one.browser_code).count();
    let (value, certainty) = if deployed.len() >= 3 && servers.len() >= 2 {
        (AppType::Microservices, Certainty::Medium)
    } else if !http.is_empty() && browser_applications > 0 {
        let alone = http.len() == 1 && statics.is_empty() && !http[0].has_back_end;
        (if alone { AppType::Frontend } else { AppType::FullStack }, Certainty::High)
    } else if http.iter().any(|one| one.service.kind == ServiceKind::Web) {
        (AppType::Monolith, Certainty::High)
    } else if !http.is_empty() {
        (if statics.is_empty() { AppType::WebApi } else { AppType::FullStack }, Certainty::High)
    } else if statics.is_empty() {
        (AppType::Workers, Certainty::Medium)
    } else if found.iter().any(|one| one.service.kind == ServiceKind::Worker && one.own_code) {
        (AppType::FullStack, Certainty::Medium)
    } else {
        (AppType::Frontend, Certainty::High)
    };
    let runner_up = match value {
        AppType::FullStack if found.len() > 1 => Some(AppType::Microservices),
        AppType::FullStack => Some(AppType::Frontend),
        AppType::Microservices => Some(AppType::FullStack),
        AppType::Monolith => Some(AppType::WebApi),
        AppType::WebApi => Some(AppType::Monolith),
        _ => None,
    };
    let evidence: Vec<Evidence> = found
        .iter()
        .filter_map(|one| one.service.evidence.get("kind").and_then(|seen| seen.first()).cloned())
        .take(4)
        .collect();
    let doubtful = first.certainty == Certainty::Low;
    // The whole is no surer than the least sure of its parts.
    let least = found.iter().map(|one| one.certainty).min().unwrap_or(Certainty::Low);
    let certainty = if doubtful { Certainty::Low } else { certainty.min(least.max(Certainty::Medium)) };
    let runner_up = if certainty == Certainty::High { None } else { runner_up };
    Some(Fact { value, certainty, evidence, runner_up })
}

/// Whether a framework's role makes browser code.
pub(crate) fn is_browser(role: FrameworkRole) -> bool {
    matches!(role, FrameworkRole::Browser | FrameworkRole::BrowserServer)
}
