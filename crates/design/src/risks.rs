//! Section 11: the risks of this application on this platform.

use siteplan_catalog::platform::Ability;
use siteplan_model::brief::{DatabaseHosting, EnvironmentSet, MigrationMode};
use siteplan_model::design::Risk;

use crate::delivery::checks;
use crate::ground::Ground;
use crate::prose::{code, count, list, short_list};
use crate::{database, gates, health, platform, secrets};

/// The risks: the workflow's own three first, then those that only this application has.
pub(crate) fn risks(ground: &Ground<'_>) -> Vec<Risk> {
    let mut risks = vec![outage(ground)];
    risks.extend(migration(ground));
    risks.push(leak(ground));
    risks.extend(data_loss(ground));
    risks.extend(single_instance(ground));
    risks.extend(untested(ground));
    risks.extend(no_health_endpoint(ground));
    risks.extend(broken_constraints(ground));
    risks.extend(no_rehearsal(ground));
    risks.extend(third_parties(ground));
    risks.extend(of_platform(ground));
    risks.extend(unconfirmed(ground));
    risks
}

fn risk(title: &str, probability: &str, impact: String, mitigation: String, because: Option<String>) -> Risk {
    Risk { title: title.to_owned(), probability: probability.to_owned(), impact, mitigation, because }
}

fn outage(ground: &Ground<'_>) -> Risk {
    let names: Vec<String> = ground.platforms().iter().map(|platform| platform.name.clone()).collect();
    let services: Vec<String> = ground.services.iter().map(|service| code(&service.plan.slug)).collect();
    let alternative = ground
        .recommendation
        .options
        .iter()
        .find(|option| option.platform != ground.platform.id && option.feasible)
        .map(|option| format!(" {} is the nearest alternative if it happens often.", option.name))
        .unwrap_or_default();
    let promise = ground.platform.lifecycle.sla_percent.as_ref().map_or_else(
        || format!("{} promises no uptime to self-service customers in what was read", ground.platform.name),
        |sla| format!("{} promises {} %", ground.platform.name, crate::prose::number(sla.value)),
    );
    let keep = match (ground.placed_database(), ground.embedded_engine()) {
        (Some(placed), _) => format!(
            " Keep a copy of {} outside {}, so that the application can be started elsewhere.",
            ground.called(&placed.engine),
            ground.platform.name
        ),
        _ => String::new(),
    };
    risk(
        "Platform outage",
        "Low",
        format!(
            "High: {} {} down until {} recovers",
            list(&services),
            if services.len() == 1 { "is" } else { "are" },
            list(&names)
        ),
        format!(
            "Subscribe to the status page of {}; tell users on a page that does not run there.{keep}{alternative}",
            list(&names)
        ),
        Some(promise),
    )
}

