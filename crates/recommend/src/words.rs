//! Numbers and facts → the sentences of a recommendation. It quotes only answers that were given, and says of what is assumed that
//! it is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::{Circumstances, Need};
use siteplan_catalog::reasoning::CriterionId;
use siteplan_cost::EngineNeed;
use siteplan_model::brief::Context;
pub(crate) use siteplan_model::digits::hundredths;
use siteplan_model::gate::Gate;
use siteplan_model::recommendation::{Condition, Confidence, Level, Placement, Relaxation};

use crate::candidate::{Candidate, Contest, Field};
use crate::certain::Asked;
use crate::cluster;
use crate::criteria::is_files_near_users;
use crate::lead::Lead;
use crate::neighbours::Neighbour;

/// The option's name: the platform, its companions and its data services of other vendors.
pub(crate) fn name(catalog: &Catalog, candidate: &Candidate<'_>) -> String {
    let companions = candidate.quote.companions.iter().filter_map(|id| catalog.platforms.get(id));
    let elsewhere = candidate
        .quote
        .data
        .iter()
        .filter(|placed| !placed.same_platform)
        .filter_map(|placed| catalog.data_services.get(placed.service.as_ref()?));
    let mut parts = vec![candidate.platform.name.clone()];
    let others = companions.map(|platform| platform.name.clone());
    for part in others.chain(elsewhere.map(|service| service.name.clone())) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join(" + ")
}

/// Where each component and data service goes.
pub(crate) fn placement(candidate: &Candidate<'_>) -> Vec<Placement> {
    let quote = &candidate.quote;
    let components = quote.components.iter().map(|placed| Placement {
        service: quote.workload.components[placed.component].name.clone(),
        platform: placed.platform.to_string(),
        plan: placed.size.clone(),
    });
    let data = quote.data.iter().map(|placed| Placement {
        service: placed.engine.clone(),
        platform: placed.service.as_ref().map_or_else(
            || placed.platform.as_ref().unwrap_or(&quote.platform).to_string(),
            ToString::to_string,
        ),
        plan: placed.plan.clone(),
    });
    // What lives inside a component is where that runs.
    let opened =
        quote.components.iter().find(|one| quote.workload.components[one.component].data_file.is_some());
    let beside = opened.map_or(&quote.server, |placed| &placed.platform);
    let embedded = quote.workload.embedded.iter().map(|engine| Placement {
        service: engine.clone(),
        platform: beside.to_string(),
        plan: "embedded".to_owned(),
    });
    components.chain(data).chain(embedded).collect()
}

/// Components and engines that have no place in an option.
pub(crate) fn unplaced(candidate: &Candidate<'_>) -> Vec<String> {
    let quote = &candidate.quote;
    let engines = quote.unplaced.iter().filter(|engine| !quote.workload.embedded.contains(engine));
    quote.idle.iter().chain(engines).cloned().collect()
}

/// Why the recommended platform is recommended. An answer that nobody gave is no reason: it is said to be assumed.
pub(crate) fn because(
    catalog: &Catalog,
    winner: &Candidate<'_>,
    about: &Circumstances<'_>,
    assumed: &BTreeSet<Gate>,
    field: &Field<'_>,
    relaxation: Option<&Relaxation>,
) -> String {
    let context = about.context;
    let answers = [
        (Gate::AppType, format!("the application is of type `{}`", context.app_type)),
        (Gate::Expertise, format!("the expertise is `{}`", context.expertise)),
        (Gate::Scale, format!("the scale is `{}`", context.scale)),
        (Gate::Budget, format!("the budget is `{}`", context.budget)),
    ];
    let (open, given): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(gate, _)| assumed.contains(gate));
    let texts = |answers: Vec<(Gate, String)>| answers.into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    let (open, given) = (texts(open), texts(given));
    let name = &winner.platform.name;
    let mut text = match (given.is_empty(), open.is_empty()) {
        (false, true) => format!("{name}, because {}", join(&given)),
        (false, false) => {
            format!("{name}, because {}; assumed, as nobody said: {}", join(&given), join(&open))
        }
        (true, _) => format!("{name}, on what is assumed, as nobody said: {}", join(&open)),
    };
    let strengths = strengths(winner, field);
    if let Some(broken) = winner.violates.first() {
        text.push_str(". Nothing meets every constraint; this is the nearest, and it breaks `");
        text.push_str(&broken.constraint);
        text.push_str("`: ");
        text.push_str(&broken.because);
        text.push_str(&feasible_with(relaxation));
    } else if !strengths.is_empty() {
        text.push_str(". Of what is feasible it is among the best in ");
        text.push_str(&join(&strengths));
    }
    if let Some(argument) = cluster::argued(&catalog.criteria, winner, about, field) {
        text.push_str(". ");
        text.push_str(&argument);
    }
    if let Some(data) = data_phrase(catalog, winner) {
        text.push_str(". ");
        text.push_str(&data);
    }
    text
}

