//! The catalog facts that the plan rests on, each with its URL, date and grade.

use std::collections::BTreeSet;

use siteplan_catalog::figure::Sources;
use siteplan_model::design::SourceNote;

use crate::database;
use crate::ground::{Ground, PRODUCTION};
use crate::prose::{code, number, term};

/// The notes, in alphabetical order of their facts.
pub(crate) fn sources(ground: &Ground<'_>) -> Vec<SourceNote> {
    let mut notes = BTreeSet::new();
    for platform in ground.platforms() {
        let mut add = |fact: String, key: &str| add(&mut notes, &platform.sources, fact, key);
        for service in ground.services.iter().filter(|service| service.platform.id == platform.id) {
            if let Some(size) = platform.sizes.iter().find(|size| size.id == service.placed.size) {
                let price =
                    size.usd_per_month.map_or_else(|| "metered".to_owned(), |usd| format!("{usd} a month"));
                add(
                    format!(
                        "{} {}: {} vCPU, {} MB, {price}",
                        platform.name,
                        code(&size.id),
                        number(size.vcpu),
                        size.memory_mb
                    ),
                    &size.source,
                );
            }
        }
        if let Some(plan) = platform
            .plans
            .iter()
            .find(|plan| plan.name == ground.quote.plan && platform.id == ground.platform.id)
        {
            let terms = if plan.commercial { "commercial use allowed" } else { "non-commercial use only" };
            add(
                format!("{} plan {}: {} a month, {terms}", platform.name, plan.name, plan.usd_per_month),
                &plan.source,
            );
        }
        let minutes = &platform.deploy.minutes;
        add(
            format!(
                "{}: a release takes {} to {} minutes",
                platform.name, minutes.value[0], minutes.value[1]
            ),
            &minutes.source,
        );
        add(
            format!("{}: {}", platform.name, platform.rollback.automatic.value),
            &platform.rollback.automatic.source,
        );
        if let Some(hook) = &platform.migrate.hook {
            add(format!("{}: migrations by {}", platform.name, term(&hook.value)), &hook.source);
        }
        let address = ground
            .services
            .iter()
            .filter(|service| service.platform.id == platform.id && service.plan.kind.serves_http())
            .find_map(|service| ground.url(service, ground.before_production().unwrap_or(PRODUCTION)));
        if let (Some(pattern), Some(address)) = (&platform.environments.url, address) {
            add(format!("{}: addresses like {}", platform.name, code(&address)), &pattern.source);
        }
    }
    for placed in &ground.quote.data {
        let (Some(service), plan) = database::service_and_plan(ground, placed) else { continue };
        if let Some(plan) = plan {
            let backups = plan.backups.as_ref().map_or_else(
                || "no backups".to_owned(),
                |backups| format!("backups {} for {}", backups.frequency, backups.kept()),
            );
            add(
                &mut notes,
                &service.sources,
                format!("{} {}: {} a month, {backups}", service.name, code(&plan.id), plan.usd_per_month),
                &plan.source,
            );
        }
        add(
            &mut notes,
            &service.sources,
            format!("{}: version {} by default", service.name, service.default_version.value),
            &service.default_version.source,
        );
    }
    if ground.automatic {
        let host = ground.host;
        add(
            &mut notes,
            &host.sources,
            format!(
                "{}: {} free minutes a month for private repositories",
                host.ci_name, host.free_minutes.value
            ),
            &host.free_minutes.source,
        );
        if crate::delivery::waits_for_a_person(ground) {
            add(
                &mut notes,
                &host.sources,
                format!("{}: {}", host.ci_name, host.approval.value),
                &host.approval.source,
            );
        }
    }
    if let Some(tool) = ground.migration_tool {
        add(
            &mut notes,
            &tool.sources,
            format!("{}: {}", tool.name, tool.reversal_note.value),
            &tool.reversal_note.source,
        );
    }
    if let Some(service) = ground.secrets_service {
        add(
            &mut notes,
            &service.sources,
            format!("{}: {} a month for each secret", service.name, service.usd_per_secret.value),
            &service.usd_per_secret.source,
        );
    }
    notes.into_iter().collect()
}

fn add(notes: &mut BTreeSet<SourceNote>, sources: &Sources, fact: String, key: &str) {
    if let Some(source) = sources.get(key) {
        notes.insert(SourceNote {
            fact,
            source: source.url.clone(),
            seen: source.seen,
            grade: source.grade.as_str().to_owned(),
        });
    }
}
