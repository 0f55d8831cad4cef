//! That a design says what holds here, once, and nothing that holds elsewhere.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_model::brief::{Brief, BudgetBand, DatabaseHosting, EnvironmentSet, ScaleBand};
use siteplan_model::design::{Design, Role};
use siteplan_model::gate::{Channel, Gate};
use siteplan_model::id::{CodeHostId, PlatformId};
use siteplan_model::money::UsdRange;
use siteplan_model::recommendation::{Exclusion, Flip, PlatformOption, Ranked};
use siteplan_model::survey::{Commands, ProcessFile, ServiceKind, Survey};

use crate::concrete::designed;
use crate::fixtures::{bookshelf, brief, design_with, fact, notes, planned, recommendation, tasks};

fn catalog() -> Catalog {
    Catalog::embedded().expect("the catalog loads")
}

fn small(brief: &mut Brief) {
    brief.answers.scale = Some(ScaleBand::Low);
    brief.answers.budget = Some(BudgetBand::Small);
}

/// A Survey whose processes start as a Procfile says.
fn from_a_procfile() -> Survey {
    let mut survey = tasks();
    survey.services[0].commands.start = Some("uvicorn app.main:app --port $PORT".to_owned());
    survey.services[1].commands.start = Some("uv run rq worker".to_owned());
    survey
}

fn starts(design: &Design) -> Vec<String> {
    let services = design.topology.components.iter().filter_map(|component| component.service.as_ref());
    services.filter_map(|service| service.commands.start.clone()).collect()
}

#[test]
fn programs_start_where_they_are_found() {
    let on_render = designed(&from_a_procfile(), "render", |_| {});
    assert_eq!(starts(&on_render), ["uv run uvicorn app.main:app --port $PORT", "uv run rq worker"]);
    let on_heroku = designed(&from_a_procfile(), "heroku", |_| {});
    assert_eq!(starts(&on_heroku), ["uvicorn app.main:app --port $PORT", "rq worker"]);
    let migrations = on_heroku.database.and_then(|database| database.migrations).expect("migrations");
    assert_eq!(migrations.command, "alembic upgrade head", "the release phase has no uv");
    let mut own_image = from_a_procfile();
    own_image.containerised.dockerfile = Some("Dockerfile".to_owned());
    own_image.services[0].dockerfile = Some("Dockerfile".to_owned());
    let in_an_image = designed(&own_image, "aws-ecs-fargate", |_| {});
    assert_eq!(starts(&in_an_image)[0], "uvicorn app.main:app --port $PORT");
}

#[test]
fn the_confidence_names_the_next_and_what_is_open() {
    let survey = tasks();
    let mut brief = brief(&survey, "render");
    brief.channels.insert(Gate::Scale, Channel::Default);
    let ranked = |platform: &str, wins| Ranked {
        platform: PlatformId::new(platform),
        name: platform.to_owned(),
        feasible: true,
        feasible_with: None,
        level: siteplan_model::recommendation::Level::High,
        support: 0.9,
        wins,
        monthly_usd: UsdRange::default(),
    };
    let option = |platform: &str, wins: f64| -> PlatformOption {
        serde_json::from_value(serde_json::json!({
            "platform": platform, "name": platform, "philosophy": "managed-paas", "current": false,
            "placement": [], "feasible": true, "violates": [], "best_for": [], "pros": [], "cons": [],
            "avoid_if": [], "reasoning": "", "complexity": "low",
            "confidence": {"level": "high", "support": 0.9, "wins": wins, "conditions": []},
            "effort": {"resources": 1, "files": 1, "credentials": 1, "tools": 0}, "reference": "",
            "monthly_usd": {"low": 1, "expected": 1, "high": 1}, "price_note": "", "within_budget": true,
        }))
        .expect("an option")
    };
    let mut recommendation = recommendation(&brief, "render");
    // Who is not shown is not named, however often it is the best.
    recommendation.ranking = vec![ranked("render", 0.5), ranked("fly", 0.3), ranked("railway", 0.2)];
    recommendation.options = vec![option("render", 0.5), option("railway", 0.2)];
    recommendation.would_change = vec![Flip {
        when: BTreeMap::from([("scale".to_owned(), "high".to_owned())]),
        then: PlatformId::new("digitalocean-app-platform"),
        because: String::new(),
    }];
    let section = design_with(&catalog(), &survey, &brief, &recommendation).expect("a design").platform;
    assert_eq!(
        section.certainty,
        "Railway is the best in 20. Open: nobody has confirmed `scale`, and another answer could change the recommendation."
    );
    let named = section.names.get(&PlatformId::new("digitalocean-app-platform"));
    assert_eq!(named.map(String::as_str), Some("DigitalOcean App Platform"));
    assert!(section.summary.starts_with("the recommended option"), "{}", section.summary);
}

