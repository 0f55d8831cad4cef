//! Constraints, criteria, multicriteria acceptability analysis and option sets: a Brief's context → a Recommendation.
//!
//! The method is SMAA-2 (stochastic multicriteria acceptability analysis; Lahdelma, Hokkanen & Salminen 1998; Lahdelma &
//! Salminen 2001): weights are uniform over the region that the answers imply, values lie in their intervals, the load is
//! log-uniform in its band. `support` is the share of scenarios in which a platform is within the tolerance of the best,
//! `wins` the share in which it is the best.

mod analysis;
mod budgets;
mod candidate;
mod certain;
mod change;
mod cluster;
mod concern;
mod constraint;
mod criteria;
mod desk;
mod effort;
mod existing;
mod information;
mod lacking;
mod lanes;
mod lead;
mod leaving;
mod neighbours;
mod option_set;
mod refined;
mod relax;
mod scenario;
mod situation;
mod smaa;
mod weights;
mod words;

use std::collections::BTreeSet;

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Circumstances;
use siteplan_cost::Choices;
use siteplan_model::brief::{Brief, BudgetBand, Context, DatabaseHosting, SecretsHosting};
use siteplan_model::gate::{Gate, Provenance};
use siteplan_model::money::Usd;
use siteplan_model::recommendation::{
    Confidence, Exclusion, Level, PlatformOption, Ranked, Recommendation, RecommendationCertainty, SCHEMA,
};
use siteplan_model::survey::Survey;

use analysis::{Ground, conditions, flips, rests_on_default};
use candidate::{Candidate, Contest, Field};
use certain::Asked;
use criteria::Subject;
use desk::Desk;
use relax::Misses;
use situation::Situation;

pub use criteria::explain;
pub use effort::complexity;
pub use refined::with_stated_needs;
pub use situation::usual_environments;

/// What a recommendation rests on.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// What is known of the world.
    pub catalog: &'a Catalog,
    /// What was found.
    pub survey: &'a Survey,
    /// The answers so far; gates not yet asked count with their defaults.
    pub brief: &'a Brief,
    /// The four context answers.
    pub context: &'a Context,
}

/// The options for a context, best first, with what would change the recommendation.
pub fn recommend(inputs: Inputs<'_>) -> Recommendation {
    let Inputs { catalog, brief, .. } = inputs;
    let here = situation(inputs);
    let desk = Desk::new(catalog);
    let field = Field::of(&desk, &here);
    let neighbours = neighbours::of(&desk, &here, &field);
    let about = here.about();
    let stated = [Gate::Expertise, Gate::Scale, Gate::Budget]
        .iter()
        .all(|gate| !here.choices.assumed.contains(gate))
        .then_some(&about);
    let chosen = option_set::choose(catalog, &field, stated);
    let winner = &field.candidates[chosen[0]];
    let misses = Misses::of(catalog, &here, &field);
    let ground = Ground { desk: &desk, here: &here, field: &field, chosen: &chosen };
    let load_bearing = analysis::load_bearing(ground);
    let asked = here.asked(catalog);
    let flips = flips(winner, &neighbours, &field);
    let defaulted_flip = flips.iter().any(|flip| rests_on_default(brief, flip));

    let cap = if defaulted_flip || !load_bearing.is_empty() { Level::Medium } else { Level::High };
    let option = |index: &usize| {
        let candidate = &field.candidates[*index];
        let level = candidate.level.min(cap);
        let conditions = conditions(candidate, &neighbours);
        let confidence = Confidence {
            level,
            support: round(candidate.support),
            wins: round(candidate.wins),
            alone: candidate.contest != Contest::Among,
            conditions,
        };
        platform_option(brief, &asked, &field, candidate, confidence, &misses)
    };
    let options: Vec<PlatformOption> = chosen.iter().map(option).collect();
    let asking = information::asking(inputs, &desk, &here, &field, &neighbours);
    let held = Held { defaulted_flip, weak_facts: !load_bearing.is_empty() };
    let (certainty, certainty_because) = certainty(&asked, &field, (&chosen, &options), held, &misses);
    Recommendation {
        schema: SCHEMA.to_owned(),
        brief: brief.clone(),
        recommended: winner.id().clone(),
        because: because(inputs, &here, winner, &field, &misses),
        options,
        certainty,
        certainty_because,
        would_change: flips,
        break_even_load: analysis::load_break_evens(ground),
        break_even_price: analysis::price_break_evens(ground),
        weight_stability: analysis::weight_stability(ground),
        load_bearing,
        method_sensitivity: analysis::method_sensitivity(ground),
        excluded: misses.exclusions(),
        worth_asking: asking.worth.iter().map(|question| question.key.clone()).collect(),
        value_of_asking: asking.worth,
        not_worth_asking: asking.not_worth,
        ranking: field.ranked().map(|candidate| ranked(candidate, cap, &misses)).collect(),
    }
}

