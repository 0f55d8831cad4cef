//! That a design names the application's own things, not things.

use siteplan_catalog::Catalog;
use siteplan_model::brief::{Brief, DatabaseHosting};
use siteplan_model::design::Design;
use siteplan_model::id::CodeHostId;
use siteplan_model::pipeline::{Argument, EnvValue, History, Step, When};
use siteplan_model::script::Action;
use siteplan_model::survey::Survey;

use crate::fixtures::{bookshelf, brief, design_of, ledger, notes, planned, tasks};

pub(crate) fn designed(survey: &Survey, platform: &str, change: impl FnOnce(&mut Brief)) -> Design {
    let catalog = Catalog::embedded().expect("the catalog loads");
    let mut brief = brief(survey, platform);
    change(&mut brief);
    design_of(&catalog, survey, &brief).expect("a design")
}

fn lines(design: &Design, script: &str) -> Vec<String> {
    let script =
        design.delivery.scripts.iter().find(|candidate| candidate.name == script).expect("the script exists");
    let line = |action: &Action| match action {
        Action::Command { command, .. } => Some(command.clone()),
        Action::Prepare { line, .. } | Action::Run { line, .. } => Some(line.clone()),
        _ => None,
    };
    script.actions.iter().filter_map(line).collect()
}

/// The calls of scripts of a job, in their order, each with when it runs.
fn calls(design: &Design, job: &str) -> Vec<String> {
    let job =
        design.delivery.pipeline.jobs.iter().find(|candidate| candidate.id == job).expect("the job exists");
    let call = |step: &Step| match step {
        Step::Script { script, arguments, when, .. } => {
            let words = arguments.iter().map(|argument| match argument {
                Argument::Word(word) | Argument::Input(word) => word.as_str(),
            });
            let call = std::iter::once(script.as_str()).chain(words).collect::<Vec<_>>().join(" ");
            Some(match when {
                When::Succeeded => call,
                When::FailedAny(ids) => format!("{call} if {} failed", ids.join(" or ")),
                When::SucceededAfterFailure(id) => format!("{call} after {id}"),
            })
        }
        _ => None,
    };
    job.steps.iter().filter_map(call).collect()
}

#[test]
fn the_test_job_runs_the_real_commands_beside_the_real_database() {
    let design = designed(&bookshelf(), "render", |_| {});
    assert_eq!(lines(&design, "test"), ["npm ci", "npm run lint", "npm test"]);
    let job = &design.delivery.pipeline.jobs[0];
    let node = job.steps.iter().any(|step| matches!(step, Step::Runtime { version, .. } if version == "24"));
    assert!(node, "the compiler's version is not the runtime's");
    assert_eq!(job.services.len(), 1);
    assert_eq!(job.services[0].image, "postgres:16");
    assert!(matches!(&job.env["DATABASE_URL"], EnvValue::Literal(url) if url.contains("localhost:5432")));
    assert!(design.delivery.workflow[1].contains("`npm test`"));
    assert!(
        design.delivery.workflow[1]
            .contains("PostgreSQL 16 beside it, because `tests/books-api.test.ts:4` connects to one")
    );
}

#[test]
fn the_database_section_is_of_the_chosen_plan() {
    let database = designed(&bookshelf(), "render", |_| {}).database.expect("a database");
    assert_eq!((database.version.as_str(), database.engine.as_str()), ("16", "postgres"));
    assert!(database.version_because.contains("lib/db/index.ts:4"));
    let migrations = database.migrations.expect("migrations");
    assert_eq!(migrations.command, "npm run db:migrate");
    assert!(migrations.found.starts_with("3 migrations in `drizzle`"));
    assert!(migrations.rollback.iter().any(|line| line.contains("none of the 3 migrations")));
    assert_ne!(database.backups.retention, "");
}

#[test]
fn irreversible_migrations_are_named() {
    let design = designed(&tasks(), "render", |_| {});
    let place = "migrations/versions/0003_priority_to_urgent.py:21";
    assert!(
        design.rollback.database.iter().any(|line| line.contains(place)),
        "{:?}",
        design.rollback.database
    );
    assert!(
        design.rollback.database.iter().any(|line| line.contains("`uv run alembic downgrade -1`")),
        "{:?}",
        design.rollback.database
    );
    assert!(design.risks.iter().any(|risk| risk.because.as_deref().is_some_and(|text| text.contains(place))));
}

