//! Section 11: the risks of this application on this platform.

mod data;

use siteplan_catalog::condition::{Condition, Need};
use siteplan_catalog::platform::Platform;
use siteplan_model::brief::EnvironmentSet;
use siteplan_model::design::Risk;

use crate::delivery::{checks, held};
use crate::ground::Ground;
use crate::prose::{are, code, count, list, short_list};
use crate::{database, gates, health, platform, secrets};

/// The risks: the workflow's own three first, then those that only this application has.
pub(crate) fn risks(ground: &Ground<'_>) -> Vec<Risk> {
    let mut risks = vec![outage(ground)];
    risks.extend(data::migration(ground));
    risks.push(leak(ground));
    risks.extend(data::data_loss(ground));
    risks.extend(data::lost_jobs(ground));
    risks.extend(data::lost_files(ground));
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
    let promised = ground.platform.uptime_of(ground.quote.workload.kinds()).map(|sla| sla.figure);
    let promise = promised.filter(|sla| sla.value > 0.0).map_or_else(
        || {
            let name = &ground.platform.name;
            let note = promised.and_then(|sla| sla.note.as_ref());
            let why = note.map(|note| format!(" ({note})")).unwrap_or_default();
            format!("{name} promises no uptime to self-service customers in what was read{why}")
        },
        |sla| format!("{} promises {} %", ground.platform.name, crate::prose::number(sla.value)),
    );
    let keep = match (ground.placed_database(), ground.embedded_engine()) {
        (Some(placed), _) if placed.same_platform => format!(
            " Keep a copy of {} outside {}, so that the application can be started elsewhere.",
            ground.called(&placed.engine),
            placed
                .platform
                .as_ref()
                .map_or_else(|| ground.platform.name.clone(), |host| crate::platform::name(ground, host))
        ),
        _ => String::new(),
    };
    risk(
        "Platform outage",
        "Low",
        format!(
            "High: {} {} down until {} {}",
            list(&services),
            are(services.len()),
            list(&names),
            if names.len() == 1 { "recovers" } else { "recover" }
        ),
        format!(
            "Subscribe to the status page of {}; tell users on a page that does not run there.{keep}{alternative}",
            list(&names)
        ),
        Some(promise),
    )
}

fn leak(ground: &Ground<'_>) -> Risk {
    let names: Vec<String> = secrets::required_names(ground).iter().map(|name| code(name)).collect();
    let deploys: Vec<String> =
        held::held_by_host(ground).secrets.iter().map(|secret| code(&secret.name)).collect();
    let impact = match (names.as_slice(), deploys.as_slice()) {
        ([], []) => "Critical: whoever has a secret of the application can act in its name".to_owned(),
        ([], deploys) => {
            format!("Critical: whoever has {} can release in the team's name", short_list(deploys, 3))
        }
        (names, _) => format!("Critical: whoever has {} can act as the application", short_list(names, 6)),
    };
    risk(
        "Secrets leak",
        "Low",
        impact,
        format!(
            "Keep values in {} only, never commit a `.env` file, give each environment its own values, rotate as section 6 says; pull requests run without secrets",
            secrets::place(ground)
        ),
        (!names.is_empty()).then(|| format!("{} to protect", count(names.len(), "secret"))),
    )
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
        format!(
            "Medium: {} {} away for the minute or two that a restart takes",
            list(&single),
            are(single.len())
        ),
        format!(
            "Two instances once that is not acceptable; until then the health check lets {} restart it",
            ground.platform.name
        ),
        Some(format!("production has one instance of {}", list(&single))),
    ))
}

fn untested(ground: &Ground<'_>) -> Option<Risk> {
    if ground.planned || !checks::test_commands(ground).is_empty() {
        return None;
    }
    Some(risk(
        "A fault reaches users untested",
        "High",
        format!(
            "Medium: {} stands between a commit and its users",
            if ground.over_http().next().is_some() { "nothing but the smoke test" } else { "no test" }
        ),
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
        if ground.has_database() {
            "Medium: the platform sends users to a version that cannot reach its database".to_owned()
        } else {
            "Medium: the platform sends users to a version that does not work".to_owned()
        },
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
        place.map(|place| {
            let called = if names.len() == 1 { "it" } else { "the first of them" };
            format!("the code calls {called} (`{place}`)")
        }),
    ))
}

fn of_platform(ground: &Ground<'_>) -> Vec<Risk> {
    let about = ground.circumstances();
    ground
        .platforms()
        .iter()
        .flat_map(|platform| platform.risks.iter().map(move |risk| (platform, risk)))
        .filter(|(platform, risk)| risk.when.holds(&about) && concerns(ground, platform, &risk.when))
        .map(|(_, risk)| risk)
        .map(|known| {
            risk(&known.title, &known.probability, known.impact.clone(), known.mitigation.clone(), None)
        })
        .collect()
}

/// Whether a risk with a platform's own databases or caches is one here: only if such a one is used.
fn concerns(ground: &Ground<'_>, platform: &Platform, when: &Condition) -> bool {
    let own = |is_cache: bool| {
        ground.quote.data.iter().filter(|data| data.is_cache == is_cache).any(|data| {
            let (service, _) = database::service_and_plan(ground, data);
            service.is_none_or(|service| service.platforms.contains(&platform.id))
        })
    };
    when.need.iter().all(|need| match need {
        Need::Database => own(false),
        Need::Cache => own(true),
        _ => true,
    })
}

fn unconfirmed(ground: &Ground<'_>) -> Option<Risk> {
    let gates = gates::unconfirmed(ground);
    if gates.is_empty() {
        return None;
    }
    Some(risk(
        "The plan answers the wrong questions",
        "Medium",
        "Medium: platform, size or cost do not fit what is really wanted".to_owned(),
        "Go through the answers once: `siteplan plan` at a terminal asks each of them".to_owned(),
        Some(format!("nobody has confirmed {} of the {} answers", gates.len(), gates::gates(ground).len())),
    ))
}
