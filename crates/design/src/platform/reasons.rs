//! Why a platform was chosen, why the others were not, and what is open.

use siteplan_catalog::condition::Need;
use siteplan_catalog::platform::Ability;
use siteplan_model::digits::hundredths;
use siteplan_model::gate::{Gate, Provenance};
use siteplan_model::recommendation::{Complexity, Effort, Flip, PlatformOption};

use super::{is_recommended, name, shares, violates};
use crate::gates;
use crate::ground::Ground;
use crate::prose::{capital, code, list};

/// Whether nobody named the platform.
fn by_default(ground: &Ground<'_>) -> bool {
    let given = ground.brief.provenance.get(&Gate::Platform);
    given.is_none_or(|given| *given == Provenance::Default)
}

/// Why it was chosen, in a few words.
pub(super) fn summary(ground: &Ground<'_>, complexity: Complexity, support: f64) -> String {
    let mut parts = vec![if is_recommended(ground) {
        format!("the recommended option, a good choice in {} of 100 scenarios", hundredths(support))
    } else if by_default(ground) {
        format!(
            "proposed at first; with all answers {} is recommended",
            name(ground, &ground.recommendation.recommended)
        )
    } else {
        format!("chosen in place of the recommended {}", name(ground, &ground.recommendation.recommended))
    }];
    let broken: Vec<String> =
        violates(ground).iter().map(|broken| format!("`{}`", broken.constraint)).collect();
    if !broken.is_empty() {
        parts.push(format!("it breaks {}", list(&broken)));
    }
    parts.push(format!("{} complexity", complexity.label().to_lowercase()));
    parts.push(format!("about {} a month", ground.quote.report.total.expected.rounded()));
    parts.join("; ")
}

pub(super) fn reasons(ground: &Ground<'_>, complexity: Complexity, effort: &Effort) -> Vec<String> {
    let mut reasons = Vec::new();
    if is_recommended(ground) {
        reasons.push(sentence(&ground.recommendation.because));
    } else {
        let recommended = name(ground, &ground.recommendation.recommended);
        reasons.push(if by_default(ground) {
            format!("It was proposed before the later answers were known; with all of them siteplan recommends {recommended}.")
        } else {
            format!("It was chosen although siteplan recommends {recommended}.")
        });
        reasons.extend(ground.option.map(|option| sentence(&option.reasoning)));
    }
    let things = [
        (effort.resources, "thing to create"),
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
        reasons.push(format!("Features: {}.", needs.join("; ")));
    }
    reasons
}

/// How each need of the application is met.
fn supported(ground: &Ground<'_>) -> Vec<String> {
    let mut met: Vec<String> = Vec::new();
    for platform in ground.platforms() {
        let run: Vec<String> = ground
            .services
            .iter()
            .filter(|service| service.platform.id == platform.id)
            .map(|service| format!("`{}` ({})", service.plan.slug, service.plan.kind))
            .collect();
        if !run.is_empty() {
            met.push(format!("{} runs {}", platform.name, list(&run)));
        }
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
    if ground.needs(Need::Clustering) && ground.platform.capabilities.clustering.value != Ability::No {
        let place =
            ground.survey.needs.clustering.place().map(|place| format!(" (`{place}`)")).unwrap_or_default();
        met.push(format!("instances that find each other{place} do so on its private network"));
    }
    let violated = violates(ground);
    met.retain(|text| {
        !(text.starts_with("WebSockets") && violated.iter().any(|v| v.constraint == "websockets"))
    });
    met
}

pub(super) fn why_not(ground: &Ground<'_>, other: &PlatformOption) -> String {
    if let Some(broken) = other.violates.first() {
        let with = other.feasible_with.as_ref().map(|it| format!(" It is feasible with {}.", it.words));
        return format!("{}{}", sentence(&capital(&broken.because)), with.unwrap_or_default());
    }
    let mut reasons = Vec::new();
    if other.platform == ground.recommendation.recommended {
        reasons.push("recommended by siteplan, not taken".to_owned());
    }
    let (support, _) = shares(ground);
    if other.confidence.support < support {
        reasons.push(format!(
            "a good choice in {} of 100 scenarios against {}",
            hundredths(other.confidence.support),
            hundredths(support)
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

/// Who comes next, and which open answer could change it.
pub(super) fn certainty(ground: &Ground<'_>) -> String {
    let recommendation = ground.recommendation;
    let mut sentences = Vec::new();
    let best = recommendation.options.first();
    if best.is_some_and(|option| !option.violates.is_empty() || option.confidence.alone) {
        sentences.push(capital(&sentence(&recommendation.certainty_because)));
    }
    let others = recommendation.options.iter().filter(|option| option.platform != ground.platform.id);
    let wins = |option: &PlatformOption| option.confidence.wins;
    if let Some(next) = others.max_by(|a, b| wins(a).total_cmp(&wins(b))).filter(|next| wins(next) >= 0.005) {
        sentences.push(format!(
            "{} is the best in {}.",
            name(ground, &next.platform),
            hundredths(wins(next))
        ));
    }
    let open: Vec<String> = gates::unconfirmed(ground)
        .into_iter()
        .filter(|gate| {
            let turns = |flip: &Flip| flip.when.contains_key(gate.key());
            recommendation.would_change.iter().any(turns)
        })
        .map(|gate| code(gate.key()))
        .collect();
    if !open.is_empty() {
        sentences.push(format!(
            "Open: nobody has confirmed {}, and another answer could change the recommendation.",
            list(&open)
        ));
    }
    sentences.join(" ")
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
