//! What can go wrong with data: migrations, databases, queued jobs, files.

use siteplan_catalog::condition::Need;
use siteplan_catalog::platform::Ability;
use siteplan_model::brief::{DatabaseHosting, MigrationMode};
use siteplan_model::design::Risk;
use siteplan_model::survey::ServiceKind;

use super::risk;
use crate::database;
use crate::ground::Ground;
use crate::prose::{code, count, list, short_list};

pub(super) fn migration(ground: &Ground<'_>) -> Option<Risk> {
    database::database(ground)?;
    let Some(found) = &ground.survey.migrations else {
        if ground.planned {
            return None;
        }
        return Some(risk(
            "Database schema changes by hand",
            "Medium",
            "High: code and schema do not fit together after a release".to_owned(),
            "Take a migration tool into the project, so that each change is a reviewed file".to_owned(),
            Some("a database is used and no migration tool was found".to_owned()),
        ));
    };
    let irreversible = found.irreversible.len();
    let tool = ground.migration_tool.map_or(found.fact.value.as_str(), |tool| tool.name.as_str());
    let cannot = ground.migration_tool.is_some_and(|tool| tool.reversible.value == Ability::No);
    let rehearsal = match ground.before_production() {
        Some(before) => format!("Each migration runs on {before} first"),
        None => "Run each migration on a copy of production's data first".to_owned(),
    };
    let back = if cannot {
        format!(
            "{tool} has no way back, so take a backup before each release that migrates and write a new migration that undoes a bad one"
        )
    } else {
        "have the way back ready and tried, and take a backup before a release that cannot be reversed"
            .to_owned()
    };
    let files: Vec<String> = found.irreversible.iter().map(|evidence| code(&evidence.place())).collect();
    let because = if cannot {
        let all = found.count.map_or_else(
            || "migrations".to_owned(),
            |all| count(usize::try_from(all).unwrap_or_default(), "migration"),
        );
        Some(format!("{all}, none of which {tool} can take back"))
    } else if irreversible > 0 {
        let of = found.count.map(|all| format!(" of {all}")).unwrap_or_default();
        Some(format!("{irreversible}{of} migrations cannot be reversed: {}", short_list(&files, 5)))
    } else {
        found
            .count
            .map(|all| format!("{} by {tool}", count(usize::try_from(all).unwrap_or_default(), "migration")))
    };
    let impact = if ground.migrations == MigrationMode::Auto {
        "High: the release stops; the old version keeps serving if the migration was backward-compatible, else users see errors"
    } else {
        "High: a release that goes out before its migration was run by hand fails on the missing column"
    };
    Some(risk(
        "Database migration fails",
        "Medium",
        impact.to_owned(),
        format!("{rehearsal}; {back}; expand first, contract later"),
        because,
    ))
}

pub(super) fn data_loss(ground: &Ground<'_>) -> Option<Risk> {
    let section = database::database(ground)?;
    if ground.embedded_engine().is_some() && ground.placed_database().is_none() {
        let disk = ground.platform.capabilities.persistent_disk.value != Ability::No;
        return Some(risk(
            "The database file is lost",
            if disk { "Medium" } else { "High" },
            "Critical: all data is gone after a deploy or a restart".to_owned(),
            if disk {
                format!(
                    "Mount a persistent disk of {}, put the file there and copy it elsewhere every day",
                    ground.platform.name
                )
            } else {
                format!(
                    "Move to a database server before the first user: {} has no persistent disk",
                    ground.platform.name
                )
            },
            section
                .evidence
                .map(|place| format!("{} lives inside the application (`{place}`)", section.kind)),
        ));
    }
    let placed = ground.placed_database()?;
    if placed.lasts {
        return None;
    }
    let (_, plan) = database::service_and_plan(ground, placed);
    let expires = plan.and_then(|plan| plan.expires_after_days);
    Some(risk(
        "The database is lost",
        if expires.is_some() { "High" } else { "Medium" },
        match expires {
            Some(days) => format!("Critical: the plan is deleted {days} days after its creation"),
            None => "Critical: a deleted or damaged database cannot be restored".to_owned(),
        },
        if ground.database == DatabaseHosting::SelfManaged {
            "Set up nightly copies to another provider and restore one before launch".to_owned()
        } else {
            "Take the next plan with backups before there is data worth keeping".to_owned()
        },
        Some(format!("{}, backups: {}", section.hosting, section.backups.frequency)),
    ))
}

/// Jobs that wait in a cache whose plan forgets everything at a restart.
pub(super) fn lost_jobs(ground: &Ground<'_>) -> Option<Risk> {
    let (placed, service, plan) = database::forgetful_queue(ground)?;
    let lasting = service.plans.iter().find(|other| !other.in_memory);
    let workers: Vec<String> = ground
        .services
        .iter()
        .filter(|service| service.plan.kind == ServiceKind::Worker)
        .map(|service| code(&service.plan.slug))
        .collect();
    let engine = ground.called(&placed.engine);
    let place = ground
        .survey
        .caches
        .iter()
        .find(|cache| cache.fact.value == placed.engine)
        .and_then(|c| c.fact.place());
    let seen = place.map(|place| format!(" (`{place}`)")).unwrap_or_default();
    Some(risk(
        "Queued jobs are lost",
        "High",
        format!(
            "High: the plan {} of {} keeps everything in memory, so each job that waits there is gone at its next restart",
            code(&plan.id),
            service.name
        ),
        match lasting {
            Some(lasting) => format!(
                "Before a lost job hurts, take the plan {} in production ({} a month), which keeps its data; until then make each job findable again from the application's own data",
                code(&lasting.id),
                lasting.usd_per_month.rounded()
            ),
            None => {
                "Keep what must not be lost in the database and use the queue only to call attention to it"
                    .to_owned()
            }
        },
        Some(if workers.is_empty() {
            format!("the application works in the background and uses {engine}{seen}")
        } else {
            format!(
                "{} may take {} jobs from {engine}{seen}",
                list(&workers),
                if workers.len() == 1 { "its" } else { "their" }
            )
        }),
    ))
}

/// The component of a bill that is a disk.
const DISK: &str = "disk";

/// Files that the application writes and a new release forgets.
pub(super) fn lost_files(ground: &Ground<'_>) -> Option<Risk> {
    if !ground.needs(Need::FileStorage) || !ground.survey.needs.disk() {
        return None;
    }
    let platform = ground.platform;
    let place = ground.survey.needs.file_storage.place();
    Some(risk(
        "Files that the application writes are lost",
        "High",
        format!("High: what lies on an instance of {} is gone at the next release or restart", platform.name),
        if ground.quote.report.lines.iter().any(|line| line.component == DISK) {
            "Mount the disk that section 9 counts where they are written, or write to object storage"
                .to_owned()
        } else if platform.capabilities.persistent_disk.value == Ability::No {
            format!("Write to object storage: {} has no disk that survives a restart", platform.name)
        } else {
            format!(
                "Write to object storage, or mount a persistent disk of {} where they are written",
                platform.name
            )
        },
        place.map(|place| format!("the code writes files (`{place}`)")),
    ))
}