/// That a budget which rules nothing out is one that nothing keeps: load and money then do not belong together, and somebody has to
/// say which of them is meant.
pub(crate) fn beyond_all(context: &Context, field: &Field<'_>) -> Option<String> {
    let ceiling = context.ceiling()?;
    let feasible = || field.candidates.iter().filter(|candidate| candidate.feasible());
    let least = feasible().map(|candidate| candidate.expected).min()?;
    let kept = feasible().any(|candidate| candidate.quote.report.budget.within);
    (!kept && least > ceiling).then(|| {
        format!(
            "Nothing that can run it stays within {ceiling} a month at this load, the cheapest is expected to cost {}: either more may be spent, or the load is smaller",
            least.rounded()
        )
    })
}

/// Why an option has its level, quoting the answers.
pub(crate) fn reasoning(
    candidate: &Candidate<'_>,
    confidence: &Confidence,
    about: &Circumstances<'_>,
    assumed: &BTreeSet<Gate>,
    field: &Field<'_>,
    relaxation: Option<&Relaxation>,
) -> String {
    let context = about.context;
    let level = confidence.level.label();
    let by_nobody = |gate| if assumed.contains(&gate) { " (assumed)" } else { "" };
    let rated = match candidate.contest {
        Contest::Among => format!(
            "it is a good choice in {} of 100 scenarios and the best in {}",
            hundredths(candidate.support),
            hundredths(candidate.wins),
        ),
        Contest::OnlyWithin(suits) => format!(
            "it is the only one within the budget, so that it was compared with none; if the budget did not count it would be a good choice in {} of 100 scenarios",
            hundredths(suits)
        ),
        Contest::OnlyFeasible => {
            "it is the only one that meets every constraint, so that it was compared with none".to_owned()
        }
    };
    let mut text = format!(
        "{level} confidence: for type `{}`{}, expertise `{}`{}, scale `{}`{} and budget `{}`{} {rated}",
        context.app_type,
        by_nobody(Gate::AppType),
        context.expertise,
        by_nobody(Gate::Expertise),
        context.scale,
        by_nobody(Gate::Scale),
        context.budget,
        by_nobody(Gate::Budget),
    );
    let (strengths, weaknesses) = (strengths(candidate, field), weaknesses(candidate, field));
    if !strengths.is_empty() {
        text.push_str(". It is among the best in ");
        text.push_str(&join(&strengths));
    }
    if !weaknesses.is_empty() {
        text.push_str(if strengths.is_empty() { ". It falls behind in " } else { ", and falls behind in " });
        text.push_str(&join(&weaknesses));
    }
    if let Some(first) = candidate.violates.first() {
        text.push_str(". It breaks the constraint `");
        text.push_str(&first.constraint);
        text.push_str("`: ");
        text.push_str(&first.because);
        text.push_str(&feasible_with(relaxation));
    }
    if !confidence.conditions.is_empty() {
        text.push_str(". It would be ");
        text.push_str(&conditional(&confidence.conditions));
    }
    text.push('.');
    text
}

/// Levels under other answers, the answers of one level together.
fn conditional(conditions: &[Condition]) -> String {
    let mut by_level: Vec<(Level, Vec<String>)> = Vec::new();
    for condition in conditions {
        let when: Vec<String> =
            condition.when.iter().map(|(key, value)| format!("`{key} = {value}`")).collect();
        match by_level.iter_mut().find(|(level, _)| *level == condition.level) {
            Some((_, answers)) => answers.push(when.join(" and ")),
            None => by_level.push((condition.level, vec![when.join(" and ")])),
        }
    }
    let told = |(level, answers): &(Level, Vec<String>)| {
        format!("{} with {}", uncapped(*level), listed(answers, "or"))
    };
    listed(&by_level.iter().map(told).collect::<Vec<_>>(), "and")
}

