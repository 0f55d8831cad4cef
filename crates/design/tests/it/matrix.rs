//! What holds for every Survey on every platform with every CI host and environment set.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use siteplan_catalog::Catalog;
use siteplan_design::DesignError;
use siteplan_model::brief::{DatabaseHosting, EnvironmentSet, SecretsHosting};
use siteplan_model::design::Design;
use siteplan_model::gate::Gate;
use siteplan_model::id::is_kebab_case;
use siteplan_model::pipeline::{EnvValue, JobPurpose, Step};

use crate::fixtures::{brief, design_of, surveys};

/// Designs of every combination, each with what it is made of.
static DESIGNS: LazyLock<Vec<(String, Design)>> = LazyLock::new(all);

fn all() -> Vec<(String, Design)> {
    let catalog = Catalog::embedded().expect("the catalog loads");
    let mut designs = Vec::new();
    for (name, survey) in surveys() {
        for platform in catalog.platforms.keys() {
            for host in catalog.ci_hosts.keys() {
                for environments in EnvironmentSet::ALL {
                    let mut brief = brief(&survey, platform.as_str());
                    brief.answers.code_host = Some(host.clone());
                    brief.answers.environments = Some(*environments);
                    brief.answers.auto_deploy = Some(environments != &EnvironmentSet::Production);
                    let label = format!("{name} on {platform} with {host}, {environments}");
                    let design = design_of(&catalog, &survey, &brief);
                    designs.push((label.clone(), design.unwrap_or_else(|error| panic!("{label}: {error}"))));
                }
            }
        }
    }
    designs
}

/// Every string of a value, with its place.
fn strings(value: &serde_json::Value, place: &str, found: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::String(text) => found.push((place.to_owned(), text.clone())),
        serde_json::Value::Array(list) => list.iter().for_each(|item| strings(item, place, found)),
        serde_json::Value::Object(map) => {
            map.iter().for_each(|(key, item)| strings(item, &format!("{place}.{key}"), found));
        }
        _ => {}
    }
}

#[test]
fn nothing_is_left_open() {
    let blanks = [
        "{app}",
        "{service}",
        "{SERVICE}",
        "{environment}",
        "{region}",
        "{image}",
        "{branch}",
        "{migrate}",
        "{path}",
        "{suffix}",
        "{version}",
        "{command}",
        "{directory}",
        "{dockerfile}",
        "to be chosen",
        "TODO",
        "TBD",
        "[X",
    ];
    for (label, design) in &*DESIGNS {
        let mut design = design.clone();
        design.sources.clear();
        let mut found = Vec::new();
        strings(&serde_json::to_value(&design).expect("a design serialises"), "", &mut found);
        for (place, text) in found {
            for blank in blanks {
                assert!(!text.contains(blank), "{label}: {place} has `{blank}`: {text}");
            }
            assert!(
                !text.contains("  ") || place.contains("line") || place.contains("command"),
                "{label}: {place}: {text}"
            );
            assert!(
                !text.contains("..")
                    || text.contains("...")
                    || place.contains("line")
                    || place.contains("command")
                    || place.ends_with(".before"),
                "{label}: {place}: {text}"
            );
        }
    }
}

#[test]
fn pipelines_are_sound() {
    for (label, design) in &*DESIGNS {
        let pipeline = &design.delivery.pipeline;
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for job in &pipeline.jobs {
            assert!(is_kebab_case(&job.id), "{label}: {}", job.id);
            assert!(
                job.needs.iter().all(|id| seen.contains(id.as_str())),
                "{label}: {} needs {:?}",
                job.id,
                job.needs
            );
            assert!(seen.insert(&job.id), "{label}: {} twice", job.id);
            assert!(job.timeout_minutes > 0, "{label}: {}", job.id);
            assert!(matches!(job.steps.first(), Some(Step::Checkout { .. })), "{label}: {}", job.id);
            if job.on_pull_requests() {
                assert!(
                    !job.values().values().any(|value| matches!(value, EnvValue::Secret(_))),
                    "{label}: {}",
                    job.id
                );
            }
            // Only the script that needs a secret sees it, and what follows a script that hangs has its own time.
            assert!(
                !job.env.values().any(|value| matches!(value, EnvValue::Secret(_))),
                "{label}: {} hands a secret to all its steps",
                job.id
            );
            let bounded: u32 = job.steps.iter().map(minutes).sum();
            assert!(bounded < job.timeout_minutes, "{label}: {} ends before its steps do", job.id);
            let has_environment = matches!(job.purpose, JobPurpose::Deploy | JobPurpose::Preview);
            assert_eq!(has_environment, job.environment.is_some(), "{label}: {}", job.id);
        }
        let deploys = pipeline.jobs.iter().filter(|job| job.purpose == JobPurpose::Deploy);
        let deployed: Vec<&str> =
            deploys.filter_map(|job| Some(job.environment.as_ref()?.name.as_str())).collect();
        let expected: Vec<&str> = design
            .environments
            .list
            .iter()
            .map(|plan| plan.name.as_str())
            .filter(|name| *name != "preview")
            .collect();
        assert_eq!(deployed, expected, "{label}");
        assert_eq!(deployed.last(), Some(&"production"), "{label}");
    }
}