#[test]
fn who_runs_there_already_makes_nothing_twice() {
    let told = |survey: &Survey| {
        let design = designed(survey, "fly", |_| {});
        let configure = &design.next_steps[1];
        assert!(!configure.commands.is_empty());
        configure.note.clone().unwrap_or_default()
    };
    let mut survey = tasks();
    assert!(!told(&survey).contains("in use already"));
    survey.platforms_in_use = vec![fact("fly".to_owned(), "fly.toml", 1)];
    assert!(
        told(&survey).contains("Fly.io is in use already: leave out each line that makes what exists there.")
    );
}

#[test]
fn the_reason_of_the_platform_stands_in_section_one_only() {
    let design = designed(&tasks(), "render", |_| {});
    let row = design.gates.iter().find(|record| record.gate == Gate::Platform).expect("a row");
    assert_eq!(row.because.as_deref(), Some("the recommended option"));
}

#[test]
fn a_broken_constraint_is_said_first() {
    let survey = tasks();
    let brief = brief(&survey, "vercel");
    let mut recommendation = recommendation(&brief, "render");
    recommendation.excluded = vec![Exclusion {
        platform: PlatformId::new("vercel"),
        constraint: "background-workers".to_owned(),
        because: "it runs no worker".to_owned(),
        relax: "run `worker` elsewhere".to_owned(),
        relax_by: BTreeMap::new(),
        fact: String::new(),
        need: String::new(),
        seen: String::new(),
        source: "https://example.com".to_owned(),
    }];
    let design = design_with(&catalog(), &survey, &brief, &recommendation).expect("a design");
    assert!(design.warnings[0].contains("`background-workers`"), "{:?}", design.warnings);
    assert!(
        design.platform.summary.contains("it breaks `background-workers`"),
        "{}",
        design.platform.summary
    );
    assert!(design.platform.reasons[0].contains("siteplan recommends Render"));
}

#[test]
fn cautions_are_of_the_chosen_plan() {
    let design = designed(&bookshelf(), "render", small);
    let database = design.database.expect("a database");
    assert_ne!(database.plan_id, "free");
    assert!(
        database.cautions.iter().all(|caution| !caution.contains("free database")),
        "{:?}",
        database.cautions
    );
    assert!(database.cautions.iter().all(|caution| !caution.contains("standby is possible")));
}

#[test]
fn a_queue_that_forgets_is_a_risk_with_its_remedy() {
    let design = designed(&tasks(), "render", small);
    let cache = design.data.iter().find(|data| data.is_cache).expect("a cache");
    assert_eq!(cache.plan_id, "free", "the test needs a plan that keeps nothing");
    let risk = design.risks.iter().find(|risk| risk.title == "Queued jobs are lost").expect("a risk");
    assert!(risk.mitigation.contains("`256mb`") && risk.mitigation.contains("$10"), "{}", risk.mitigation);
    assert!(risk.because.as_deref().is_some_and(|because| because.contains("`worker`")));
    assert!(design.warnings.iter().any(|warning| warning.contains("Render Key Value")));
    let mut without = tasks();
    without.services.truncate(1);
    without.needs.workers.value = false;
    assert!(
        designed(&without, "render", small).risks.iter().all(|risk| risk.title != "Queued jobs are lost")
    );
}

#[test]
fn values_of_one_environment_are_stored_for_it() {
    let lines = |host: &str| -> Vec<String> {
        let design = designed(&tasks(), "render", |brief| {
            brief.answers.code_host = Some(CodeHostId::new(host));
        });
        design.next_steps[1].commands.clone()
    };
    let github = lines("github");
    assert!(github.contains(&"gh secret set RENDER_API_KEY".to_owned()), "{github:?}");
    for environment in ["staging", "production"] {
        assert!(
            github.contains(&format!("gh variable set RENDER_SERVICE_ID_WORKER --env {environment}")),
            "{github:?}"
        );
        assert!(
            github.iter().any(|line| line.ends_with(&format!("/environments/{environment}'"))),
            "{github:?}"
        );
    }
    assert!(lines("gitlab").contains(&"glab variable set RENDER_SERVICE_ID_WEB --scope staging".to_owned()));
}