fn migration(ground: &Ground<'_>) -> Option<Risk> {
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

fn leak(ground: &Ground<'_>) -> Risk {
    let names: Vec<String> = secrets::required_names(ground).iter().map(|name| code(name)).collect();
    let what =
        if names.is_empty() { "whatever secrets are added later".to_owned() } else { short_list(&names, 6) };
    risk(
        "Secrets leak",
        "Low",
        format!("Critical: whoever has {what} can act as the application"),
        format!(
            "Keep values in {} only, never commit a `.env` file, give each environment its own values, rotate as section 6 says; pull requests run without secrets",
            secrets::place(ground)
        ),
        (!names.is_empty()).then(|| format!("{} to protect", count(names.len(), "secret"))),
    )
}

fn data_loss(ground: &Ground<'_>) -> Option<Risk> {
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

fn single_instance(ground: &Ground<'_>) -> Option<Risk> {
    let single: Vec<String> = ground
        .over_http()
        .filter(|service| {
            service.placed.instances <= 1 && service.plan.vcpu > 0.0 && !service.scales_by_itself()
        })
        .map(|service| code(&service.plan.slug))
        .collect();
    if single.is_empty() {
        return None;
    }
    Some(risk(
        "A single instance fails",
        "Medium",
        format!("Medium: {} is away for the minute or two that a restart takes", list(&single)),
        format!(
            "Two instances once that is not acceptable; until then the health check lets {} restart it",
            ground.platform.name
        ),
        Some(format!("{} in 1 instance in production", list(&single))),
    ))
}

fn untested(ground: &Ground<'_>) -> Option<Risk> {
    if ground.planned || !checks::test_commands(ground).is_empty() {
        return None;
    }
    Some(risk(
        "A fault reaches users untested",
        "High",
        "Medium: nothing but the smoke test stands between a commit and its users".to_owned(),
        "Write a test of the main use and let the pipeline run it".to_owned(),
        Some("no test command was found in the repository".to_owned()),
    ))
}

fn no_health_endpoint(ground: &Ground<'_>) -> Option<Risk> {
    let main = ground.main().filter(|main| main.plan.kind.serves_http())?;
    let path = main.plan.health_path.as_deref().filter(|path| *path != "/")?;
    if health::found_at(ground).is_some() || ground.planned {
        return None;
    }
    Some(risk(
        "A broken release counts as healthy",
        "Medium",
        "Medium: the platform sends users to a version that cannot reach its database".to_owned(),
        format!("Write {} as section 8 says before the first deploy", code(path)),
        Some("no health endpoint was found in the repository".to_owned()),
    ))
}

fn broken_constraints(ground: &Ground<'_>) -> Vec<Risk> {
    platform::violates(ground)
        .into_iter()
        .map(|broken| {
            risk(
                &format!("The chosen platform breaks the constraint `{}`", broken.constraint),
                "High",
                format!("High: {}", broken.because),
                if broken.relax.is_empty() {
                    "Choose a platform that meets it".to_owned()
                } else {
                    broken.relax
                },
                Some(format!("{} was chosen in spite of it ({})", ground.platform.name, broken.source)),
            )
        })
        .collect()
}

fn no_rehearsal(ground: &Ground<'_>) -> Option<Risk> {
    (ground.environments == EnvironmentSet::Production).then(|| {
        risk(
            "Users are the first to see a fault",
            "Medium",
            "Medium: every release goes straight to production".to_owned(),
            "Try each change locally with a copy of the data; add staging once there are users to disturb"
                .to_owned(),
            Some("the answer to the question of environments is production only".to_owned()),
        )
    })
}

fn third_parties(ground: &Ground<'_>) -> Option<Risk> {
    let names: Vec<String> = ground
        .survey
        .external_services
        .iter()
        .map(|service| ground.called(&service.value).to_owned())
        .collect();
    let place = ground.survey.external_services.first()?.place();
    Some(risk(
        "A third party fails",
        "Medium",
        format!("Medium: what needs {} stops or hangs", short_list(&names, 5)),
        "A timeout on each call, a message to the user instead of an error, and no call from the health check".to_owned(),
        place.map(|place| format!("the code calls it (`{place}`)")),
    ))
}

fn of_platform(ground: &Ground<'_>) -> Vec<Risk> {
    let about = ground.circumstances();
    ground
        .platforms()
        .iter()
        .flat_map(|platform| &platform.risks)
        .filter(|risk| risk.when.holds(&about))
        .map(|known| {
            risk(&known.title, &known.probability, known.impact.clone(), known.mitigation.clone(), None)
        })
        .collect()
}

fn unconfirmed(ground: &Ground<'_>) -> Option<Risk> {
    let gates = gates::unconfirmed(ground);
    if gates.is_empty() {
        return None;
    }
    let keys: Vec<String> = gates.iter().map(|gate| code(gate.key())).collect();
    Some(risk(
        "The plan answers the wrong questions",
        "Medium",
        "Medium: platform, size or cost do not fit what is really wanted".to_owned(),
        "Go through the answers once: `siteplan plan` at a terminal asks each of them".to_owned(),
        Some(format!("no person confirmed {}", short_list(&keys, 15))),
    ))
}
