//! The chosen plan of a database: what it holds, how it is backed up, what hurts when unknown.

use siteplan_catalog::data_service::{DataPlan, DataService};
use siteplan_catalog::platform::Ability;
use siteplan_cost::PlacedData;
use siteplan_model::design::BackupPlan;

use crate::ground::Ground;
use crate::prose::{self, code, count};

pub(super) fn described_plan(plan: &DataPlan) -> String {
    let apart = if plan.storage_gb > 0.0 { "" } else { " without storage" };
    let mut parts = vec![format!("{}: {} a month{apart}", code(&plan.id), plan.usd_per_month.rounded())];
    parts.extend(plan.memory_mb.map(|memory| format!("{memory} MB memory")));
    parts.extend(plan.vcpu.map(|vcpu| format!("{} vCPU", prose::number(vcpu))));
    if plan.storage_gb > 0.0 {
        parts.push(format!("{} GB storage included", prose::number(plan.storage_gb)));
    }
    if plan.high_availability {
        parts.push("a standby takes over".to_owned());
    }
    parts.join(", ")
}

pub(super) fn backups(
    ground: &Ground<'_>,
    placed: &PlacedData,
    service: Option<&DataService>,
    plan: Option<&DataPlan>,
) -> BackupPlan {
    let dump = ground.catalog.runtimes.engine(&placed.engine).and_then(|engine| engine.dump.clone());
    let by_hand = dump
        .map(|line| {
            format!(" `{line}` copies the data by hand, into a place outside {}.", ground.platform.name)
        })
        .unwrap_or_default();
    match (service, plan.and_then(|plan| plan.backups.as_ref())) {
        (Some(service), Some(backups)) => BackupPlan {
            provider: service.name.clone(),
            frequency: backups.frequency.clone(),
            retention: backups.kept(),
            restore_test: service.restore.value.clone(),
            source: service
                .sources
                .get(&backups.source)
                .map_or_else(String::new, |source| source.url.clone()),
        },
        (Some(service), None) => BackupPlan {
            provider: format!("nobody: the plan {} of {} has no backups", code(&placed.plan), service.name),
            frequency: "none".to_owned(),
            retention: "none".to_owned(),
            restore_test: format!("There is nothing to restore.{by_hand}"),
            source: plan
                .and_then(|plan| service.sources.get(&plan.source))
                .map_or_else(String::new, |source| source.url.clone()),
        },
        (None, _) => BackupPlan {
            provider: "the team".to_owned(),
            frequency: "none until the team sets them up".to_owned(),
            retention: "none until the team sets them up".to_owned(),
            restore_test: format!("Restore a copy into staging before launch and each quarter.{by_hand}"),
            source: "decision: the team operates the database".to_owned(),
        },
    }
}

pub(super) fn cautions(
    ground: &Ground<'_>,
    placed: &PlacedData,
    service: Option<&DataService>,
    plan: Option<&DataPlan>,
) -> Vec<String> {
    let mut cautions = Vec::new();
    if let Some(plan) = plan {
        if let Some(days) = plan.expires_after_days {
            cautions.push(format!("The plan {} is deleted {days} days after its creation", code(&plan.id)));
        }
        if plan.trial && plan.expires_after_days.is_none() && !placed.is_cache {
            cautions.push(format!(
                "The plan {} is meant for trials and may be paused or limited",
                code(&plan.id)
            ));
        }
        if plan.backups.is_none() && !placed.is_cache {
            cautions.push(format!("The plan {} has no backups", code(&plan.id)));
        }
    }
    if !placed.lasts && service.is_some() && !placed.is_cache {
        cautions.push("Data that must last should not be kept in this plan".to_owned());
    }
    if let Some(service) = service {
        let about = ground.circumstances();
        cautions.extend(
            service
                .cautions
                .iter()
                .filter(|caution| {
                    caution.concerns(&placed.plan, &ground.platform.id) && caution.when.holds(&about)
                })
                .map(|caution| caution.text.clone()),
        );
        let connections = plan.and_then(|plan| plan.connections);
        let instances: u32 = ground.services.iter().map(|service| service.placed.instances).sum();
        let few = connections.filter(|_| service.pooling.value == Ability::No && !placed.is_cache);
        if let Some(connections) = few {
            cautions.push(format!(
                "The plan allows {connections} connections and the service pools none: {} must share them, so set the size of the application's own pool",
                count(usize::try_from(instances).unwrap_or_default(), "instance")
            ));
        }
    }
    cautions
}
