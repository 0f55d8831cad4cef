//! Section 1: the platform, why it was chosen, and why the others were not.

mod reasons;

use siteplan_catalog::figure::Figure;
use siteplan_catalog::platform::{Cases, EffortItem, Statement};
use siteplan_cost::asked;
use siteplan_model::design::{Alternative, InUse, PlatformSection};
use siteplan_model::id::PlatformId;
use siteplan_model::recommendation::{Complexity, Effort, Exclusion, Level};

use crate::ground::Ground;
use reasons::{certainty, reasons, summary, why_not};

/// The section.
pub(crate) fn platform(ground: &Ground<'_>) -> PlatformSection {
    let platform = ground.platform;
    let (support, wins) = shares(ground);
    let option = ground.option;
    let about = ground.circumstances();
    let holding = |statements: &[Statement]| -> Vec<String> {
        statements
            .iter()
            .filter(|statement| statement.when.holds(&about))
            .map(|statement| statement.text.clone())
            .collect()
    };
    let effort = option.map_or_else(|| effort(ground), |option| option.effort.clone());
    let complexity = option.map_or_else(|| complexity(ground, &effort), |option| option.complexity);
    PlatformSection {
        id: platform.id.clone(),
        name: platform.name.clone(),
        philosophy: platform.philosophy,
        confidence: option.map_or_else(|| level(ground, support), |option| option.confidence.level),
        support,
        wins,
        summary: summary(ground, complexity, support),
        names: ground
            .catalog
            .platforms
            .values()
            .filter(|known| ground.recommendation.would_change.iter().any(|flip| flip.then == known.id))
            .map(|known| (known.id.clone(), known.name.clone()))
            .collect(),
        reasons: reasons(ground, complexity, &effort),
        complexity,
        effort,
        recommended: is_recommended(ground),
        pros: option.map_or_else(|| holding(&platform.pros), |option| option.pros.clone()),
        cons: option.map_or_else(|| holding(&platform.cons), |option| option.cons.clone()),
        violates: violates(ground),
        alternatives: alternatives(ground),
        in_use: in_use(ground),
        would_change: ground.recommendation.would_change.clone(),
        certainty: certainty(ground),
        reference: platform.reference.clone(),
        region: (platform.limits.regions.value > 1 || !ground.setting("region").is_empty())
            .then(|| ground.region(platform).to_owned()),
        notices: holding(&platform.lifecycle.notices),
    }
}

/// Whether the chosen platform is the recommended one.
pub(crate) fn is_recommended(ground: &Ground<'_>) -> bool {
    ground.recommendation.recommended == ground.platform.id
}

fn shares(ground: &Ground<'_>) -> (f64, f64) {
    let of_option = ground.option.map(|option| (option.confidence.support, option.confidence.wins));
    let ranked = || {
        let ranked =
            ground.recommendation.ranking.iter().find(|ranked| ranked.platform == ground.platform.id)?;
        Some((ranked.support, ranked.wins))
    };
    of_option.or_else(ranked).unwrap_or_default()
}

fn level(ground: &Ground<'_>, support: f64) -> Level {
    let cuts = &ground.catalog.criteria;
    if support >= cuts.high_from {
        Level::High
    } else if support >= cuts.medium_from {
        Level::Medium
    } else {
        Level::Low
    }
}

/// What a platform outside the options asks, counted as its facts list it.
fn effort(ground: &Ground<'_>) -> Effort {
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let facts = &ground.platform.effort;
    let cases = cases(ground);
    let needed = |list: &Figure<Vec<EffortItem>>| {
        count(list.value.iter().filter(|item| item.is_needed(cases)).count())
    };
    let data = ground.quote.data.iter().filter_map(|placed| {
        let service = placed.service.as_ref().and_then(|id| ground.catalog.data_services.get(id))?;
        Some(&service.effort)
    });
    let mut effort = Effort {
        resources: needed(&facts.resources).saturating_add(count(ground.quote.components.len())),
        files: needed(&facts.files),
        credentials: count(
            asked::credentials(ground.quote, ground.platform, cases)
                .saturating_add(asked::assigned_addresses(ground.quote, ground.platform, cases)),
        ),
        tools: needed(&facts.tools),
    };
    for needs in data {
        effort.resources = effort.resources.saturating_add(count(needs.resources.len()));
        effort.credentials = effort.credentials.saturating_add(count(needs.credentials.len()));
    }
    effort
}

/// What holds for the application on the chosen platform.
pub(crate) fn cases(ground: &Ground<'_>) -> Cases {
    let releaser = asked::Releaser::usual(ground.context.expertise, ground.platform);
    asked::cases(ground.catalog, ground.quote, ground.platform, releaser)
}

fn complexity(ground: &Ground<'_>, effort: &Effort) -> Complexity {
    let [very_low, low, medium, high] = ground.catalog.criteria.complexity_upto;
    match effort.total() {
        total if total <= very_low => Complexity::VeryLow,
        total if total <= low => Complexity::Low,
        total if total <= medium => Complexity::Medium,
        total if total <= high => Complexity::High,
        _ => Complexity::VeryHigh,
    }
}

/// The constraints that the chosen platform breaks.
pub(crate) fn violates(ground: &Ground<'_>) -> Vec<Exclusion> {
    if let Some(option) = ground.option {
        return option.violates.clone();
    }
    let of_it = |excluded: &&Exclusion| excluded.platform == ground.platform.id;
    ground.recommendation.excluded.iter().filter(of_it).cloned().collect()
}

fn alternatives(ground: &Ground<'_>) -> Vec<Alternative> {
    let others = ground.recommendation.options.iter().filter(|option| option.platform != ground.platform.id);
    others
        .map(|option| Alternative {
            id: option.platform.clone(),
            name: option.name.clone(),
            confidence: option.confidence.level,
            monthly_usd: option.monthly_usd,
            complexity: option.complexity,
            because: why_not(ground, option),
            reference: option.reference.clone(),
        })
        .collect()
}

fn in_use(ground: &Ground<'_>) -> Vec<InUse> {
    let current = ground.recommendation.options.iter().filter(|option| option.current);
    current
        .filter_map(|option| {
            Some(InUse {
                name: name(ground, &option.platform),
                kept: option.platform == ground.platform.id,
                leaving: option.leaving.clone()?,
            })
        })
        .collect()
}

/// The name of a platform.
pub(crate) fn name(ground: &Ground<'_>, id: &PlatformId) -> String {
    ground.catalog.platforms.get(id).map_or_else(|| id.to_string(), |platform| platform.name.clone())
}
