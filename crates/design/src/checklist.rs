//! Section 10: the workflow's two checklists, each item with what it means for this application.

use siteplan_model::design::{ChecklistItem, Checklists};

use crate::delivery::checks;
use crate::ground::{Ground, PRODUCTION};
use crate::prose::{code, folder, list, short_list};
use crate::{health, secrets};

/// The section.
pub(crate) fn checklists(ground: &Ground<'_>) -> Checklists {
    let item = |item: &str, detail: String| ChecklistItem { item: item.to_owned(), detail };
    let mut before = vec![
        item("All tests passing locally", tests(ground)),
        item("Environment variables configured", variables(ground)),
        item("Database migrations tested", migrations(ground)),
        item("Health check endpoint implemented", health_endpoint(ground)),
        item("Rollback procedure documented", "section 7 has the commands with this application's names; run them once on a release that is fine".to_owned()),
        item("Team notified of deployment", format!("tell {}, with the commit and who watches", ground.setting("notify"))),
    ];
    let held = crate::delivery::held::held_by_host(ground);
    let names: Vec<String> =
        held.secrets.iter().chain(&held.variables).map(|value| code(&value.name)).collect();
    if ground.automatic && !names.is_empty() {
        before.push(item(
            "CI credentials stored",
            format!("{} in {}", list(&names), ground.host.secrets_place),
        ));
    }
    let others = crate::delivery::others::names(ground);
    if !others.is_empty() {
        before.push(item("Nothing else deploys", format!("{} stopped, as section 3 says", list(&others))));
    }
    Checklists {
        before,
        after: vec![
            item("Health check returns 200", returns_200(ground)),
            item("Smoke tests passed", smoke(ground)),
            item("Monitoring alerts configured", alerts(ground)),
            item(
                "No error spikes in logs",
                format!(
                    "watch the log of {} for 30 minutes and compare with the hour before",
                    services(ground)
                ),
            ),
        ],
    }
}

fn services(ground: &Ground<'_>) -> String {
    let names: Vec<String> = ground.services.iter().map(|service| code(&service.plan.slug)).collect();
    list(&names)
}

fn tests(ground: &Ground<'_>) -> String {
    let commands: Vec<String> = checks::test_commands(ground)
        .into_iter()
        .map(
            |(command, path)| {
                if path == "." { code(&command) } else { format!("{} in {}", code(&command), code(&path)) }
            },
        )
        .collect();
    if commands.is_empty() {
        return if ground.planned {
            "the repository has no code yet: once it has, run `siteplan plan` again".to_owned()
        } else {
            "no test command was found: write at least one test of the main use".to_owned()
        };
    }
    let beside = checks::container_names(ground);
    if beside.is_empty() {
        list(&commands)
    } else {
        format!("{}, with {} running", list(&commands), list(&beside))
    }
}

fn variables(ground: &Ground<'_>) -> String {
    let secrets = secrets::required_names(ground);
    let plain: Vec<String> = ground
        .survey
        .environment
        .iter()
        .filter(|variable| {
            variable.required
                && !variable.secret
                && crate::environments::plain_literal(ground, variable, crate::ground::PRODUCTION).is_none()
                && !crate::address::is_wired(ground, &variable.name)
                && !secrets.contains(&variable.name)
        })
        .map(|variable| code(&variable.name))
        .collect();
    let names: Vec<String> = secrets.iter().map(|name| code(name)).chain(plain).collect();
    let environments: Vec<&str> = ground.deployed().collect();
    if names.is_empty() {
        return if ground.planned {
            format!(
                "none is known yet: each that the code comes to read belongs in {}, for {}",
                secrets::place(ground),
                list(&environments)
            )
        } else {
            "none is required".to_owned()
        };
    }
    format!("{} in {}, for {}", short_list(&names, 12), secrets::place(ground), list(&environments))
}