/// A level under another answer, where nobody has worked out whether an open answer or a weak fact then holds it at medium.
pub(crate) fn uncapped(level: Level) -> &'static str {
    if level == Level::High { "Medium or High" } else { level.label() }
}

/// Of an option that was compared with none: that it was, and what the nearest beside it costs. `conditions` says
/// by which answers others would be within the budget.
pub(crate) fn alone(
    asked: &Asked<'_>,
    winner: &Candidate<'_>,
    rival: Option<&Candidate<'_>>,
    conditions: &str,
) -> String {
    let name = &winner.platform.name;
    let mut text = match winner.contest {
        Contest::Among | Contest::OnlyFeasible => {
            format!("{name} is the only one that meets every constraint: it was compared with none")
        }
        Contest::OnlyWithin(suits) => {
            let budget = match asked.context.ceiling() {
                Some(ceiling) if asked.is_stated(Gate::Budget) => format!("the budget of {ceiling}"),
                _ => "reach of the budget that is assumed".to_owned(),
            };
            format!(
                "{name} is the only one within {budget}: it was compared with none, and if the budget did not count it would be a good choice in {} of 100 scenarios",
                hundredths(suits)
            )
        }
    };
    if let Some(rival) = rival {
        let _ = write!(
            text,
            "; the nearest beside it is {} at about {} a month",
            rival.platform.name,
            rival.expected.rounded()
        );
    }
    text.push_str(conditions);
    text
}

/// By which answers an option would be within the budget, as a clause that follows another.
pub(crate) fn open_to(candidate: &Candidate<'_>, with: &Relaxation) -> String {
    format!("; {} would be within the budget with {}", candidate.platform.name, with.words)
}

/// What makes a near miss feasible, as a sentence that follows another.
fn feasible_with(relaxation: Option<&Relaxation>) -> String {
    relaxation.map(|it| format!(". It is feasible with {}", it.words)).unwrap_or_default()
}

/// Why a changed answer flips the recommendation.
pub(crate) fn flip(
    winner: &Candidate<'_>,
    then: &Candidate<'_>,
    neighbour: &Neighbour<'_>,
    field: &Field<'_>,
) -> String {
    if let Some(broken) = then.violates.first() {
        return format!(
            "nothing meets every constraint then; {} is the nearest: {}",
            then.platform.name, broken.because
        );
    }
    let former = neighbour.field.candidates.iter().find(|candidate| candidate.id() == winner.id());
    if let Some(broken) = former.and_then(|candidate| candidate.violates.first()) {
        return format!("{} then breaks `{}`: {}", winner.platform.name, broken.constraint, broken.because);
    }
    if let Some(before) = field.candidates.iter().find(|candidate| candidate.id() == then.id())
        && let Some(lifted) = before.violates.first()
    {
        return format!("{} then no longer breaks `{}`", then.platform.name, lifted.constraint);
    }
    if let Some(stays) = stays(then) {
        return stays;
    }
    if let Some(former) = former.filter(|former| winner.stays && former.support < then.support) {
        let more = hundredths(then.support) - hundredths(former.support);
        let (name, left) = (&then.platform.name, &winner.platform.name);
        return format!("{name} then is a good choice in {more} of 100 scenarios more than {left}");
    }
    let before = field.candidates.iter().find(|candidate| candidate.id() == then.id());
    let lead = former.zip(before).map(|(former, before)| {
        let leads = [[before, winner], [then, former]];
        let lead = leads.map(|[one, other]| {
            std::array::from_fn(|axis| one.values[axis].middle - other.values[axis].middle)
        });
        Lead { lead, weights: [field.mean_weights(), neighbour.field.mean_weights()] }.words()
    });
    let lead = lead.filter(|words| !words.is_empty());
    format!("{} {}", then.platform.name, lead.unwrap_or_else(|| "then leads by a small margin".to_owned()))
}

/// Why a platform comes first although another may be a good choice more often.
fn stays(then: &Candidate<'_>) -> Option<String> {
    let name = &then.platform.name;
    match (then.stays, then.current) {
        (false, _) => None,
        (true, true) => Some(format!("{name} is in use, and nothing then gains enough to leave it")),
        (true, false) => {
            Some(format!("an account exists where {name} is, and nothing then gains enough to go elsewhere"))
        }
    }
}

pub(crate) fn axes() -> std::ops::Range<usize> {
    0..CriterionId::ALL.len()
}

