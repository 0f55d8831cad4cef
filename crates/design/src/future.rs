//! Section 12: what comes when load or team grow, from where this plan stands.

use siteplan_catalog::platform::Ability;
use siteplan_model::brief::EnvironmentSet;
use siteplan_model::design::Future;

use crate::database;
use crate::ground::Ground;
use crate::prose::{code, list, thousands};

/// The section.
pub(crate) fn future(ground: &Ground<'_>) -> Future {
    Future { scale: scale(ground), team: team(ground) }
}

fn scale(ground: &Ground<'_>) -> Vec<String> {
    let platform = ground.platform;
    let mut lines = Vec::new();
    for load in ground.quote.report.loads.iter().filter(|load| load.factor > 1) {
        let changes =
            if load.changes.is_empty() { "nothing has to grow".to_owned() } else { load.changes.join(", ") };
        lines.push(format!(
            "At {} times the load ({} users): {changes}; {} a month",
            load.factor,
            thousands(load.users),
            load.monthly.span()
        ));
    }
    if let Some(main) = ground.main().filter(|main| main.plan.kind.serves_http() && main.plan.vcpu > 0.0) {
        let slug = code(&main.plan.slug);
        lines.push(match platform.capabilities.autoscaling.value {
            Ability::Yes => format!("Let {} add instances of {slug} under load by itself, up to {}", platform.name, platform.limits.instances.value),
            Ability::Limited => format!(
                "More instances of {slug} behind {}'s load balancer; automatic scaling there has conditions ({})",
                platform.name,
                platform.capabilities.autoscaling.note.as_deref().unwrap_or("see its documentation")
            ),
            Ability::No => format!("More instances of {slug}, set by hand: {} does not scale by itself", platform.name),
        });
    }
    if ground.embedded_engine().is_some() {
        lines.push(
            "Move the data from the file to a database server before a second instance is needed".to_owned(),
        );
    }
    if let Some(placed) = ground.placed_database() {
        let engine = ground.called(&placed.engine);
        lines.push(format!(
            "A read replica of {engine} for reports and lists, before the database itself grows"
        ));
        let (_, plan) = database::service_and_plan(ground, placed);
        if plan.is_some_and(|plan| !plan.high_availability) {
            lines.push(format!(
                "A plan of {engine} with a standby, once an hour without data is not acceptable"
            ));
        }
    }
    // Who answers nobody over HTTP has no files to send.
    if ground.over_http().next().is_some() {
        lines.push(if platform.capabilities.cdn.value == Ability::No {
            "A content delivery network in front for static files".to_owned()
        } else {
            format!("Static files from {}'s delivery network with long cache times", platform.name)
        });
    }
    lines
}

fn team(ground: &Ground<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    lines.push(match ground.environments {
        EnvironmentSet::Production => {
            "A staging environment as soon as there are users to disturb".to_owned()
        }
        EnvironmentSet::StagingProduction => {
            "A preview for each pull request, or a shared dev environment".to_owned()
        }
        EnvironmentSet::DevStagingProduction => {
            "A preview for each pull request in place of the shared dev environment".to_owned()
        }
        EnvironmentSet::PreviewStagingProduction => "Previews with a small copy of the data".to_owned(),
    });
    if ground.secrets_service.is_none() {
        let managers: Vec<&str> =
            ground.catalog.secrets_services.values().map(|service| service.name.as_str()).take(3).collect();
        lines.push(if managers.is_empty() {
            "A secrets manager with an audit log and rotation".to_owned()
        } else {
            format!("A secrets manager with an audit log and rotation ({})", list(&managers))
        });
    }
    if ground.setting("iac") != "terraform" && ground.survey.infrastructure.is_empty() {
        lines.push("Infrastructure as code (Terraform), so that an environment can be made again from the repository".to_owned());
    }
    if ground.platform.capabilities.roles.value != Ability::Yes {
        let note = ground.platform.capabilities.roles.note.as_deref().unwrap_or("see its documentation");
        lines.push(format!("Members with different rights on {} ({note})", ground.platform.name));
    }
    if ground.setting("production_approval") != "manual" {
        lines.push("An approval before production: `--set production_approval=manual`".to_owned());
    }
    lines
}
