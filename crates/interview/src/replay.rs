//! Answers that nobody gave are computed anew: when a Brief is replayed, and when an answer before them changes.

use serde::Serialize;
use siteplan_model::brief::{BudgetBand, ScaleBand};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::id::{CodeHostId, DatabaseServiceId, PlatformId, SecretsServiceId};

use crate::answer;
use crate::applies::parent;
use crate::error::{AnswerError, quoted};
use crate::interview::Interview;
use crate::pick::{either, nearest};
use crate::secret_names;

/// An answer that came out differently than when the Brief was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The question.
    pub gate: Gate,
    /// The saved answer; `None` if the question is new.
    pub before: Option<String>,
    /// The answer now; `None` if the question no longer applies.
    pub after: Option<String>,
}

impl Interview<'_> {
    /// What became of the saved answers that detection, a default or an unconfirmed assistant had given.
    pub fn replayed_changes(&self) -> &[Change] {
        &self.changes
    }

    /// Gives every saved answer a provenance and, unless an assistant only proposed it, a channel.
    pub(crate) fn complete_provenance(&mut self) {
        let answers = &mut self.brief.answers;
        answers.scale = answers.scale.or_else(|| answers.users.map(ScaleBand::of_users));
        answers.budget = answers.budget.or_else(|| answers.max_usd_per_month.map(BudgetBand::of_ceiling));
        for gate in Gate::ALL {
            if answer::words(&self.brief.answers, gate).is_none() {
                self.brief.provenance.remove(&gate);
                self.brief.channels.remove(&gate);
                continue;
            }
            let provenance = *self.brief.provenance.entry(gate).or_insert(Provenance::File);
            let Some(channel) = provenance.usual_channel() else { continue };
            self.brief.channels.entry(gate).or_insert(channel);
        }
        self.complete_setting_provenance();
    }

    /// Everything in the Brief that the catalog does not know or that must not be there.
    pub(crate) fn errors_in_brief(&self) -> Vec<AnswerError> {
        let answers = &self.brief.answers;
        let mut errors = Vec::new();
        if let (Some(users), Some(band)) = (answers.users, answers.scale)
            && ScaleBand::of_users(users) != band
        {
            errors.push(outside("users", users.to_string(), Gate::Scale, band.as_str()));
        }
        if let (Some(ceiling), Some(band)) = (answers.max_usd_per_month, answers.budget)
            && BudgetBand::of_ceiling(ceiling) != band
        {
            errors.push(outside("max_usd_per_month", ceiling.to_string(), Gate::Budget, band.as_str()));
        }
        let named = [
            (Gate::Platform, answers.platform.as_ref().map(|id| self.catalog.platforms.contains_key(id))),
            (Gate::CodeHost, answers.code_host.as_ref().map(|id| self.catalog.ci_hosts.contains_key(id))),
            (
                Gate::DatabaseService,
                answers.database_service.as_ref().map(|id| self.catalog.data_services.contains_key(id)),
            ),
            (
                Gate::SecretsService,
                answers.secrets_service.as_ref().map(|id| self.catalog.secrets_services.contains_key(id)),
            ),
        ];
        for (gate, known) in named {
            if known == Some(false) {
                errors.push(self.unknown_name(gate));
            }
        }
        // A list that nobody gave is computed anew: names that have left the repository since are no error.
        let by = self.brief.provenance.get(&Gate::RequiredSecrets);
        let given = answers.required_secrets.as_ref().filter(|_| by.is_some_and(|by| !by.is_recomputed()));
        let check = |names: &Vec<String>| {
            secret_names::check(names.iter().map(String::as_str), &self.secrets_read()).err()
        };
        errors.extend(given.and_then(check));
        let settings = self.brief.settings.iter();
        errors.extend(settings.filter_map(|(key, value)| self.check_setting(key, value).err()));
        errors
    }

    /// Computes the saved answers that nobody gave anew, and notes what changed.
    pub(crate) fn replay(&mut self) {
        self.changes = self.recompute(|provenance, channel| match (provenance, channel) {
            (Provenance::Assistant, channel) => channel == Some(Channel::Default),
            (provenance, _) => provenance.is_recomputed(),
        });
    }

    /// Brings the answers that nobody gave in line with an answer that has just changed.
    pub(crate) fn refresh(&mut self) {
        self.recompute(|provenance, channel| provenance.is_recomputed() && channel == Some(Channel::Default));
        for gate in Gate::ALL {
            let by_nobody = self.brief.provenance.get(&gate).is_some_and(|p| p.is_recomputed());
            if by_nobody && !self.applies(gate) {
                self.forget(gate);
            }
        }
    }

    /// Takes the answers of a kind away and fills them again in the order of the questions, so that each rests on those
    /// before it and on none after it; with them the questions that apply only now because of them.
    fn recompute(&mut self, is_meant: impl Fn(Provenance, Option<Channel>) -> bool) -> Vec<Change> {
        let saved = self.brief.clone();
        let meant: Vec<Gate> = Gate::ALL
            .into_iter()
            .filter(|gate| {
                let provenance = saved.provenance.get(gate).copied();
                provenance.is_some_and(|by| is_meant(by, saved.channels.get(gate).copied()))
            })
            .collect();
        for gate in &meant {
            self.forget(*gate);
        }
        let mut filled: Vec<Gate> = Vec::new();
        for gate in Gate::ALL {
            let follows = parent(gate).is_some_and(|parent| filled.contains(&parent));
            let unanswered = answer::words(&self.brief.answers, gate).is_none();
            if !unanswered || !self.applies(gate) || !(meant.contains(&gate) || follows) {
                continue;
            }
            self.fill(gate);
            filled.push(gate);
            let same = answer::words(&self.brief.answers, gate) == answer::words(&saved.answers, gate);
            if let Some(channel) = saved.channels.get(&gate).filter(|_| same) {
                self.brief.channels.insert(gate, *channel);
            }
        }
        let change = |gate: Gate| {
            let before = answer::words(&saved.answers, gate);
            let after = answer::words(&self.brief.answers, gate);
            (before != after).then_some(Change { gate, before, after })
        };
        Gate::ALL.into_iter().filter_map(change).collect()
    }

    fn unknown_name(&self, gate: Gate) -> AnswerError {
        let given = answer::words(&self.brief.answers, gate).unwrap_or_default();
        match gate {
            Gate::Platform => not_in(gate, &given, self.catalog.platforms.keys().map(PlatformId::as_str)),
            Gate::CodeHost => not_in(gate, &given, self.catalog.ci_hosts.keys().map(CodeHostId::as_str)),
            Gate::DatabaseService => {
                not_in(gate, &given, self.catalog.data_services.keys().map(DatabaseServiceId::as_str))
            }
            _ => not_in(gate, &given, self.catalog.secrets_services.keys().map(SecretsServiceId::as_str)),
        }
    }
}

fn not_in<'n>(gate: Gate, given: &str, names: impl Iterator<Item = &'n str> + Clone) -> AnswerError {
    AnswerError::NotAChoice {
        gate,
        given: quoted(given),
        allowed: either(names.clone()),
        nearest: nearest(names, given),
    }
}

fn outside(key: &str, number: String, gate: Gate, band: &str) -> AnswerError {
    AnswerError::OutsideBand { key: key.to_owned(), number, gate, band: band.to_owned() }
}