#[test]
fn existing_ci_is_named_and_not_doubled() {
    let design = designed(&tasks(), "render", |_| {});
    let sentence = design.delivery.existing_ci.expect("there is CI");
    assert!(
        sentence.contains("job `test` of `.github/workflows/test.yml` runs `uv run pytest`"),
        "{sentence}"
    );
    assert!(!design.delivery.pipeline.triggers.pull_requests);
    assert_eq!(design.health.found_at.as_deref(), Some("app/routes.py:12"));
    assert_eq!(design.health.fields, ["database", "cache", "version", "uptime", "timestamp"]);
    assert_eq!(design.health.without_http.len(), 1);
}

#[test]
fn secrets_say_where_their_values_come_from() {
    let design = designed(&bookshelf(), "render", |_| {});
    let secret =
        |name: &str| design.secrets.required.iter().find(|secret| secret.name == name).expect("listed");
    assert_eq!(secret("SESSION_SECRET").generate.as_deref(), Some("made with `openssl rand -hex 32`"));
    assert_eq!(secret("SESSION_SECRET").read_by.as_deref(), Some("lib/env.ts:4"));
    assert!(
        secret("STRIPE_SECRET_KEY").generate.as_deref().is_some_and(|text| text.contains("Stripe dashboard"))
    );
    assert!(
        design.secrets.rotation[0].name.contains("DATABASE_URL")
            && design.secrets.rotation[0].purpose.starts_with("quarterly")
    );
    assert!(design.secrets.viewers.starts_with("Team leads only"));
}

#[test]
fn a_file_as_database_is_a_warning() {
    let design = designed(&notes(), "render", |_| {});
    let database = design.database.expect("SQLite is a database");
    assert!(database.backups.frequency.starts_with("none"));
    assert!(
        design.warnings.iter().any(|warning| warning.contains("lost with the container")),
        "{:?}",
        design.warnings
    );
    assert!(design.risks.iter().any(|risk| risk.title == "The database file is lost"));
    assert!(design.risks.iter().any(|risk| risk.title == "A fault reaches users untested"));
}

#[test]
fn a_planned_application_says_so() {
    let design = designed(&planned(), "render", |_| {});
    assert!(design.application.planned);
    assert!(design.delivery.gaps.iter().any(|gap| gap.contains("no code yet")));
    assert!(design.warnings.iter().any(|warning| warning.contains("planned")));
    assert!(design.delivery.pipeline.jobs.iter().all(|job| job.id != "test"));
}

#[test]
fn an_approval_names_what_the_hosts_plan_allows() {
    let manual = |brief: &mut Brief| {
        brief.settings.insert("production_approval".to_owned(), "manual".to_owned());
    };
    let design = designed(&bookshelf(), "render", manual);
    let note = design.delivery.approval_note.clone().expect("production waits");
    assert!(
        note.contains("private") && note.contains("GitHub Enterprise") && note.contains("workflow_dispatch"),
        "{note}"
    );
    let jobs = &design.delivery.pipeline.jobs;
    let approval = |name: &str| {
        jobs.iter().any(|job| job.environment.as_ref().is_some_and(|e| e.name == name && e.approval))
    };
    assert!(approval("production") && !approval("staging"));
}

#[test]
fn by_hand_there_are_commands_and_no_ci_secrets() {
    let design = designed(&bookshelf(), "render", |brief| {
        brief.answers.auto_deploy = Some(false);
        brief.answers.code_host = None;
    });
    assert!(design.delivery.ci_secrets.is_empty() && design.delivery.ci_variables.is_empty());
    assert_eq!(design.delivery.deploy_commands[0].line, "COMMIT=\"$(git rev-parse HEAD)\"");
    assert!(design.delivery.workflow.iter().any(|step| step.contains("`RENDER_API_KEY`")));
    assert!(!design.delivery.pipeline.jobs.is_empty());
}