/// The criteria on which a candidate is among the best of the feasible platforms, with the fact in words.
fn strengths(candidate: &Candidate<'_>, field: &Field<'_>) -> Vec<String> {
    picked(candidate, field, |value, best, _| value >= best - 0.04 && value >= 0.5)
}

/// The criteria on which a candidate is among the worst.
fn weaknesses(candidate: &Candidate<'_>, field: &Field<'_>) -> Vec<String> {
    picked(candidate, field, |value, best, mean| value < mean - 0.1 && best - value > 0.25)
}

fn picked(candidate: &Candidate<'_>, field: &Field<'_>, keep: impl Fn(f64, f64, f64) -> bool) -> Vec<String> {
    let others: Vec<&Candidate<'_>> = field.candidates.iter().filter(|other| other.feasible()).collect();
    let all = if others.len() < 2 { field.candidates.iter().collect() } else { others };
    axes()
        .filter(|axis| {
            let values: Vec<f64> = all.iter().map(|other| other.values[*axis].middle).collect();
            let best = values.iter().copied().fold(0.0, f64::max);
            #[expect(clippy::cast_precision_loss, reason = "a few dozen platforms")]
            let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
            let spread = best - values.iter().copied().fold(1.0, f64::min);
            spread > 0.1 && keep(candidate.values[*axis].middle, best, mean)
        })
        .map(|axis| fact(candidate, axis))
        .take(3)
        .collect()
}

/// What a value rests on, in a few words.
pub(crate) fn fact(candidate: &Candidate<'_>, axis: usize) -> String {
    let platform = candidate.platform;
    let effort = &candidate.effort;
    match CriterionId::ALL[axis] {
        CriterionId::Fit => "running this application".to_owned(),
        CriterionId::Simplicity => format!(
            "simplicity ({} to create, {} to write, {} to set, {} to install)",
            counted(effort.resources, "thing"),
            counted(effort.files, "file"),
            counted(effort.credentials, "credential"),
            counted(effort.tools, "tool"),
        ),
        CriterionId::Cost => {
            format!("cost (about {} a month)", candidate.quote.report.total.expected.rounded())
        }
        CriterionId::Headroom => "room to grow".to_owned(),
        CriterionId::Maturity => {
            format!("maturity (generally available since {})", platform.lifecycle.generally_available.value)
        }
        CriterionId::Portability => "freedom to leave".to_owned(),
        CriterionId::Reach if is_files_near_users(platform, &candidate.quote) => {
            "reach (a content delivery network)".to_owned()
        }
        CriterionId::Reach => format!("reach ({})", counted(platform.limits.regions.value, "region")),
        CriterionId::Team => "working as a team (previews, roles, a log of changes)".to_owned(),
    }
}

fn counted(count: u32, noun: &str) -> String {
    match count {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// What is said of the data that must last.
fn data_phrase(catalog: &Catalog, winner: &Candidate<'_>) -> Option<String> {
    let quote = &winner.quote;
    if !quote.workload.has(Need::Database) {
        return None;
    }
    let placed = quote.data.iter().find(|placed| !placed.is_cache)?;
    let own = || quote.report.lines.iter().filter(|line| line.component == placed.engine);
    // Production comes last, its plan before its storage and commands.
    let line = own().rfind(|line| line.unit == "month" || line.unit == "instance-month")?;
    let monthly = own()
        .filter(|other| other.environment == line.environment)
        .map(|line| line.monthly.expected)
        .sum::<siteplan_model::money::Usd>();
    let place = if placed.same_platform { "on the same bill" } else { "on a bill of its own" };
    let engine = catalog.names.of(&placed.engine);
    let is_assumed = |need: &EngineNeed| need.engine == placed.engine && need.assumed;
    let opening = if quote.workload.databases.iter().any(is_assumed) {
        format!("No database was found; if it is {engine}, it is")
    } else {
        format!("Its {engine} is")
    };
    let ends = if placed.lasts { "" } else { ", and not fit to last" };
    Some(format!(
        "{opening} {} at about {} a month in {}, {place}{ends}",
        line.item,
        monthly.rounded(),
        line.environment
    ))
}

pub(crate) fn join(parts: &[String]) -> String {
    listed(parts, "and")
}

fn listed(parts: &[String], before_last: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {before_last} {last}", first.join(", ")),
    }
}
