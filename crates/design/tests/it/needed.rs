//! That a job has what its commands read, no more and no less, and that checks bring their own tools.

use siteplan_model::brief::Brief;
use siteplan_model::design::Design;
use siteplan_model::gate::{Gate, Provenance};
use siteplan_model::script::Action;
use siteplan_model::survey::{EnvironmentVariable, Survey, VariableTime};

use crate::concrete::designed;
use crate::fixtures::{bookshelf, tasks};

fn given(design: &Design, job: &str) -> Vec<String> {
    let job = design.delivery.pipeline.jobs.iter().find(|known| known.id == job).expect("the job exists");
    job.values().into_keys().collect()
}

/// The bookshelf with a secret of a feature that may stay off.
fn with_optional_secret() -> Survey {
    let mut survey = bookshelf();
    survey.environment.push(EnvironmentVariable {
        name: "SENTRY_DSN".to_owned(),
        secret: true,
        required: false,
        when: VariableTime::Run,
        default: None,
        default_use: siteplan_model::survey::DefaultUse::None,
        deployed: None,
        evidence: Vec::new(),
    });
    survey
}

fn proposed(brief: &mut Brief) {
    brief.provenance.insert(Gate::RequiredSecrets, Provenance::Detected);
}

#[test]
fn what_a_configuration_file_reads_is_there_when_its_tool_runs_and_not_before() {
    let design = designed(&bookshelf(), "kamal-vps", |_| {});
    let of_configuration = ["SERVER_HOST", "REGISTRY", "REGISTRY_USER", "REGISTRY_PASSWORD", "APP_HOST"];
    for job in ["deploy-staging", "deploy-production"] {
        let given = given(&design, job);
        for name in of_configuration.into_iter().chain(["SESSION_SECRET"]) {
            assert!(given.iter().any(|known| known == name), "{job} lacks {name}: {given:?}");
        }
    }
    // The values of an environment are not there for a job that belongs to none.
    assert_eq!(given(&design, "build"), ["REGISTRY", "REGISTRY_PASSWORD", "REGISTRY_USER"]);
}

#[test]
fn a_secret_of_a_feature_that_may_stay_off_is_demanded_only_where_somebody_says_so() {
    let survey = with_optional_secret();
    let has = |design: &Design| given(design, "deploy-production").contains(&"SENTRY_DSN".to_owned());
    let required = |design: &Design| {
        let mut variables = design.environments.variables.iter();
        variables.find(|variable| variable.name == "SENTRY_DSN").expect("it is listed").required
    };
    let design = designed(&survey, "kamal-vps", proposed);
    assert!(!has(&design) && !required(&design));
    let design = designed(&survey, "kamal-vps", |_| {});
    assert!(has(&design) && required(&design));
}

#[test]
fn the_password_of_a_database_is_required_even_if_the_code_has_a_default() {
    let mut survey = with_optional_secret();
    for variable in &mut survey.environment {
        if variable.name == "SENTRY_DSN" {
            variable.name = "DB_PASSWORD".to_owned();
        }
    }
    let design = designed(&survey, "kamal-vps", proposed);
    assert!(given(&design, "deploy-production").contains(&"DB_PASSWORD".to_owned()));
}

#[test]
fn checks_install_the_tools_that_a_release_leaves_out() {
    let of = |manager: &str, install: &str, lint: &str| {
        let mut survey = bookshelf();
        survey.services[0].package_manager = Some(manager.to_owned());
        survey.services[0].commands.install = Some(install.to_owned());
        survey.services[0].commands.lint = Some(lint.to_owned());
        let design = designed(&survey, "render", |_| {});
        let script = design.delivery.scripts.iter().find(|script| script.name == "test").expect("it tests");
        let line = |action: &Action| match action {
            Action::Command { command, .. } => Some(command.clone()),
            _ => None,
        };
        script.actions.iter().filter_map(line).collect::<Vec<_>>()
    };
    let release = "composer install --no-dev --optimize-autoloader --no-interaction";
    assert_eq!(of("composer", release, "vendor/bin/pint --test")[0], "composer install --no-interaction");
    let linted = of("go", "go mod download", "golangci-lint run ./...");
    assert_eq!(linted[1], "go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2 run ./...");
    assert_eq!(of("go", "go mod download", "go vet ./...")[1], "go vet ./...");
}

#[test]
fn what_is_priced_in_several_regions_and_deployed_to_one_is_said() {
    let said = |platform: &str, availability: &str| {
        let design = designed(&tasks(), platform, |brief| {
            brief.settings.insert("availability".to_owned(), availability.to_owned());
        });
        design.warnings.into_iter().find(|warning| warning.contains("the files deploy to one"))
    };
    let fly = said("fly", "multi-region").expect("two are priced");
    assert!(
        fly.contains("in 2 regions") && fly.contains("`iad`") && fly.contains("the copy of the database"),
        "{fly}"
    );
    assert_eq!(said("fly", "best-effort"), None, "one is priced");
    assert_eq!(said("render", "multi-region"), None, "there it runs in one, which the bill says");
    assert_eq!(said("cloudflare", "multi-region"), None, "no file says where");
}
