//! Open questions → how likely an answer to each is to change the winner or its label, which orders the questions and ends them.
//!
//! The value of a question is Σ prior(answer) × [the winner or its label is another one under the answer], each answer decided by
//! the same scenarios as the recommendation itself, so that zero means zero. It is the expected value of perfect information
//! (Howard 1966, "Information Value Theory") for a loss of one wherever the recommendation would have been another.

use siteplan_catalog::condition::Need;
use siteplan_catalog::refinement::Refinement;
use siteplan_model::brief::AppType;
use siteplan_model::fact::Certainty;
use siteplan_model::gate::{Gate, Provenance};
use siteplan_model::id::PlatformId;
use siteplan_model::recommendation::{Level, NotWorthAsking, ValueOfAsking};

use crate::candidate::Field;
use crate::change::answers;
use crate::desk::Desk;
use crate::neighbours::Neighbour;
use crate::refined::{of_need, serves_only};
use crate::situation::Situation;
use crate::words::{hundredths, uncapped};
use crate::{Inputs, round};

/// The open questions, sorted out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking {
    /// Some answer changes the recommendation; the most informative first.
    pub(crate) worth: Vec<ValueOfAsking>,
    /// No answer does, or detection has answered already.
    pub(crate) not_worth: Vec<NotWorthAsking>,
}

/// What is decided, as far as a question can change it.
#[derive(Clone, Debug, PartialEq)]
struct Verdict {
    winner: PlatformId,
    name: String,
    level: Level,
}

impl Verdict {
    fn of(field: &Field<'_>) -> Self {
        let best = field.best();
        let name = best.platform.name.clone();
        Self { winner: best.id().clone(), name, level: best.level }
    }
}

/// An open question while it is weighed.
struct Weighed<'k> {
    key: &'k str,
    value: f64,
    /// The answers that change something, with what then holds.
    changing: Vec<(String, Verdict)>,
}

/// Weighs every question that nobody has answered.
pub(crate) fn asking<'a>(
    inputs: Inputs<'_>,
    desk: &Desk<'a>,
    here: &Situation<'_>,
    field: &Field<'a>,
    neighbours: &[Neighbour<'a>],
) -> Asking {
    let catalog = desk.catalog;
    let now = Verdict::of(field);
    let mut asking = Asking::default();
    let mut weighed: Vec<Weighed<'_>> = Gate::ALL
        .into_iter()
        .filter(|gate| is_open(inputs, here, *gate))
        .filter_map(|gate| weigh_gate(inputs, gate, &now, neighbours))
        .collect();
    for refinement in catalog.refinements.refinement.iter().filter(|open| !is_answered(inputs, open)) {
        match found(inputs, here, refinement) {
            Some(because) => {
                asking.not_worth.push(NotWorthAsking { key: refinement.key.clone(), because });
            }
            None => weighed.push(weigh(desk, here, (field, neighbours), &now, refinement)),
        }
    }
    weighed.sort_by(|one, other| other.value.total_cmp(&one.value));
    for question in weighed {
        let key = question.key.to_owned();
        if question.value > catalog.refinements.ask_above {
            let because = would_change(&question, &now);
            asking.worth.push(ValueOfAsking { key, value: round(question.value), because });
        } else {
            asking.not_worth.push(NotWorthAsking { key, because: would_not(&question, &now) });
        }
    }
    asking
}

fn weigh<'c>(
    desk: &Desk<'c>,
    here: &Situation<'_>,
    (field, neighbours): (&Field<'c>, &[Neighbour<'c>]),
    now: &Verdict,
    refinement: &'c Refinement,
) -> Weighed<'c> {
    let mut weighed = Weighed { key: &refinement.key, value: 0.0, changing: Vec::new() };
    for (change, likelihood) in answers(desk.catalog, here, refinement) {
        let then = match known(here, neighbours, refinement, &change.value) {
            Known::AsNow => now.clone(),
            Known::Beside(neighbour) => Verdict::of(&neighbour.field),
            Known::Nothing => Verdict::of(&field.beside(desk, here, &change.situation)),
        };
        weighed.count(now, &change.value, then, likelihood);
    }
    weighed
}

/// What is known of an answer before anything is computed for it.
enum Known<'n, 'a> {
    /// It denies what nothing speaks for: nothing changes.
    AsNow,
    /// It states a need that was turned round already.
    Beside(&'n Neighbour<'a>),
    /// Nothing.
    Nothing,
}

/// A need that somebody states is the same as one that the repository shows for certain, which is among the single changes.
fn known<'n, 'a>(
    here: &Situation<'_>,
    neighbours: &'n [Neighbour<'a>],
    refinement: &Refinement,
    answer: &str,
) -> Known<'n, 'a> {
    let demands = refinement.choice.iter().any(|choice| !choice.demands.is_empty());
    let Some(need) = refinement.need.filter(|_| !demands) else { return Known::Nothing };
    let Some(fact) = of_need(&here.survey.needs, need) else { return Known::Nothing };
    let serves = here.survey.services.iter().any(|service| serves_only(service.kind, need));
    if !fact.value && !serves && answer == "no" {
        return Known::AsNow;
    }
    let turned = |neighbour: &&Neighbour<'a>| {
        neighbour.changed.get(&refinement.key).is_some_and(|value| value == answer)
    };
    match neighbours.iter().find(turned) {
        Some(neighbour) if !fact.value => Known::Beside(neighbour),
        _ => Known::Nothing,
    }
}