/// Where every platform stands, without options, sentences and what would change it.
#[derive(Clone, Debug, PartialEq)]
pub struct Standings {
    /// Every platform by support, best first.
    pub ranking: Vec<Ranked>,
    /// Platforms ruled out, each with the constraint.
    pub excluded: Vec<Exclusion>,
}

/// The first half of [`recommend`], for those who ask about many answers.
pub fn standings(inputs: Inputs<'_>) -> Standings {
    let here = situation(inputs);
    let field = Field::of(&Desk::new(inputs.catalog), &here);
    let misses = Misses::of(inputs.catalog, &here, &field);
    let ranked = |candidate| ranked(candidate, Level::High, &misses);
    Standings { ranking: field.ranked().map(ranked).collect(), excluded: misses.exclusions() }
}

/// What is decided about: needs that somebody stated or denied stand in the place of those that were found.
fn situation(inputs: Inputs<'_>) -> Situation<'_> {
    Situation {
        found: inputs.survey,
        survey: with_stated_needs(inputs.catalog, inputs.survey, &inputs.brief.settings),
        context: inputs.context.clone(),
        choices: open_choices(inputs),
        environments: inputs.brief.answers.environments,
    }
}

/// The answers that change a cost beyond the context: those given, else the stated defaults.
pub fn choices(inputs: Inputs<'_>) -> Choices {
    let answers = &inputs.brief.answers;
    let environments = answers.environments.unwrap_or_else(|| usual_environments(inputs.context.budget));
    let secrets = answers.required_secrets.as_ref().map_or_else(
        || inputs.survey.environment.iter().filter(|variable| variable.secret).count(),
        Vec::len,
    );
    let manager = answers.secrets == Some(SecretsHosting::Manager);
    Choices {
        environments,
        database: answers.database,
        database_service: answers.database_service.clone(),
        secrets_service: answers.secrets_service.clone().filter(|_| manager),
        code_host: answers.code_host.clone().filter(|_| answers.auto_deploy != Some(false)),
        secrets: u32::try_from(secrets).unwrap_or(u32::MAX),
        settings: inputs.brief.settings.clone(),
        assumed: certain::assumed(inputs.brief),
    }
}

/// A context under another budget in whole dollars.
pub(crate) fn under_budget(context: &Context, ceiling: Usd) -> Context {
    Context { budget: BudgetBand::of_ceiling(ceiling), max_usd_per_month: Some(ceiling), ..context.clone() }
}

/// A context under the budget of a band alone.
pub(crate) fn under_band(context: &Context, band: BudgetBand) -> Context {
    Context { budget: band, max_usd_per_month: None, ..context.clone() }
}

/// The choices under which platforms are compared: where a default placed the database or the secrets for one platform, every
/// other platform places them for itself.
pub fn open_choices(inputs: Inputs<'_>) -> Choices {
    let defaulted = |gate| inputs.brief.provenance.get(&gate) == Some(&Provenance::Default);
    let mut open = choices(inputs);
    if defaulted(Gate::Database) && open.database != Some(DatabaseHosting::None) {
        open.database = None;
        open.database_service = None;
    }
    if defaulted(Gate::DatabaseService) {
        open.database_service = None;
    }
    open
}

/// Why the recommended platform is recommended, and why a platform in use is kept or left.
fn because(
    inputs: Inputs<'_>,
    here: &Situation<'_>,
    winner: &Candidate<'_>,
    field: &Field<'_>,
    misses: &Misses,
) -> String {
    let relaxation = misses.relaxation(winner.id());
    let catalog = inputs.catalog;
    let reasons =
        words::because(catalog, winner, &here.about(), &by_default(inputs.brief), field, relaxation);
    let by_nobody = !here.asked(catalog).is_stated(Gate::Budget) && winner.violates.is_empty();
    let beyond = words::beyond_all(&here.context, field).filter(|_| by_nobody);
    let verdict = leaving::verdict(field, winner, catalog.criteria.leaving_gain);
    let verdict = verdict.or_else(|| leaving::account_verdict(catalog, field, winner));
    std::iter::once(reasons).chain(beyond).chain(verdict).collect::<Vec<_>>().join(". ")
}

/// Questions that a default answered. What the repository shows is a reason; a default is none.
fn by_default(brief: &Brief) -> BTreeSet<Gate> {
    let defaults = brief.provenance.iter().filter(|(_, from)| **from == Provenance::Default);
    defaults.map(|(gate, _)| *gate).collect()
}

fn platform_option(
    brief: &Brief,
    asked: &Asked<'_>,
    field: &Field<'_>,
    candidate: &Candidate<'_>,
    confidence: Confidence,
    misses: &Misses,
) -> PlatformOption {
    let catalog = asked.catalog;
    let settings = &asked.choices.settings;
    let about = &Circumstances { context: asked.context, survey: asked.survey, settings };
    let platform = candidate.platform;
    let texts = |statements: &[siteplan_catalog::platform::Statement]| {
        statements.iter().filter(|s| s.when.holds(about)).map(|s| s.text.clone()).collect::<Vec<_>>()
    };
    let assumed = by_default(brief);
    let relaxation = misses.relaxation(&platform.id);
    let reasoning = words::reasoning(candidate, &confidence, about, &assumed, field, relaxation);
    let within_budget_with = relax::within_budget_with(asked, candidate);
    let subject = Subject {
        catalog,
        platform,
        quote: &candidate.quote,
        context: asked.context,
        refined_by: Some(settings),
    };
    let mut pros = texts(&platform.pros);
    pros.extend(existing::advantage(&subject));
    let mut cons = texts(&platform.cons);
    cons.extend(existing::disadvantage(&subject));
    cons.extend(concern::concerns(asked, candidate, within_budget_with.as_ref()));
    cons.extend(refined::concerns(catalog, platform, &candidate.quote, settings));
    PlatformOption {
        platform: platform.id.clone(),
        name: words::name(catalog, candidate),
        philosophy: platform.philosophy,
        current: candidate.current,
        leaving: candidate.current.then(|| leaving::leaving(catalog, asked.survey, candidate)),
        placement: words::placement(candidate),
        unplaced: words::unplaced(candidate),
        feasible: candidate.violates.is_empty(),
        violates: misses.broken(&platform.id),
        feasible_with: misses.relaxation(&platform.id).cloned(),
        confidence,
        best_for: platform.best_for.clone(),
        pros,
        cons,
        avoid_if: texts(&platform.avoid_if),
        reasoning,
        complexity: complexity(catalog, &candidate.effort),
        effort: candidate.effort.clone(),
        reference: platform.reference.clone(),
        monthly_usd: candidate.quote.report.total,
        price_note: platform.price_note.value.clone(),
        within_budget: candidate.quote.report.budget.within,
        within_budget_with,
        price_is_open: candidate.quote.report.budget.open,
    }
}

fn ranked(candidate: &Candidate<'_>, cap: Level, misses: &Misses) -> Ranked {
    Ranked {
        platform: candidate.id().clone(),
        name: candidate.platform.name.clone(),
        feasible: candidate.violates.is_empty(),
        feasible_with: misses.relaxation(candidate.id()).cloned(),
        level: candidate.level.min(cap),
        support: round(candidate.support),
        wins: round(candidate.wins),
        monthly_usd: candidate.quote.report.total,
    }
}

/// The level of a support, by the catalog's cuts.
fn level(catalog: &Catalog, support: f64) -> Level {
    if support >= catalog.criteria.high_from {
        Level::High
    } else if support >= catalog.criteria.medium_from {
        Level::Medium
    } else {
        Level::Low
    }
}

/// What holds a level at medium.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// An answer that nobody gave could change the recommendation.
    defaulted_flip: bool,
    /// A weakly founded value could.
    weak_facts: bool,
}