fn migrations(ground: &Ground<'_>) -> String {
    if !ground.has_database() {
        return "not needed: the plan holds no database".to_owned();
    }
    let Some(found) = &ground.survey.migrations else {
        return if ground.planned {
            "choose a migration tool with the first code, then run `siteplan plan` again".to_owned()
        } else {
            "no migration tool was found: prepare the schema by hand in each environment first".to_owned()
        };
    };
    if found.at_start {
        let place = ground.before_production().unwrap_or("a local copy");
        return format!(
            "the application applies them when it starts: start it once with a copy of the data on {place}"
        );
    }
    let command = ground
        .migrate_command()
        .map_or_else(|| "the migrations, by hand".to_owned(), |(command, _)| code(&command));
    let place = ground.before_production().unwrap_or("a local copy");
    let careful = if found.irreversible.is_empty() {
        String::new()
    } else {
        let files: Vec<String> = found.irreversible.iter().map(|evidence| code(&evidence.place())).collect();
        format!("; look twice at {}, which cannot be reversed", short_list(&files, 4))
    };
    format!("{command} against {place}, with a copy of the data as large as production's{careful}")
}

fn health_endpoint(ground: &Ground<'_>) -> String {
    let path = code(&health::path(ground));
    let Some(main) = ground.main().filter(|main| main.plan.kind.serves_http()) else {
        return "not applicable: no component answers over HTTP; see section 8 for how each is watched"
            .to_owned();
    };
    if main.plan.health_path.as_deref() == Some("/") {
        return "static files: the start page answers".to_owned();
    }
    if !ground.health_checks && health::found_at(ground).is_none() {
        return "designed in `MONITORING_TDD.md`; until then the smoke test requests the start page"
            .to_owned();
    }
    if let Some(generated) = &main.plan.health_code {
        let file = code(&generated.file);
        let join = if generated.wiring.is_empty() { "" } else { ", and joined as section 8 says" };
        let written = format!("{file} written by `siteplan generate`{join}");
        return match health::found_at(ground) {
            Some(place) => format!("{path} exists (`{place}`), compare its answer with section 8; {written}"),
            None => format!("{path} answers as section 8 says: {written}"),
        };
    }
    if let Some(place) = health::found_at(ground) {
        return format!("{path} exists (`{place}`); compare its answer with section 8");
    }
    let missing = health::unwritten(ground);
    let mut folders: Vec<String> = ground
        .over_http()
        .filter(|service| missing.iter().any(|(slug, _)| *slug == service.plan.slug))
        .map(|service| folder(&service.plan.path))
        .collect();
    folders.dedup();
    format!("{path} has to be written in {}, as section 8 says", list(&folders))
}

fn returns_200(ground: &Ground<'_>) -> String {
    let tests = health::smoke_tests(ground, PRODUCTION);
    match tests.first() {
        Some(command) => code(&command.line),
        None => "no component answers over HTTP: check that each service runs and its log has no errors"
            .to_owned(),
    }
}

fn smoke(ground: &Ground<'_>) -> String {
    let external: Vec<String> = ground
        .survey
        .external_services
        .iter()
        .map(|service| ground.called(&service.value).to_owned())
        .collect();
    let mut parts = vec![format!("the main use of the application once, by hand, in {PRODUCTION}")];
    if let Some(data) = ground.placed_database() {
        parts.push(format!("one record written to {} and read back", ground.called(&data.engine)));
    }
    if !external.is_empty() {
        parts.push(format!("one call to {}", short_list(&external, 4)));
    }
    if ground.services.iter().any(|service| !service.plan.kind.serves_http()) {
        parts.push("one background job that ran to its end".to_owned());
    }
    parts.join("; ")
}

fn alerts(ground: &Ground<'_>) -> String {
    if !ground.health_checks {
        return "designed in `MONITORING_TDD.md`".to_owned();
    }
    let section = health::health(ground);
    let tools: Vec<String> = section
        .monitors
        .iter()
        .map(|monitor| format!("{} by {}", monitor.purpose.to_lowercase(), monitor.tool))
        .collect();
    format!("{}; alarms go to {}", list(&tools), ground.setting("notify"))
}