/// Minutes of a step; every script but one that cannot hang has some.
fn minutes(step: &Step) -> u32 {
    match step {
        Step::Script { minutes, script, .. } => {
            assert!(minutes.is_some() || script == "freeze", "`{script}` may hang for ever");
            minutes.unwrap_or_default()
        }
        Step::AwaitWorkflow { minutes, .. } => *minutes,
        _ => 0,
    }
}

#[test]
fn every_variable_of_a_step_is_declared() {
    for (label, design) in &*DESIGNS {
        for job in &design.delivery.pipeline.jobs {
            for (name, value) in &job.values() {
                let (EnvValue::Secret(held) | EnvValue::Variable(held)) = value else { continue };
                assert_eq!(name, held, "{label}");
                if !design.delivery.automatic {
                    continue;
                }
                let list = if matches!(value, EnvValue::Secret(_)) {
                    &design.delivery.ci_secrets
                } else {
                    &design.delivery.ci_variables
                };
                assert!(list.iter().any(|value| value.name == *held), "{label}: {held} is not listed");
            }
        }
    }
}

#[test]
fn sections_that_every_document_needs_are_filled() {
    for (label, design) in &*DESIGNS {
        assert!(is_kebab_case(&design.application.slug), "{label}");
        assert!(!design.platform.reasons.is_empty() && !design.topology.components.is_empty(), "{label}");
        assert!(
            design.delivery.workflow.len() >= 3 && !design.delivery.deploy_commands.is_empty(),
            "{label}"
        );
        assert!(design.rollback.criteria.len() == 3 && !design.rollback.commands.is_empty(), "{label}");
        assert!(design.checklists.before.len() >= 6 && design.checklists.after.len() == 4, "{label}");
        assert!(design.risks.len() >= 2 && design.hard_to_undo.len() >= 2, "{label}");
        assert!(!design.future.scale.is_empty() && !design.future.team.is_empty(), "{label}");
        assert_eq!(design.next_steps.len(), 5, "{label}");
        assert_eq!(design.health.monitors.len(), 3, "{label}");
        assert!(design.estimates.deploy_minutes_low <= design.estimates.deploy_minutes_high, "{label}");
        let names: BTreeSet<&str> =
            design.topology.components.iter().map(|component| component.name.as_str()).collect();
        assert_eq!(names.len(), design.topology.components.len(), "{label}: component names");
        for edge in &design.topology.edges {
            assert!(
                names.contains(edge.from.as_str()) && names.contains(edge.to.as_str()),
                "{label}: {edge:?}"
            );
        }
    }
}

#[test]
fn the_same_inputs_give_the_same_design() {
    let catalog = Catalog::embedded().expect("the catalog loads");
    for (name, survey) in surveys() {
        let brief = brief(&survey, "render");
        assert_eq!(design_of(&catalog, &survey, &brief), design_of(&catalog, &survey, &brief), "{name}");
    }
}

#[test]
fn open_gates_are_named() {
    let catalog = Catalog::embedded().expect("the catalog loads");
    let survey = crate::fixtures::bookshelf();
    let mut open = brief(&survey, "render");
    open.answers.code_host = None;
    open.answers.database = None;
    open.answers.health_checks = None;
    open.answers.secrets = Some(SecretsHosting::Manager);
    let error = design_of(&catalog, &survey, &open).expect_err("four gates are open");
    let gates = vec![Gate::CodeHost, Gate::Database, Gate::SecretsService, Gate::HealthChecks];
    assert_eq!(error, DesignError::Unanswered { gates });
    assert_eq!(
        error.to_string(),
        "gates have no answer yet: `code_host`, `database`, `secrets_service`, `health_checks`"
    );
}

#[test]
fn no_database_means_no_section() {
    let catalog = Catalog::embedded().expect("the catalog loads");
    let survey = crate::fixtures::bookshelf();
    let mut none = brief(&survey, "render");
    none.answers.database = Some(DatabaseHosting::None);
    let design = design_of(&catalog, &survey, &none).expect("a design");
    assert_eq!(design.database, None);
    assert!(design.rollback.database.is_empty());
}