impl Held {
    /// Why a level that would be high is not.
    fn because(self, level: Level) -> Option<&'static str> {
        match (self.defaulted_flip, self.weak_facts) {
            _ if level < Level::High => None,
            (false, false) => None,
            (true, false) => Some("an answer that nobody has given yet"),
            (false, true) => Some("a fact that is not certain enough"),
            (true, true) => Some("an answer that nobody has given yet or a fact that is not certain enough"),
        }
    }
}

fn certainty(
    asked: &Asked<'_>,
    field: &Field<'_>,
    shown: (&[usize], &[PlatformOption]),
    held: Held,
    misses: &Misses,
) -> (RecommendationCertainty, String) {
    let (chosen, options) = shown;
    let winner = &field.candidates[chosen[0]];
    // Of the others that are shown, for who is named is looked up: of two that are the best equally often, the one that ranks before.
    let mut others = chosen[1..].iter().map(|index| &field.candidates[*index]);
    if !winner.violates.is_empty() {
        let nearest = match misses.relaxation(winner.id()) {
            Some(relaxation) => format!("this one is the nearest, feasible with {}", relaxation.words),
            None => "this one breaks the least, and no answer lifts it".to_owned(),
        };
        let mut text = if field.candidates.iter().any(Candidate::feasible) {
            format!("no platform of the catalog is sure to meet every constraint; {nearest}")
        } else {
            format!("no platform of the catalog meets every constraint; {nearest}")
        };
        text.push_str(&within_with(field, chosen, options));
        return (RecommendationCertainty::Uncertain, text);
    }
    if winner.contest != Contest::Among {
        let text = words::alone(asked, winner, others.next(), &within_with(field, chosen, options));
        return (RecommendationCertainty::Uncertain, text);
    }
    let rival = others.reduce(|most, other| if other.wins > most.wins { other } else { most });
    let rival_name = rival.map_or("no other", |candidate| candidate.platform.name.as_str());
    let mut level = if winner.wins >= 0.5 {
        RecommendationCertainty::Confident
    } else if winner.wins >= 0.3 {
        RecommendationCertainty::Moderate
    } else {
        RecommendationCertainty::Uncertain
    };
    let mut text = format!(
        "{} is the best choice in {} of 100 ways to weigh your priorities and to fill in what is uncertain, {rival_name} in {}",
        winner.platform.name,
        words::hundredths(winner.wins),
        rival.map_or(0, |candidate| words::hundredths(candidate.wins)),
    );
    if held.defaulted_flip {
        level = level.min(RecommendationCertainty::Moderate);
    }
    match held.because(winner.level) {
        Some(by) => {
            text.push_str("; the confidence is medium and not high, as ");
            text.push_str(by);
            text.push_str(" could change the recommendation");
        }
        None if held.defaulted_flip => {
            text.push_str("; an answer that nobody has given yet could change it");
        }
        None => {}
    }
    (level, text)
}

/// By which answers the options that are above the stated budget would be within it.
fn within_with(field: &Field<'_>, chosen: &[usize], options: &[PlatformOption]) -> String {
    let shown = chosen.iter().map(|index| &field.candidates[*index]).zip(options);
    let open =
        |(one, option): (_, &PlatformOption)| Some(words::open_to(one, option.within_budget_with.as_ref()?));
    shown.filter_map(open).collect()
}

/// A share rounded to a thousandth, so that documents do not change with noise.
fn round(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}
