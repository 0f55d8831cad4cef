//! Decisions that are hard to undo: the decision log's "points of no easy return".

use siteplan_catalog::platform::Ability;

use crate::ground::Ground;
use crate::prose::{code, list};
use crate::{database, platform};

/// A file as code, or a kind of file in words.
fn named(file: &str) -> String {
    if file.contains(' ') { format!("its {file}") } else { code(file) }
}

/// Decisions that are hard to undo, with what undoing costs.
pub(crate) fn hard_to_undo(ground: &Ground<'_>) -> Vec<String> {
    let effort = &ground.platform.effort;
    let cases = platform::cases(ground);
    let needed = || effort.files.value.iter().filter(|file| file.is_needed(cases));
    let files: Vec<String> = needed().map(|file| named(&file.shown())).collect();
    let bound: Vec<String> = effort
        .lock_in
        .value
        .iter()
        .filter(|tie| tie.is_needed(cases) && !needed().any(|file| file.text() == tie.text()))
        .map(|tie| named(tie.text()))
        .collect();
    let mut costs = vec![if files.is_empty() {
        "setting everything up anew".to_owned()
    } else {
        format!("writing anew what stands in {}", list(&files))
    }];
    if ground.keeps_data() {
        costs.push("moving the data".to_owned());
    }
    costs.push("a time in which both run".to_owned());
    let mut lines = vec![format!(
        "Platform choice: leaving {} means {}{}",
        ground.platform.name,
        list(&costs),
        if bound.is_empty() { String::new() } else { format!("; bound to it: {}", list(&bound)) }
    )];
    lines.push(if ground.automatic {
        format!("CI/CD setup: another CI host than {} means a new pipeline file and new credentials there", ground.host.ci_name)
    } else {
        "CI/CD setup: a pipeline can be added later; until then the releases are in people's heads and this document".to_owned()
    });
    if ground.placed_database().is_none()
        && let Some(engine) = ground.embedded_engine()
    {
        if ground.has_database() {
            lines.push(format!("Database: leaving the {} file for a database server needs a copy of the data, adapted queries and a pause in writing", ground.called(engine)));
        }
    } else if let Some(section) = database::database(ground) {
        lines.push(format!("Database: moving {} away from {} needs a dump, a restore and a pause in writing, longer the more data there is", section.kind, section.hosting.split(", ").next().unwrap_or_default()));
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
