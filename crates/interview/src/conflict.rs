//! Answers and settings that were given → what cannot hold beside each other, and what has no effect beside another.
//!
//! What somebody gave is compared with what somebody gave: a default or a finding gives way without a word. The rules that need no
//! more than two keys and their values stand in one table; the others are the few functions below it.

use std::collections::BTreeMap;

use serde::Serialize;
use siteplan_catalog::condition::runs_several_instances;
use siteplan_catalog::refinement::Demand;
use siteplan_model::brief::Brief;
use siteplan_model::gate::Gate;

use crate::answer;
use crate::applies::parent;
use crate::interview::Interview;

use Disagreement::{Contradiction, Idle};

/// How far two things that were given disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disagreement {
    /// Both cannot hold: only a person knows which of them is meant.
    Contradiction,
    /// One of them wins, or has no effect.
    Idle,
}

/// Two things that were given and disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// How far.
    pub kind: Disagreement,
    /// The keys, in the order in which the message names them.
    pub keys: Vec<String>,
    /// What disagrees, in a sentence without a full stop.
    pub message: String,
    /// What can be done about it.
    pub remedy: String,
}

/// A key with one of these values; no values stand for any.
type Given = (&'static str, &'static [&'static str]);

/// Two things that disagree when both are given.
struct Rule {
    kind: Disagreement,
    one: Given,
    other: Given,
    because: &'static str,
    remedy: &'static str,
}

const YES: &[&str] = &["yes"];
const ANY: &[&str] = &[];
const SERVER: &str =
    "a front end is files that a browser runs, and what is stated asks for a server; it counts all the same";
const SERVER_REMEDY: &str =
    "`--set app_type=full-stack` if there is a server beside the front end, else leave the other away";
const BY_HAND: &str = "no push deploys by itself, so that there is nothing to hold back or to choose";
const BY_HAND_REMEDY: &str = "`--set auto_deploy=yes`, or leave the other away";
const UNKNOWN_PLACE: &str =
    "a region's own id does not tell siteplan on which continent it is: it is taken as it stands";
const PLACE_REMEDY: &str = "see in the platform's list that it is where the data has to be";
const REPLACED: &str = "the total counts, and the assumption that would make it up does not";
const REPLACED_REMEDY: &str = "give one of the two";

const RULES: &[Rule] = &[
    Rule {
        kind: Contradiction,
        one: ("app_type", &["workers"]),
        other: ("workers", &["no"]),
        because: "an application of type `workers` is background work and nothing else",
        remedy: "name another `app_type`, or leave `workers = no` away",
    },
    front_end("websockets"),
    front_end("workers"),
    front_end("cron"),
    front_end("long_requests"),
    front_end("file_storage"),
    front_end("gpu"),
    front_end("clustering"),
    by_hand("deployer", &["pipeline", "platform"]),
    by_hand("production_approval", &["manual"]),
    by_hand("freeze_window", ANY),
    Rule {
        kind: Idle,
        one: ("deployer", &["platform"]),
        other: ("production_approval", &["manual"]),
        because: "a platform that deploys by itself waits for no person: the pipeline deploys",
        remedy: "`--set deployer=pipeline` says the same, or `--set production_approval=automatic`",
    },
    Rule {
        kind: Idle,
        one: ("deployer", &["platform"]),
        other: ("freeze_window", ANY),
        because: "a platform that deploys by itself knows no window without releases: the pipeline deploys",
        remedy: "`--set deployer=pipeline` says the same, or leave `freeze_window` away",
    },
    Rule {
        kind: Idle,
        one: ("region", ANY),
        other: ("availability", &["multi-region"]),
        because: "one region is named, and the application is to survive its loss: it counts as the first of several",
        remedy: "`--set availability=high` if one region is meant",
    },
    placed(
        "regions",
        &["north-america", "europe", "asia", "oceania", "south-america", "middle-east", "africa"],
    ),
    placed("compliance", &["gdpr-residency"]),
    replaced("requests_per_month", "requests_per_user"),
    replaced("transfer_gb", "transfer_kb_per_request"),
    replaced("build_minutes", "minutes_per_build"),
];

/// Two things that were given, of which one has no effect beside the other.
const fn idle(one: Given, other: Given, because: &'static str, remedy: &'static str) -> Rule {
    Rule { kind: Idle, one, other, because, remedy }
}

const fn front_end(need: &'static str) -> Rule {
    idle(("app_type", &["frontend"]), (need, YES), SERVER, SERVER_REMEDY)
}

const fn by_hand(setting: &'static str, values: &'static [&'static str]) -> Rule {
    idle(("auto_deploy", &["no"]), (setting, values), BY_HAND, BY_HAND_REMEDY)
}

const fn placed(setting: &'static str, values: &'static [&'static str]) -> Rule {
    idle(("region", ANY), (setting, values), UNKNOWN_PLACE, PLACE_REMEDY)
}

const fn replaced(total: &'static str, assumption: &'static str) -> Rule {
    idle((total, ANY), (assumption, ANY), REPLACED, REPLACED_REMEDY)
}

impl Interview<'_> {
    /// What was given and disagrees, contradictions first.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let by_table = RULES.iter().filter_map(|rule| self.broken(rule));
        let mut all: Vec<Conflict> = by_table.collect();
        all.extend(
            [self.residency(), self.too_few_instances(), self.lone_instance(), self.spread()]
                .into_iter()
                .flatten(),
        );
        all.extend(self.ignored().into_iter().filter_map(|gate| self.without_effect(gate)));
        all.sort_by_key(|conflict| conflict.kind == Idle);
        all
    }

    /// A rule that two given things break.
    fn broken(&self, rule: &Rule) -> Option<Conflict> {
        let one = self.given_one_of(rule.one)?;
        let other = self.given_one_of(rule.other)?;
        Some(conflict(rule.kind, [(rule.one.0, &one), (rule.other.0, &other)], rule.because, rule.remedy))
    }

    /// The value that somebody gave to a key, if it is one of some.
    fn given_one_of(&self, (key, values): (&str, &[&str])) -> Option<String> {
        let given = self.given(key)?;
        let is_one = values.is_empty() || given.split(',').any(|value| values.contains(&value));
        is_one.then_some(given)
    }

    /// What somebody gave, in its words; nothing that was found, proposed or taken by default.
    fn given(&self, key: &str) -> Option<String> {
        let Brief { answers, settings, provenance, .. } = &self.brief;
        if key == "requests_per_month" {
            return answers.requests_per_month.map(|requests| requests.to_string());
        }
        let Ok(gate) = key.parse::<Gate>() else {
            return settings.get(key).filter(|value| !value.is_empty()).cloned();
        };
        let by_somebody = provenance.get(&gate).is_some_and(|by| !by.is_recomputed());
        answer::words(answers, gate).filter(|_| by_somebody)
    }

    /// Data that has to stay in Europe, and continents on which it has to be.
    fn residency(&self) -> Option<Conflict> {
        let (residency, europe) = ("gdpr-residency", "europe");
        let compliance = self.given_one_of(("compliance", &[residency]))?;
        let regions = self
            .given("regions")
            .filter(|regions| *regions != self.catalog.setting(&BTreeMap::new(), "regions"))?;
        let keys = [("compliance", compliance.as_str()), ("regions", regions.as_str())];
        let named: Vec<&str> = regions.split(',').collect();
        if !named.contains(&europe) {
            let because = "personal data has to stay in the European Union, and the application with its data has to be elsewhere";
            return Some(conflict(
                Contradiction,
                keys,
                because,
                "name `europe` among the regions, or leave one of the two away",
            ));
        }
        (named.len() > 1).then(|| {
            let because =
                "the data is to be outside Europe too, and no personal data may be in that part of it";
            conflict(Idle, keys, because, "`--set regions=europe` keeps all of it there")
        })
    }

    /// Fewer instances than an answer demands.
    fn too_few_instances(&self) -> Option<Conflict> {
        let given = self.given("instances")?;
        let count: f64 = given.parse().ok()?;
        let demanding = self.refined().into_iter().find_map(|(refinement, value, choices)| {
            let least = choices.iter().flat_map(|choice| &choice.demands).filter_map(|demand| match demand {
                Demand::Instances { at_least } => Some(*at_least),
                _ => None,
            });
            let least = least.max()?;
            (count < f64::from(least)).then(|| (refinement.key.clone(), value.to_owned(), least))
        });
        let (key, value, least) = demanding?;
        let because = format!("that takes {least} instances or more");
        let remedy = format!("`--set instances={least}`, or leave one of the two away");
        Some(conflict(
            Contradiction,
            [(key.as_str(), value.as_str()), ("instances", given.as_str())],
            &because,
            &remedy,
        ))
    }

    /// Instances that are to find each other where one runs.
    fn lone_instance(&self) -> Option<Conflict> {
        let clustering = self.given_one_of(("clustering", YES))?;
        let context = self.context();
        if runs_several_instances(&context, &self.brief.settings) {
            return None;
        }
        let scale = context.scale.to_string();
        let because =
            "at this scale one instance of each service runs, which has none to find: it changes nothing";
        let remedy = "`--set availability=high` if several are to run";
        Some(conflict(
            Idle,
            [("clustering", clustering.as_str()), ("scale", scale.as_str())],
            because,
            remedy,
        ))
    }

    /// Several continents beside an outage that may last.
    fn spread(&self) -> Option<Conflict> {
        let availability = self.given_one_of(("availability", &["standard"]))?;
        let regions = self.given("regions").filter(|regions| regions.contains(','))?;
        let because = "it runs on each of these continents all the same, and each is paid";
        let remedy = "name one continent if one suffices";
        Some(conflict(
            Idle,
            [("availability", availability.as_str()), ("regions", regions.as_str())],
            because,
            remedy,
        ))
    }

    /// An answer to a question that does not apply.
    fn without_effect(&self, gate: Gate) -> Option<Conflict> {
        let given = self.given(gate.key())?;
        // The question that settles it may be settled itself by the one before it.
        let deciding =
            std::iter::successors(parent(gate), |gate| parent(*gate)).find(|gate| self.applies(*gate))?;
        let settled = answer::words(&self.brief.answers, deciding)
            .or_else(|| self.proposal(deciding).map(|proposal| proposal.value))
            .unwrap_or_else(|| self.default(deciding));
        let because = "the second question does not arise then, and its answer changes nothing";
        let remedy = format!("leave `{gate}` away, or give another `{deciding}`");
        Some(conflict(
            Idle,
            [(deciding.key(), settled.as_str()), (gate.key(), given.as_str())],
            because,
            &remedy,
        ))
    }
}

fn conflict<S: AsRef<str>>(
    kind: Disagreement,
    [(one, first), (other, second)]: [(&str, S); 2],
    because: &str,
    remedy: &str,
) -> Conflict {
    let [first, second] = [first, second].map(|value| crate::error::quoted(value.as_ref()));
    Conflict {
        kind,
        keys: vec![one.to_owned(), other.to_owned()],
        message: format!("`{one} = {first}` and `{other} = {second}`: {because}"),
        remedy: remedy.to_owned(),
    }
}
