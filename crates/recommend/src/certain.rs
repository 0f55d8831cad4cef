//! Survey and Brief → which needs and answers are sure enough to rule a platform out.
//!
//! Detection is sometimes wrong, and a default is nobody's wish. What is not certain lowers the value of a platform and is said;
//! only what somebody stated, or what the repository states for its deployment, makes one impossible.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_catalog::figure::{Figure, Grade};
use siteplan_catalog::platform::Platform;
use siteplan_cost::Choices;
use siteplan_model::brief::{Brief, Context, DatabaseHosting, EnvironmentSet};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::money::Usd;
use siteplan_model::survey::Survey;

/// Where a need was seen when somebody stated it.
pub(crate) const STATED: &str = "answer";

/// What a platform is held against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) survey: &'a Survey,
    pub(crate) context: &'a Context,
    pub(crate) choices: &'a Choices,
}

/// The questions whose answer nobody gave. A context whose Brief says nothing of its origin counts as a person's.
pub(crate) fn assumed(brief: &Brief) -> BTreeSet<Gate> {
    let by_nobody = |gate: &Gate| match brief.provenance.get(gate) {
        Some(Provenance::Default | Provenance::Detected | Provenance::Assistant) => {
            !brief.channels.get(gate).copied().is_some_and(Channel::is_personal)
        }
        Some(_) => false,
        None => *gate == Gate::Environments && brief.answers.environments.is_none(),
    };
    Gate::ALL.into_iter().filter(by_nobody).collect()
}

/// The cheapest answer to something that may be open.
#[derive(Clone, Copy, Debug)]
enum Cheapest {
    Environments(EnvironmentSet),
    Setting(&'static str, &'static str),
    Database(DatabaseHosting),
}

impl Cheapest {
    const ALL: [Self; 4] = [
        Self::Setting("commercial", "no"),
        Self::Setting("team_size", "1"),
        Self::Environments(EnvironmentSet::Production),
        Self::Database(DatabaseHosting::Managed),
    ];

    /// As `key = value`.
    fn answer(self) -> (&'static str, &'static str) {
        match self {
            Self::Environments(set) => (Gate::Environments.key(), set.as_str()),
            Self::Setting(key, value) => (key, value),
            Self::Database(hosting) => (Gate::Database.key(), hosting.as_str()),
        }
    }

    /// Gives the answer.
    fn take(self, choices: &mut Choices) {
        match self {
            Self::Environments(set) => choices.environments = set,
            Self::Setting(key, value) => {
                choices.settings.insert(key.to_owned(), value.to_owned());
            }
            Self::Database(hosting) => choices.database = Some(hosting),
        }
    }
}