/// A gate without choices of its own that were compared is not weighed.
fn weigh_gate(
    inputs: Inputs<'_>,
    gate: Gate,
    now: &Verdict,
    neighbours: &[Neighbour<'_>],
) -> Option<Weighed<'static>> {
    let others: Vec<(&String, &Neighbour<'_>)> = neighbours
        .iter()
        .filter_map(|neighbour| Some((neighbour.changed.get(gate.key())?, neighbour)))
        .collect();
    if others.is_empty() {
        return None;
    }
    let likelihood = likelihood(inputs, gate, others.len());
    let mut weighed = Weighed { key: gate.key(), value: 0.0, changing: Vec::new() };
    for (answer, neighbour) in others {
        weighed.count(now, answer, Verdict::of(&neighbour.field), likelihood);
    }
    Some(weighed)
}

impl Weighed<'_> {
    fn count(&mut self, now: &Verdict, answer: &str, then: Verdict, likelihood: f64) {
        if then != *now {
            self.value += likelihood;
            self.changing.push((answer.to_owned(), then));
        }
    }
}

/// Whether nobody has given or confirmed the answer to a gate.
fn is_open(inputs: Inputs<'_>, here: &Situation<'_>, gate: Gate) -> bool {
    let unasked = gate == Gate::Database && inputs.brief.answers.database.is_none();
    here.choices.assumed.contains(&gate) || unasked
}

/// How likely each other answer to a gate is: a proposal is confirmed as often as its certainty says, and what nothing speaks for
/// is as likely as any other.
fn likelihood(inputs: Inputs<'_>, gate: Gate, others: usize) -> f64 {
    let Inputs { catalog, survey, brief, .. } = inputs;
    let detected = match gate {
        Gate::AppType => survey.app_type.as_ref().map(|fact| fact.certainty),
        Gate::Expertise => survey.proposals.expertise.as_ref().map(|fact| fact.certainty),
        Gate::Scale => survey.proposals.scale.as_ref().map(|fact| fact.certainty),
        Gate::Budget => survey.proposals.budget.as_ref().map(|fact| fact.certainty),
        _ => None,
    };
    let certainty = match brief.provenance.get(&gate) {
        Some(Provenance::Detected) => detected,
        Some(Provenance::Assistant) => Some(Certainty::Low),
        _ => None,
    };
    let confirmed = certainty.and_then(|certainty| catalog.refinements.confirmed.get(&certainty));
    #[expect(clippy::cast_precision_loss, reason = "a handful of choices")]
    let each = |share: f64, among: usize| share / among.max(1) as f64;
    if let Some(confirmed) = confirmed {
        return each(1.0 - confirmed, others);
    }
    let question = catalog.questions.question.iter().find(|question| question.gate == gate);
    each(1.0, question.map_or(others + 1, |question| question.choice.len()))
}

fn is_answered(inputs: Inputs<'_>, refinement: &Refinement) -> bool {
    inputs.brief.settings.get(&refinement.key).is_some_and(|value| !value.is_empty())
}

/// Why the answer on a need is known: what detection says, and that nothing hangs on it; nothing of a need that is only hinted at,
/// or of an application that is only planned.
fn found(inputs: Inputs<'_>, here: &Situation<'_>, refinement: &Refinement) -> Option<String> {
    let need = refinement.need?;
    if here.context.app_type == AppType::Frontend {
        return Some("a front end has no server that could need it".to_owned());
    }
    if need == Need::Clustering && !here.about().runs_several_instances() {
        return Some("one instance of each service runs at this scale".to_owned());
    }
    if inputs.survey.is_empty() {
        return None;
    }
    let fact = of_need(&inputs.survey.needs, need)?;
    Some(match (fact.value, fact.place()) {
        (true, Some(place)) => format!("the repository shows it (`{place}`)"),
        (true, None) => "the repository shows it".to_owned(),
        (false, Some(_)) if fact.runner_up == Some(true) => return None,
        (false, _) => "nothing in the repository speaks for it".to_owned(),
    })
}

/// Most answers that a reason names.
const NAMED: usize = 3;

fn would_change(question: &Weighed<'_>, now: &Verdict) -> String {
    let one = |(answer, then): &(String, Verdict)| {
        if then.winner == now.winner {
            format!(
                "with `{answer}` the confidence in {} is {}",
                then.name,
                uncapped(then.level).to_lowercase()
            )
        } else {
            format!("with `{answer}` it is {}", then.name)
        }
    };
    let mut parts: Vec<String> = question.changing.iter().take(NAMED).map(one).collect();
    match question.changing.len().saturating_sub(NAMED) {
        0 => {}
        1 => parts.push("1 more answer changes it".to_owned()),
        more => parts.push(format!("{more} more answers change it")),
    }
    parts.join("; ")
}

fn would_not(question: &Weighed<'_>, now: &Verdict) -> String {
    if question.changing.is_empty() {
        return format!("no answer changes the recommendation of {} or how far it leads", now.name);
    }
    format!("an answer changes the recommendation in {} of 100 cases only", hundredths(question.value))
}