#[test]
fn one_image_is_built_and_promoted() {
    let design = designed(&ledger(), "aws-ecs-fargate", |brief| {
        brief.answers.code_host = Some(CodeHostId::new("gitlab"));
        brief.answers.database = Some(DatabaseHosting::None);
    });
    let ids: Vec<&str> = design.delivery.pipeline.jobs.iter().map(|job| job.id.as_str()).collect();
    assert_eq!(ids, ["test", "build", "deploy-staging", "deploy-production"]);
    assert!(lines(&design, "deploy").iter().all(|line| !line.contains("docker build")));
    assert!(lines(&design, "build").iter().any(|line| line.contains("docker build")));
    assert!(design.delivery.existing_ci.is_some_and(|sentence| sentence.contains(".gitlab-ci.yml")));
    assert!(design.delivery.gaps.iter().all(|gap| !gap.contains("Dockerfile")), "the repository has one");
}

#[test]
fn a_failed_release_to_production_is_taken_back_and_nothing_else_is() {
    let design = designed(&bookshelf(), "render", |_| {});
    assert_eq!(calls(&design, "deploy-staging"), ["tools", "deploy staging", "verify staging"]);
    assert_eq!(
        calls(&design, "deploy-production"),
        [
            "tools",
            "previous production",
            "deploy production",
            "verify production",
            "rollback production recorded if deploy or verify failed",
            "verify production returned after rollback",
        ]
    );
    let job = design.delivery.pipeline.jobs.last().expect("a job");
    assert!(matches!(job.steps[0], Step::Checkout { history: History::Whole }), "the guard compares commits");
    let rollback =
        design.delivery.scripts.iter().find(|script| script.name == "rollback").expect("a way back");
    assert!(rollback.actions.iter().any(
        |action| matches!(action, Action::MigrationGuard { paths, call } if paths == &["drizzle"] && call == "team lead")
    ));
    let back = design.delivery.rollback_pipeline.expect("a pipeline of its own");
    assert!(!back.triggers.push && back.triggers.manual);
    assert_eq!(rollback.limit_seconds, Some(300), "the way back itself ends within the target");
    // The host's own limits never come before the script's.
    assert!(back.jobs[0].timeout_minutes > design.rollback.target_minutes);
    let inputs: Vec<&str> = back.triggers.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(inputs, ["environment", "release"]);
}

#[test]
fn a_freeze_window_stops_production_unless_a_person_says_otherwise() {
    let frozen = |text: &str| {
        let text = text.to_owned();
        designed(&bookshelf(), "render", move |brief: &mut Brief| {
            brief.settings.insert("freeze_window".to_owned(), text);
        })
    };
    let design = frozen("fri 15:00 - mon 08:00 Europe/Berlin");
    assert_eq!(calls(&design, "deploy-production")[0], "freeze production");
    assert!(!calls(&design, "deploy-staging").iter().any(|call| call.starts_with("freeze")));
    assert_eq!(design.delivery.freeze_window.as_deref(), Some("fri 15:00-mon 08:00 Europe/Berlin"));
    assert_eq!(design.delivery.pipeline.triggers.inputs[0].name, "override_freeze");
    assert!(frozen("").delivery.pipeline.triggers.inputs.is_empty());
}

#[test]
fn a_freeze_window_that_cannot_be_read_is_an_error() {
    let catalog = Catalog::embedded().expect("the catalog loads");
    let survey = bookshelf();
    let mut brief = brief(&survey, "render");
    brief.settings.insert("freeze_window".to_owned(), "friday afternoon".to_owned());
    let error = design_of(&catalog, &survey, &brief).expect_err("no window").to_string();
    assert!(error.contains("`friday afternoon`") && error.contains("Fri 15:00-Mon 08:00"), "{error}");
}

#[test]
fn a_domain_is_the_address_of_production_only() {
    let design = designed(&bookshelf(), "render", |brief| {
        brief.settings.insert("domain".to_owned(), "books.example".to_owned());
    });
    let url = |name: &str| {
        design.environments.list.iter().find(|plan| plan.name == name).map(|plan| plan.url.as_str())
    };
    assert_eq!(url("production"), Some("https://books.example"));
    assert_eq!(url("staging"), Some("https://bookshelf-next-staging.onrender.com"));
}
