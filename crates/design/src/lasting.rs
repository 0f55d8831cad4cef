//! Decisions that are hard to undo: the decision log's "points of no easy return".

use siteplan_catalog::platform::Ability;

use crate::database;
use crate::ground::Ground;
use crate::prose::list;

/// Decisions that are hard to undo, with what undoing costs.
pub(crate) fn hard_to_undo(ground: &Ground<'_>) -> Vec<String> {
    let files = &ground.platform.effort;
    let mut lines = vec![format!(
        "Platform choice: leaving {} means {} again elsewhere, moving the data and a time in which both run{}",
        ground.platform.name,
        if files.files.value.is_empty() { "all settings".to_owned() } else { list(&files.files.value) },
        if files.lock_in.value.is_empty() {
            String::new()
        } else {
            format!("; bound to it: {}", list(&files.lock_in.value))
        }
    )];
    lines.push(if ground.automatic {
        format!("CI/CD setup: another CI host than {} means a new pipeline file and new credentials there", ground.host.ci_name)
    } else {
        "CI/CD setup: a pipeline can be added later; until then the releases are in people's heads and this document".to_owned()
    });
    if let Some(section) = database::database(ground) {
        lines.push(format!("Database: moving {} away from {} needs a dump, a restore and a pause in writing, longer the more data there is", section.kind, section.hosting));
    }
    if ground.platform.capabilities.multi_region.value == Ability::No
        && ground.platform.limits.regions.value > 1
    {
        lines.push(format!(
            "Region: `{}`; {} runs an application in one region, and moving means setting it up anew",
            ground.region(ground.platform),
            ground.platform.name
        ));
    }
    let domain = ground.setting("domain");
    if !domain.is_empty() {
        lines.push(format!(
            "Domain: `{domain}` points to {}; a change takes as long as its DNS records live",
            ground.platform.name
        ));
    }
    lines
}