#[test]
fn a_value_that_the_platform_wires_is_set_by_nobody() {
    let design = designed(&tasks(), "heroku", |_| {});
    let set = &design.next_steps[1].commands;
    assert!(set.iter().any(|line| line.contains("API_KEY")), "{set:?}");
    assert!(set.iter().all(|line| !line.contains("DATABASE_URL")), "{set:?}");
}

#[test]
fn many_secrets_are_set_by_one_pattern() {
    let mut survey = bookshelf();
    for at in 0..20 {
        let mut secret = survey.environment[1].clone();
        secret.name = format!("PARTNER_{at}_API_KEY");
        survey.environment.push(secret);
    }
    let step = designed(&survey, "vercel", |_| {}).next_steps[1].clone();
    assert!(step.commands.len() <= 18, "{:?}", step.commands);
    let note = step.note.unwrap_or_default();
    assert!(note.contains("Run the last 2 lines for") && note.contains("`PARTNER_19_API_KEY`"), "{note}");
}

#[test]
fn another_command_is_not_called_the_same() {
    let mut survey = tasks();
    survey.ci_test_jobs[0].command = "make test".to_owned();
    let sentence = designed(&survey, "render", |_| {}).delivery.existing_ci.expect("there is CI");
    assert!(
        sentence.contains("runs `make test`") && sentence.contains("runs `uv run pytest` again"),
        "{sentence}"
    );
    assert!(!sentence.contains("same command"), "{sentence}");
}

#[test]
fn a_file_cannot_be_shared_by_services_that_run_apart() {
    let mut survey = notes();
    let mut worker = survey.services[0].clone();
    worker.name = "worker".to_owned();
    worker.kind = ServiceKind::Worker;
    worker.commands = Commands { start: Some("python worker.py".to_owned()), ..Commands::default() };
    survey.services.push(worker);
    let design = designed(&survey, "render", |_| {});
    assert!(
        design.warnings.iter().any(|warning| warning.contains("cannot share one file")),
        "{:?}",
        design.warnings
    );
}

#[test]
fn migrations_without_a_database_are_a_doubt_not_a_step() {
    let design = designed(&bookshelf(), "render", |brief| {
        brief.answers.database = Some(DatabaseHosting::None);
    });
    assert!(design.database.is_none());
    assert!(
        design.delivery.workflow.iter().all(|step| !step.contains("db:migrate")),
        "{:?}",
        design.delivery.workflow
    );
    assert!(
        design.application.doubts.iter().any(|doubt| doubt.starts_with("Migrations by Drizzle")),
        "{:?}",
        design.application.doubts
    );
}

#[test]
fn an_unread_address_is_a_gap() {
    let mut survey = bookshelf();
    survey.environment.retain(|variable| variable.name != "DATABASE_URL");
    let gaps = designed(&survey, "render", |_| {}).delivery.gaps;
    assert!(gaps.iter().any(|gap| gap.contains("takes the address of PostgreSQL")), "{gaps:?}");
    let gaps = designed(&bookshelf(), "render", |_| {}).delivery.gaps;
    assert!(gaps.iter().all(|gap| !gap.contains("takes the address")), "{gaps:?}");
}

#[test]
fn a_planned_application_is_not_asked_for_what_it_cannot_have() {
    let design = designed(&planned(), "render", |_| {});
    let item = |name: &str| design.checklists.before.iter().find(|item| item.item == name).expect("listed");
    assert!(item("Database migrations tested").detail.contains("first code"));
    assert!(item("Environment variables configured").detail.contains("none is known yet"));
    assert!(design.environments.list.iter().all(|plan| !plan.trigger.contains("tests have passed")));
}

#[test]
fn the_files_are_written_before_they_go_into_the_commit() {
    let commands = designed(&bookshelf(), "render", |_| {}).next_steps[0].commands.clone();
    let at = |line: &str| commands.iter().position(|command| command == line).expect(line);
    assert!(at("siteplan generate") < at("git add --all"), "{commands:?}");
}

