//! What the reader must know before anything else.

use siteplan_catalog::platform::LifecycleState;
use siteplan_cost::Wait;
use siteplan_model::brief::MigrationMode;

use crate::ground::{Ground, PRODUCTION};
use crate::prose::code;
use crate::{database, gates, platform};

/// What the reader must know first, most serious first.
pub(crate) fn warnings(ground: &Ground<'_>) -> Vec<String> {
    let mut warnings: Vec<String> = platform::violates(ground)
        .into_iter()
        .map(|broken| {
            format!(
                "The chosen platform breaks the constraint `{}`: {}. To lift it: {}.",
                broken.constraint, broken.because, broken.relax
            )
        })
        .collect();
    // One constraint says itself how it is lifted; what lifts several is more than the sum of that.
    if warnings.len() > 1
        && let Some(relaxation) = ground.recommendation.feasible_with(&ground.platform.id)
    {
        warnings.push(format!("The least that lifts all of them: {}.", relaxation.words));
    }
    let terms = platform::violates(ground).iter().any(|broken| broken.constraint.contains("terms"));
    if !ground.quote.terms_allow && !terms {
        let name = &ground.quote.plan;
        warnings.push(format!("The {name} plan of {} is for non-commercial use only: an application that earns money needs a higher plan.", ground.platform.name));
    }
    if let Some(placed) = ground.placed_database() {
        let (service, plan) = database::service_and_plan(ground, placed);
        let name = service.map_or_else(|| ground.called(&placed.engine), |service| service.name.as_str());
        if let Some(days) = plan.and_then(|plan| plan.expires_after_days) {
            warnings.push(format!(
                "The {name} plan {} is deleted {days} days after its creation.",
                code(&placed.plan)
            ));
        }
        if plan.is_some_and(|plan| plan.backups.is_none()) {
            warnings.push(format!("The {name} plan {} has no backups.", code(&placed.plan)));
        }
    }
    if ground.placed_database().is_none() {
        warnings.extend(database::file_warnings(ground).into_iter().map(|caution| format!("{caution}.")));
    }
    if let Some((_, service, plan)) = database::forgetful_queue(ground) {
        warnings.push(format!(
            "The plan {} of {} forgets everything at a restart: background jobs that wait there are lost.",
            code(&plan.id),
            service.name
        ));
    }
    for open in &ground.quote.report.not_included {
        warnings.push(format!("Not in the price: {} ({}).", open.what, open.source));
    }
    warnings.extend(further_regions(ground));
    for name in &ground.quote.idle {
        warnings.push(format!("`{name}` has no place in this plan: nothing of the catalog runs it here."));
    }
    for engine in &ground.quote.unplaced {
        if !ground.catalog.usage.embedded_engines.contains(engine) {
            warnings.push(format!(
                "{} has no place in this plan: no service of the catalog offers it here.",
                ground.called(engine)
            ));
        }
    }
    for used in ground.platforms() {
        let about = ground.circumstances();
        if used.lifecycle.state.value != LifecycleState::Active {
            let word = if used.lifecycle.state.value == LifecycleState::Ending {
                "has an announced end"
            } else {
                "is kept running without new features"
            };
            warnings.push(format!("{} {word}.", used.name));
            warnings.extend(
                used.lifecycle
                    .notices
                    .iter()
                    .filter(|notice| notice.when.holds(&about))
                    .map(|notice| format!("{}: {}.", used.name, notice.text)),
            );
        }
        if used.lifecycle.closed_to_new_customers.as_ref().is_some_and(|closed| closed.value) {
            warnings.push(format!("{} takes no new customers.", used.name));
        }
    }
    let migrates = ground.migrates_automatically() || ground.migrates_at_start();
    if ground.migrations == MigrationMode::Auto
        && ground.survey.migrations.is_some()
        && ground.has_database()
        && !migrates
    {
        warnings.push("Migrations are to run automatically, but no command that runs them was found: a person runs them until section 5 names one.".to_owned());
    }
    let both = siteplan_cost::load_beside_scale(ground.catalog, &ground.context, &ground.brief.settings);
    warnings.extend(both.map(|both| format!("{both}.")));
    let report = &ground.quote.report.budget;
    if !report.within && !platform::violates(ground).iter().any(|broken| broken.constraint == "budget") {
        warnings.push(report.summary.clone());
    }
    warnings.extend(waits(ground));
    warnings.extend(crate::delivery::single_server(ground));
    warnings.extend(crate::delivery::others::warning(ground));
    warnings.extend(crate::delivery::release::lacking_hook(ground));
    let open = gates::unconfirmed(ground);
    if !open.is_empty() {
        let all = gates::gates(ground).len();
        warnings.push(if open.len() == all {
            format!("No person has confirmed any of the {all} answers; the table of decisions says where each comes from.")
        } else {
            format!(
                "No person has confirmed {} of the {all} answers; the table of decisions says which.",
                open.len()
            )
        });
    }
    if ground.planned {
        warnings.push(format!("The application is planned: the repository holds no code, so components and load are assumed from its type; nothing of {PRODUCTION} is real yet."));
    }
    warnings
}

/// That the price is of more regions than the files deploy to. Where code runs everywhere by itself no file says where.
fn further_regions(ground: &Ground<'_>) -> Option<String> {
    let priced = ground.quote.report.assumptions.iter().find(|line| line.key == "regions")?.expected;
    let everywhere = ground.platform.limits.everywhere.as_ref().is_some_and(|figure| figure.value);
    if priced < 2.0 || everywhere {
        return None;
    }
    let data = if ground.placed_database().is_some() { ", the copy of the database" } else { "" };
    Some(format!(
        "The price is of production in {priced:.0} regions; the files deploy to one, {}. What runs in the others{data} and what divides the requests between them have to be set up by hand.",
        code(ground.region(ground.platform))
    ))
}

/// For whom visitors wait after a pause.
fn waits(ground: &Ground<'_>) -> impl Iterator<Item = String> {
    ground.services.iter().filter_map(|service| {
        let wait = Wait::of(ground.catalog, ground.quote, service.placed).filter(Wait::is_noticed)?;
        Some(format!(
            "`{}` stops on {} after {:.0} minutes without a request: the first one after that waits about {:.0} seconds.",
            service.plan.slug, service.platform.name, wait.after_minutes, wait.seconds
        ))
    })
}
