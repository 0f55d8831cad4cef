//! Section 1: the platform, why it was chosen, and why the others were not.

use siteplan_catalog::condition::Need;
use siteplan_catalog::platform::Statement;
use siteplan_model::design::{Alternative, PlatformSection};
use siteplan_model::id::PlatformId;
use siteplan_model::recommendation::{
    Complexity, Effort, Exclusion, Level, PlatformOption, RecommendationCertainty,
};

use crate::ground::Ground;
use crate::prose::{capital, list};

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
        reasons: reasons(ground, complexity, &effort),
        complexity,
        effort,
        recommended: is_recommended(ground),
        pros: option.map_or_else(|| holding(&platform.pros), |option| option.pros.clone()),
        cons: option.map_or_else(|| holding(&platform.cons), |option| option.cons.clone()),
        violates: violates(ground),
        alternatives: alternatives(ground),
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
    let data = ground.quote.data.iter().filter_map(|placed| {
        let service = placed.service.as_ref().and_then(|id| ground.catalog.data_services.get(id))?;
        Some(&service.effort)
    });
    let mut effort = Effort {
        resources: count(facts.resources.value.len()),
        files: count(facts.files.value.len()),
        credentials: count(
            ground.platform.deploy.credentials.iter().filter(|credential| credential.secret).count(),
        ),
        tools: count(facts.tools.value.len()),
    };
    for needs in data {
        effort.resources = effort.resources.saturating_add(count(needs.resources.len()));
        effort.credentials = effort.credentials.saturating_add(count(needs.credentials.len()));
    }
    effort
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

fn reasons(ground: &Ground<'_>, complexity: Complexity, effort: &Effort) -> Vec<String> {
    let mut reasons = Vec::new();
    if is_recommended(ground) {
        reasons.push(sentence(&ground.recommendation.because));
    } else {
        reasons.push(format!(
            "It was chosen although siteplan recommends {}.",
            name(ground, &ground.recommendation.recommended)
        ));
        reasons.extend(ground.option.map(|option| sentence(&option.reasoning)));
    }
    let things = [
        (effort.resources, "resource to create"),
        (effort.files, "file to write"),
        (effort.credentials, "credential to set"),
        (effort.tools, "tool to install"),
    ];
    let things: Vec<String> = things
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| {
            let (thing, rest) = what.split_once(' ').unwrap_or((what, ""));
            format!("{number} {thing}{} {rest}", if number == 1 { "" } else { "s" })
        })
        .collect();
    reasons.push(format!(
        "Expertise `{}`: its complexity is {} ({}).",
        ground.context.expertise,
        complexity.label().to_lowercase(),
        if things.is_empty() { "nothing beyond an account".to_owned() } else { list(&things) }
    ));
    let report = &ground.quote.report;
    reasons.push(format!("Budget `{}`: {}", ground.context.budget, sentence(&report.budget.summary)));
    let needs = supported(ground);
    if !needs.is_empty() {
        reasons.push(format!("Features: {}.", list(&needs)));
    }
    reasons
}

/// How each need of the application is met.
fn supported(ground: &Ground<'_>) -> Vec<String> {
    let mut met: Vec<String> = Vec::new();
    for service in &ground.services {
        met.push(format!("{} runs `{}` ({})", service.platform.name, service.plan.slug, service.plan.kind));
    }
    for placed in &ground.quote.data {
        if let Some(service) = placed.service.as_ref().and_then(|id| ground.catalog.data_services.get(id)) {
            met.push(format!(
                "{} holds the {}",
                service.name,
                if placed.is_cache { "cache or queue" } else { "data" }
            ));
        }
    }
    if ground.needs(Need::Websockets) {
        let place =
            ground.survey.needs.websockets.place().map(|place| format!(" (`{place}`)")).unwrap_or_default();
        met.push(format!("WebSockets{place} are served"));
    }
    let violated = violates(ground);
    met.retain(|text| {
        !(text.starts_with("WebSockets") && violated.iter().any(|v| v.constraint == "websockets"))
    });
    met
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

fn why_not(ground: &Ground<'_>, other: &PlatformOption) -> String {
    if let Some(broken) = other.violates.first() {
        return sentence(&broken.because);
    }
    let mut reasons = Vec::new();
    if other.platform == ground.recommendation.recommended {
        reasons.push("recommended by siteplan, not taken".to_owned());
    }
    let (support, _) = shares(ground);
    let of_hundred = |share: f64| format!("{:.0}", share * 100.0);
    if other.confidence.support < support {
        reasons.push(format!(
            "a good choice in {} of 100 scenarios against {}",
            of_hundred(other.confidence.support),
            of_hundred(support)
        ));
    }
    let (theirs, ours) = (other.monthly_usd.expected, ground.quote.report.total.expected);
    if theirs > ours {
        reasons.push(format!("{} a month against {}", theirs.rounded(), ours.rounded()));
    }
    if let Some(option) = ground.option
        && other.effort.total() > option.effort.total()
    {
        reasons.push(format!("{} things to do once against {}", other.effort.total(), option.effort.total()));
    }
    if reasons.is_empty() || (reasons.len() == 1 && other.platform == ground.recommendation.recommended) {
        reasons.extend(other.cons.first().map(|con| lower(con)));
    }
    if reasons.is_empty() {
        reasons.push(format!("close to {}; the answers tip the balance", ground.platform.name));
    }
    sentence(&capital(&reasons.join("; ")))
}

fn certainty(ground: &Ground<'_>) -> String {
    let word = match ground.recommendation.certainty {
        RecommendationCertainty::Confident => "confident",
        RecommendationCertainty::Moderate => "moderately confident",
        RecommendationCertainty::Uncertain => "uncertain",
    };
    let because = &ground.recommendation.certainty_because;
    if because.is_empty() {
        format!("siteplan is {word}.")
    } else {
        format!("siteplan is {word}: {}", sentence(&lower(because)))
    }
}

/// The name of a platform.
pub(crate) fn name(ground: &Ground<'_>, id: &PlatformId) -> String {
    ground.catalog.platforms.get(id).map_or_else(|| id.to_string(), |platform| platform.name.clone())
}

/// A text with one full stop at its end.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// The first letter small, unless the first word is a name or an abbreviation.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let (first, second) = (letters.next(), letters.next());
    match (first, second) {
        (Some(first), Some(second)) if second.is_lowercase() && starts_plainly(text) => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

fn starts_plainly(text: &str) -> bool {
    let plain = [
        "The ", "It ", "No ", "A ", "An ", "Every ", "Each ", "In ", "You ", "There ", "Free ", "One ",
        "With ",
    ];
    plain.iter().any(|word| text.starts_with(word))
}