#[test]
fn only_what_runs_as_one_server_has_a_number_of_instances() {
    let design = designed(&bookshelf(), "vercel", |_| {});
    let app = design.topology.components.iter().find(|part| part.role == Role::App).expect("an app");
    assert_eq!(app.instances, 0, "functions come and go");
}

#[test]
fn parts_of_an_address_are_not_left_at_their_defaults() {
    let mut survey = bookshelf();
    let mut host = survey.environment[0].clone();
    "PGHOST".clone_into(&mut host.name);
    host.secret = false;
    host.required = false;
    host.default = Some("localhost".to_owned());
    survey.environment.push(host);
    let design = designed(&survey, "render", |_| {});
    let row =
        design.environments.variables.iter().find(|variable| variable.name == "PGHOST").expect("listed");
    assert_eq!(row.values["staging"], "host of PostgreSQL: the staging instance");
    assert!(row.literals.is_empty(), "{:?}", row.literals);
}

#[test]
fn a_host_name_is_the_environments_own() {
    let mut survey = bookshelf();
    let mut host = survey.environment[3].clone();
    "APP_HOST".clone_into(&mut host.name);
    host.default = Some("example.com".to_owned());
    survey.environment.push(host);
    let design = designed(&survey, "render", |_| {});
    let row =
        design.environments.variables.iter().find(|variable| variable.name == "APP_HOST").expect("listed");
    assert_eq!(row.values["production"], "`bookshelf-next.onrender.com`");
}

#[test]
fn a_ci_host_knows_an_environment_by_the_plans_name() {
    let lines = designed(&bookshelf(), "vercel", small).next_steps[1].commands.clone();
    assert!(lines.iter().any(|line| line.ends_with("--env staging")), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("--env preview")), "{lines:?}");
    let secret = |environment: &str| format!("vercel env add SESSION_SECRET {environment}");
    assert!(lines.contains(&secret("preview")) && lines.contains(&secret("production")), "{lines:?}");
}

#[test]
fn a_procfile_without_a_release_process_lets_the_pipeline_migrate_and_says_which_line_is_lacking() {
    let with = |processes: &[&str]| {
        let mut survey = from_a_procfile();
        let processes = processes.iter().map(|name| (*name).to_owned()).collect();
        survey.process_files = vec![ProcessFile { path: "Procfile".to_owned(), processes }];
        survey
    };
    let migrates = |design: &Design| design.delivery.scripts.iter().any(|script| script.name == "migrate");
    let plan = |design: &Design| {
        design.database.as_ref().and_then(|database| database.migrations.clone()).expect("migrations")
    };
    let lacking = designed(&with(&["web", "worker"]), "heroku", |_| {});
    let line = "`release: alembic upgrade head`";
    assert!(lacking.warnings.iter().any(|warning| warning.contains(line)), "{:?}", lacking.warnings);
    assert!(migrates(&lacking) && plan(&lacking).past_hook);
    assert!(plan(&lacking).when.contains("by the pipeline"), "{}", plan(&lacking).when);
    assert_eq!(plan(&lacking).command, "uv run alembic upgrade head", "it runs in the checked-out code");
    assert!(lacking.delivery.ci_secrets.iter().any(|secret| secret.name == "DATABASE_URL"));
    // With the process, without the file, and where another platform does it, nothing is said.
    let there = designed(&with(&["web", "release", "worker"]), "heroku", |_| {});
    let without = designed(&from_a_procfile(), "heroku", |_| {});
    let elsewhere = designed(&with(&["web", "worker"]), "render", |_| {});
    for design in [there, without, elsewhere] {
        assert!(!migrates(&design) && !plan(&design).past_hook);
        assert!(design.warnings.iter().all(|warning| !warning.contains("Procfile")), "{:?}", design.warnings);
    }
}

#[test]
fn several_servers_are_described_where_the_files_can_and_refused_where_they_cannot() {
    let high = |platform: &str| {
        designed(&tasks(), platform, |brief| brief.answers.scale = Some(ScaleBand::VeryHigh))
    };
    let kamal = high("kamal-vps");
    let servers = kamal.topology.components.iter().map(|component| component.instances).max().expect("some");
    assert!(servers > 1, "{servers}");
    let open = kamal.delivery.gaps.join("\n");
    assert!(
        open.contains(&format!("{servers} servers run production")) && open.contains("asks for `/healthz`"),
        "{open}"
    );
    assert!(kamal.delivery.ci_variables.iter().any(|variable| variable.name == "DATA_HOST"));
    for platform in ["docker-compose-vps", "coolify"] {
        let warnings = high(platform).warnings.join("\n");
        assert!(
            warnings.contains("runs on one") && warnings.contains("`--set platform=kamal-vps`"),
            "{warnings}"
        );
    }
    let low = designed(&tasks(), "kamal-vps", small);
    assert!(low.delivery.ci_variables.iter().all(|variable| variable.name != "DATA_HOST"));
    assert!(!low.delivery.gaps.join("\n").contains("servers run production"));
}

