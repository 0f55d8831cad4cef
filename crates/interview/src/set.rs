//! `--set KEY=VALUE`: answers, the exact numbers that narrow them, and settings, by key.

use siteplan_model::brief::{DatabaseHosting, SecretsHosting};
use siteplan_model::gate::{Channel, Gate, Provenance};

use crate::answer::Answer;
use crate::error::{AnswerError, quoted};
use crate::interview::Interview;
use crate::number;
use crate::pick::{either, nearest};

/// Keys of the exact numbers that narrow an answer.
const USERS: &str = "users";
const REQUESTS: &str = "requests_per_month";
const CEILING: &str = "max_usd_per_month";

impl Interview<'_> {
    /// Sets an answer or a setting from the command line.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), AnswerError> {
        self.set_as(key, value, Provenance::Flag, Channel::Flag)
    }

    /// Sets an answer or a setting; an answer keeps who gave it.
    pub fn set_as(
        &mut self,
        key: &str,
        value: &str,
        provenance: Provenance,
        channel: impl Into<Option<Channel>>,
    ) -> Result<(), AnswerError> {
        let key = key.trim().replace('-', "_");
        let channel = channel.into();
        if let Ok(gate) = key.parse::<Gate>() {
            self.answer(gate, value, provenance, channel)?;
            return self.imply(gate, provenance, channel);
        }
        let wrong = |expected: &str| AnswerError::NotANumber {
            key: key.clone(),
            given: quoted(value),
            expected: expected.to_owned(),
        };
        match key.as_str() {
            USERS => {
                let users = number::count(value).filter(|users| *users > 0).ok_or_else(|| {
                    wrong("a number such as `800`, `10K`, `1M`, from 1 to 10,000,000,000,000 (users)")
                })?;
                self.record(Gate::Scale, Answer::Users(users), provenance, channel);
            }
            REQUESTS => {
                let requests = number::count(value).filter(|requests| *requests > 0).ok_or_else(|| {
                    wrong("a number such as `40_000`, `2M`, from 1 to 10,000,000,000,000 (requests)")
                })?;
                self.brief.answers.requests_per_month = Some(requests);
            }
            CEILING => {
                let ceiling =
                    number::dollars(value).ok_or_else(|| wrong("a number of dollars such as `30`"))?;
                self.record(Gate::Budget, Answer::Ceiling(ceiling), provenance, channel);
            }
            _ => {
                let value = self.check_setting(&key, value)?;
                self.put_setting(&key, value, provenance);
            }
        }
        self.refresh();
        Ok(())
    }

    /// Who names a service has chosen to use one: the question before it is answered with it, unless somebody answered it.
    fn imply(
        &mut self,
        gate: Gate,
        provenance: Provenance,
        channel: Option<Channel>,
    ) -> Result<(), AnswerError> {
        let (before, word) = match gate {
            Gate::DatabaseService => (Gate::Database, DatabaseHosting::Managed.as_str()),
            Gate::SecretsService => (Gate::Secrets, SecretsHosting::Manager.as_str()),
            _ => return Ok(()),
        };
        let given = self.brief.provenance.get(&before).is_some_and(|given| !given.is_recomputed());
        if given { Ok(()) } else { self.answer(before, word, provenance, channel) }
    }

    /// A setting's value as it is kept, if the setting exists and takes it. Assumptions and totals of the usage model are
    /// settings too: they take a number within the catalog's range.
    pub(crate) fn check_setting(&self, key: &str, value: &str) -> Result<String, AnswerError> {
        let value = value.trim();
        if let Some(bounds) = self.catalog.usage.bounds(key) {
            return bounds.read(value).map(|_| value.to_owned()).ok_or_else(|| AnswerError::NotANumber {
                key: key.to_owned(),
                given: quoted(value),
                expected: bounds.words(),
            });
        }
        let Some(setting) = self.catalog.settings.setting.iter().find(|setting| setting.key == key) else {
            return Err(AnswerError::UnknownKey { key: quoted(key), nearest: self.nearest_key(key) });
        };
        setting.canonical(value).ok_or_else(|| {
            if setting.number {
                return AnswerError::NotANumber {
                    key: key.to_owned(),
                    given: quoted(value),
                    expected: "a whole number above zero".to_owned(),
                };
            }
            if setting.choices.is_empty() {
                return AnswerError::NotANumber {
                    key: key.to_owned(),
                    given: quoted(value),
                    expected: setting.form.words().to_owned(),
                };
            }
            let named = || setting.choices.iter().map(String::as_str).filter(|choice| !choice.is_empty());
            let empty = if named().count() < setting.choices.len() { ", or nothing" } else { "" };
            let several = if setting.several { ", or several of them, separated by commas" } else { "" };
            let wrong = value.split(',').find(|word| setting.canonical(word).is_none()).unwrap_or(value);
            AnswerError::NotASettingValue {
                key: key.to_owned(),
                given: quoted(value),
                allowed: format!("{}{empty}{several}", either(named())),
                nearest: nearest(named(), wrong),
            }
        })
    }

    fn nearest_key(&self, key: &str) -> Option<String> {
        let gates = Gate::ALL.iter().map(|gate| gate.key());
        let settings = self.catalog.settings.setting.iter().map(|setting| setting.key.as_str());
        let all = gates.chain([USERS, REQUESTS, CEILING]).chain(settings).chain(self.catalog.usage.keys());
        nearest(all, key)
    }
}
