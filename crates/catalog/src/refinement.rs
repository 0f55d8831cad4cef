//! Questions beyond the gates: what each answer means for the reasoning, and how likely it is. `data/words/refinements.toml`.
//!
//! An answer is the value of a setting. What it means is said by what exists already: demands on the facts of a platform, a need,
//! an account that exists, and, in `criteria.toml`, preferences that ask for the setting.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::fact::Certainty;

use crate::condition::Need;
use crate::load::Catalog;
use crate::validate::Problem;
use crate::words::Setting;

/// Where the data stands.
const FILE: &str = "words/refinements.toml";

/// The file of refinements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refinements {
    /// Always `siteplan/refinements@1`.
    pub schema: String,
    /// Likelihood of a change above which a question is worth asking, 0 to 1.
    pub ask_above: f64,
    /// How likely a proposed answer is to be confirmed, by the certainty of what proposes it.
    pub confirmed: BTreeMap<Certainty, f64>,
    /// What demands leave of a platform's fit.
    pub demand: DemandFactors,
    /// The refinements.
    pub refinement: Vec<Refinement>,
}

impl Refinements {
    /// The refinement of a setting.
    pub fn get(&self, key: &str) -> Option<&Refinement> {
        self.refinement.iter().find(|refinement| refinement.key == key)
    }
}

/// What a demand leaves of a platform's fit, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandFactors {
    /// When it is met with restrictions (plan, size).
    pub limited: f64,
    /// When nothing certain is known.
    pub unknown: f64,
    /// Why they are what they are.
    pub reason: String,
}

/// A question that is asked only while an answer would change the recommendation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refinement {
    /// The setting that it asks for.
    pub key: String,
    /// What people call it, within a sentence.
    pub name: String,
    /// The question.
    pub text: String,
    /// Why it is asked, in a sentence.
    pub why: String,
    /// What a newcomer needs to know to answer it.
    pub help: String,
    /// The constraint that a platform breaks which does not meet a demand of an answer; empty without demands.
    #[serde(default)]
    pub constraint: String,
    /// Whether an answer changes what is to be paid for.
    #[serde(default)]
    pub priced: bool,
    /// The need that an answer states or denies. Then it is asked only where detection could not tell.
    #[serde(default)]
    pub need: Option<Need>,
    /// What number may be given instead of a choice.
    #[serde(default)]
    pub number: Option<String>,
    /// Why the weights of the choices are what they are.
    pub prior: String,
    /// The choices.
    pub choice: Vec<RefinementChoice>,
}

/// One answer to a refinement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefinementChoice {
    /// The setting's value; empty takes what is usual.
    pub value: String,
    /// The word that people read.
    pub label: String,
    /// What it means.
    pub description: String,
    /// How likely it is, against the others.
    #[serde(default = "one")]
    pub weight: f64,
    /// What it demands of a platform.
    #[serde(default, rename = "demand")]
    pub demands: Vec<Demand>,
    /// The cloud (`cloud` of a platform) in which an account then exists.
    #[serde(default)]
    pub account: Option<String>,
}

fn one() -> f64 {
    1.0
}

/// Something that an answer demands of the facts of a platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Demand {
    /// A region on a continent.
    Continent {
        /// The continent, as `limits.continents` names it.
        of: String,
    },
    /// A SOC 2 report.
    Soc2,
    /// A HIPAA agreement.
    Hipaa,
    /// Several instances of one service.
    Instances {
        /// How many.
        at_least: u32,
    },
    /// A promise of uptime to self-service customers.
    Uptime {
        /// At least so many percent.
        percent: f64,
    },
    /// One application in several regions.
    MultiRegion,
}

impl Refinement {
    /// The choices that the given settings name; none if nobody answered.
    pub fn chosen<'a>(
        &'a self,
        settings: &'a BTreeMap<String, String>,
    ) -> impl Iterator<Item = &'a RefinementChoice> {
        // Asked for each platform in each neighbouring answer: nearly always nobody answered.
        let given = settings.get(&self.key).into_iter().flat_map(|given| given.split(','));
        given.filter_map(|value| self.choice.iter().find(|choice| choice.value == value))
    }

    /// The choices that say something, each with its share of the likelihood; the shares sum to one.
    pub fn answers(&self) -> impl Iterator<Item = (&RefinementChoice, f64)> {
        let all: f64 = self.choice.iter().map(|choice| choice.weight).sum();
        let likely = self.choice.iter().filter(|choice| choice.weight > 0.0);
        likely.map(move |choice| (choice, choice.weight / all))
    }

    /// Whether its answers say where an account exists.
    pub fn states_accounts(&self) -> bool {
        self.choice.iter().any(|choice| choice.account.is_some())
    }

    /// The answer to a need, `None` if it is left to detection.
    pub fn states(&self, settings: &BTreeMap<String, String>) -> Option<(Need, bool)> {
        let need = self.need?;
        match settings.get(&self.key).map(String::as_str) {
            Some("yes") => Some((need, true)),
            Some("no") => Some((need, false)),
            _ => None,
        }
    }
}

/// What is wrong with the refinements against the settings and the facts that they speak of.
pub(crate) fn problems(catalog: &Catalog) -> Vec<Problem> {
    let refinements = &catalog.refinements;
    let mut problems = Vec::new();
    let mut report = |field: &str, message: String| {
        problems.push(Problem { path: FILE.to_owned(), field: field.to_owned(), message });
    };
    for refinement in &refinements.refinement {
        let key = &refinement.key;
        let Some(setting) = catalog.settings.setting.iter().find(|setting| setting.key == *key) else {
            report(key, "has no setting in `words/settings.toml`; add one".to_owned());
            continue;
        };
        for choice in &refinement.choice {
            if setting.canonical(&choice.value).as_deref() != Some(choice.value.as_str()) {
                report(key, format!("the setting does not take `{}`; add it to its choices", choice.value));
            }
            if choice.account.is_some() && !catalog.platforms.values().any(|p| p.cloud == choice.account) {
                report(key, format!("no platform is of the cloud of `{}`", choice.value));
            }
            if !choice.demands.is_empty() && refinement.constraint.is_empty() {
                report(key, format!("`{}` demands something; name the constraint", choice.value));
            }
            for demand in &choice.demands {
                let Demand::Continent { of } = demand else { continue };
                let covered = |p: &crate::platform::Platform| p.limits.continents.value.contains(of);
                if !catalog.platforms.values().any(covered) {
                    report(key, format!("no platform is in `{of}`; name a continent of `limits.continents`"));
                }
            }
        }
        if let Some(missing) = unasked(setting, refinement) {
            report(key, format!("the setting takes `{missing}`, which no choice offers; add one"));
        }
        if refinement.answers().count() < 2 {
            report(key, "needs two choices or more with a weight".to_owned());
        }
    }
    problems
}

/// A value of the setting that no choice offers.
fn unasked<'a>(setting: &'a Setting, refinement: &Refinement) -> Option<&'a String> {
    let offered = |value: &String| refinement.choice.iter().any(|choice| choice.value == *value);
    setting.choices.iter().chain([&setting.default]).find(|value| !offered(value))
}