#[test]
fn what_is_made_once_is_named_before_it_is_used() {
    let steps = |platform: &str, change: fn(&mut Brief)| {
        let design = designed(&tasks(), platform, change);
        design.next_steps[1].commands.clone()
    };
    let at = |lines: &[String], words: &str| {
        lines
            .iter()
            .position(|line| line.contains(words))
            .unwrap_or_else(|| panic!("no `{words}` in {lines:#?}"))
    };
    let heroku = steps("heroku", |_| {});
    assert_eq!(heroku[0], "heroku apps:create tasks-fastapi-staging --no-remote");
    assert!(heroku[1].starts_with("heroku addons:create heroku-postgresql:"), "{heroku:#?}");
    assert!(heroku.contains(&"heroku apps:create tasks-fastapi --no-remote".to_owned()), "{heroku:#?}");
    let code = steps("aws-ecs-fargate", |_| {});
    let order = [
        "/shared init",
        "/shared apply",
        "/environment init",
        "-or-create staging",
        "-var-file=staging.tfvars",
        "-or-create production",
        "-var-file=production.tfvars",
        "AWS_ROLE_ARN",
    ];
    let places: Vec<usize> = order.iter().map(|words| at(&code, words)).collect();
    assert!(places.is_sorted(), "{code:#?}");
    let without = steps("aws-ecs-fargate", |brief| {
        brief.settings.insert("iac".to_owned(), "none".to_owned());
    });
    assert!(without.iter().all(|line| !line.contains("terraform")), "{without:#?}");
    // A line is one that a shell can read, whatever the platform.
    for platform in catalog().platforms.keys() {
        let lines = steps(platform.as_str(), |_| {});
        for line in &lines {
            assert!(
                !line.contains('{') || line.contains("{owner}") || line.contains("{ ") || line.contains("${"),
                "{platform}: {line}"
            );
            assert!(!line.contains("''"), "{platform}: an empty word in {line}");
        }
    }
}

#[test]
fn a_preview_that_the_pipeline_makes_has_values_and_a_database_of_its_own() {
    let previews = |platform: &str| {
        designed(&tasks(), platform, |brief| {
            brief.answers.environments = Some(EnvironmentSet::PreviewStagingProduction);
        })
    };
    let fly = previews("fly");
    let up =
        fly.delivery.scripts.iter().find(|script| script.name == "preview-up").expect("it makes previews");
    let text = serde_json::to_string(&up.actions).expect("actions serialise");
    assert!(text.contains("DATABASE_URL \\\"$PREVIEW_DATABASE_URL\\\""), "{text}");
    let needs: Vec<&str> = up.needs.iter().map(|need| need.name.as_str()).collect();
    assert!(needs.contains(&"PREVIEW_DATABASE_URL") && !needs.contains(&"DATABASE_URL"), "{needs:?}");
    assert!(fly.delivery.ci_secrets.iter().any(|secret| secret.name == "PREVIEW_DATABASE_URL"));
    let down =
        fly.delivery.scripts.iter().find(|script| script.name == "preview-down").expect("it ends them");
    assert!(down.needs.iter().all(|need| need.name != "PREVIEW_DATABASE_URL"), "{:?}", down.needs);
    let catalog = catalog();
    // The document says of the variable what the platform does, and nothing that another one would.
    for platform in ["fly", "render", "heroku", "railway"] {
        let design = previews(platform);
        let variable = design.environments.variables.iter().find(|variable| variable.name == "DATABASE_URL");
        let said = &variable.expect("it is read").values["preview"];
        let fact =
            &catalog.platforms[&PlatformId::new(platform)].preview.as_ref().expect("facts").database.value;
        assert!(said.contains(fact.as_str()), "{platform}: {said}");
    }
}