impl Asked<'_> {
    /// Whether somebody gave the answer to a question.
    pub(crate) fn is_stated(&self, gate: Gate) -> bool {
        !self.choices.assumed.contains(&gate)
    }

    /// What a month may cost: the budget that somebody stated, else so many times the one that is assumed.
    pub(crate) fn limit(&self) -> Option<Usd> {
        let ceiling = self.context.ceiling()?;
        let times = if self.is_stated(Gate::Budget) { 1 } else { self.catalog.criteria.assumed_budget_times };
        Some(ceiling * Decimal::from(times))
    }

    /// Whether somebody gave a setting.
    pub(crate) fn is_set(&self, key: &str) -> bool {
        self.choices.settings.get(key).is_some_and(|value| !value.is_empty())
    }

    /// What nobody chose, each with its cheapest answer.
    fn cheapest(&self) -> impl Iterator<Item = Cheapest> {
        let is_open = |one: &Cheapest| match one {
            Cheapest::Environments(_) => !self.is_stated(Gate::Environments),
            Cheapest::Setting(key, _) => !self.is_set(key),
            Cheapest::Database(_) => self.choices.database.is_none(),
        };
        Cheapest::ALL.into_iter().filter(is_open)
    }

    /// Every set of answers that nobody gave and that may make an option cheaper, as documents name them and as choices, the smallest
    /// sets first.
    pub(crate) fn cheaper(&self) -> impl Iterator<Item = (BTreeMap<String, String>, Choices)> {
        let open: Vec<Cheapest> = self.cheapest().collect();
        let mut sets: Vec<usize> = (1..1_usize << open.len()).collect();
        sets.sort_by_key(|set| set.count_ones());
        sets.into_iter().map(move |set| {
            let (mut by, mut choices) = (BTreeMap::new(), self.choices.clone());
            for (_, one) in open.iter().enumerate().filter(|(place, _)| set & (1 << place) != 0) {
                let (key, value) = one.answer();
                by.insert(key.to_owned(), value.to_owned());
                one.take(&mut choices);
            }
            (by, choices)
        })
    }

    /// The choices with everything that nobody chose, but the place of the database, taken at its cheapest; none if everything was
    /// chosen. An exclusion for cost must hold under them.
    pub(crate) fn frugal(&self) -> Option<Choices> {
        let mut choices = self.choices.clone();
        for one in self.cheapest().filter(|one| !matches!(one, Cheapest::Database(_))) {
            one.take(&mut choices);
        }
        (choices != *self.choices).then_some(choices)
    }

    /// The choices under which the least cost is looked for: the cheapest ones, and those with an independent database where nobody
    /// placed it. None where no stated budget asks for them.
    pub(crate) fn frugal_choices(&self) -> Vec<Choices> {
        if self.context.ceiling().is_none() || !self.is_stated(Gate::Budget) {
            return Vec::new();
        }
        let frugal = self.frugal().unwrap_or_else(|| self.choices.clone());
        let managed = (frugal.database.is_none())
            .then(|| Choices { database: Some(DatabaseHosting::Managed), ..frugal.clone() });
        std::iter::once(frugal).chain(managed).collect()
    }

    /// Where a need was seen, if it is certain enough to rule a platform out.
    pub(crate) fn certain(&self, need: Need) -> Option<String> {
        let needs = &self.survey.needs;
        match need {
            Need::Websockets => seen_at(&needs.websockets, 2),
            Need::Gpu => seen_at(&needs.gpu, 1),
            // A stream that keeps data flowing looks the same in the code as a silent wait.
            Need::LongRequests => said(&needs.long_requests),
            // Nor does code that can talk to other instances say that it has to.
            Need::Clustering => said(&needs.clustering),
            Need::Workers | Need::Cron | Need::FileStorage | Need::Database | Need::Cache => None,
        }
    }

    /// Where the memory of an instance was stated, and how much; a limit in a container file is an upper end and no need.
    pub(crate) fn certain_memory(&self) -> Option<u32> {
        let set = self.choices.settings.get("memory_mb").and_then(|text| text.parse().ok());
        set.or_else(|| self.survey.needs.memory.value.filter(|_| said(&self.survey.needs.memory).is_some()))
    }

    /// Whether the kind of application is sure enough to say that a platform cannot run it: somebody stated it, and there is no
    /// front end that the platform tunes for beside it.
    pub(crate) fn shape_is_certain(&self, platform: &Platform) -> bool {
        let tuned = &platform.runs.frameworks.value;
        let front_end = self.survey.frameworks.iter().any(|framework| tuned.contains(&framework.fact.value));
        self.is_stated(Gate::AppType) && !front_end
    }
}

/// Somebody said it: it is sure and rests on nothing that was found.
fn said<T: PartialEq>(fact: &Fact<T>) -> Option<String> {
    (fact.certainty == Certainty::High && fact.evidence.is_empty()).then(|| STATED.to_owned())
}

/// Somebody said it, or detection is sure, knows no rival and saw it in enough files.
fn seen_at(fact: &Fact<bool>, files: usize) -> Option<String> {
    if !fact.value {
        return None;
    }
    let places: BTreeSet<&str> = fact.evidence.iter().map(|seen| seen.path.as_str()).collect();
    let seen = fact.certainty == Certainty::High && fact.runner_up.is_none() && places.len() >= files;
    said(fact).or_else(|| fact.evidence.first().filter(|_| seen).map(Evidence::place))
}

/// Whether a catalog fact is strong enough to rule a platform out: read in the vendor's own words or in agreeing copies of them.
pub(crate) fn is_strong<T>(platform: &Platform, figure: &Figure<T>) -> bool {
    platform.sources.get(&figure.source).is_some_and(|source| source.grade <= Grade::Transcribed)
}
