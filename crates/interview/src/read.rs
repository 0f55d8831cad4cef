//! What a person typed → the answer that it means.

use siteplan_model::gate::Gate;
use siteplan_model::id::PlatformId;

use crate::answer::Answer;
use crate::choices::Offered;
use crate::error::{AnswerError, quoted};
use crate::interview::Interview;
use crate::number;
use crate::pick::{either, nearest, normal, pick, yes_or_no};
use crate::secret_names;

impl Interview<'_> {
    /// Understands an answer without taking it.
    pub(crate) fn read(&self, gate: Gate, text: &str) -> Result<Answer, AnswerError> {
        let text = text.trim();
        match gate {
            Gate::RequiredSecrets => {
                return secret_names::parse(text, &self.secrets_read()).map(Answer::RequiredSecrets);
            }
            Gate::AutoDeploy | Gate::HealthChecks => {
                let word = yes_or_no(text).map(|yes| if yes { "yes" } else { "no" });
                if let Some(answer) = word.and_then(|word| Answer::of_word(gate, word)) {
                    return Ok(answer);
                }
            }
            Gate::Platform => {
                if let Some(platform) = self.platform_named(text) {
                    return Ok(Answer::Platform(platform));
                }
            }
            _ => {}
        }
        let offered = self.offered(gate);
        let all = || offered.shown.iter().chain(&offered.others);
        if let Some(answer) = pick(all(), text).and_then(|choice| Answer::of_word(gate, &choice.value)) {
            return Ok(answer);
        }
        let number = match gate {
            Gate::Scale => number::count(text).map(Answer::Users),
            Gate::Budget => number::dollars(text).map(Answer::Ceiling),
            _ => None,
        };
        number.ok_or_else(|| {
            let words = all().flat_map(|choice| [choice.value.as_str(), choice.label.as_str()]);
            let near = nearest(words, text)
                .map(|word| pick(all(), &word).map_or(word.clone(), |choice| choice.value.clone()));
            AnswerError::NotAChoice { gate, given: quoted(text), allowed: allowed(&offered), nearest: near }
        })
    }

    /// A platform by id or name, or an option by its letter.
    fn platform_named(&self, text: &str) -> Option<PlatformId> {
        let wanted = normal(text);
        let named = self
            .catalog
            .platforms
            .values()
            .find(|platform| normal(platform.id.as_str()) == wanted || normal(&platform.name) == wanted);
        if let Some(platform) = named {
            return Some(platform.id.clone());
        }
        let letter = match wanted.as_bytes() {
            [letter @ b'a'..=b'z'] => usize::from(letter - b'a'),
            _ => return None,
        };
        self.recommendation().options.get(letter).map(|option| option.platform.clone())
    }
}

fn allowed(offered: &Offered) -> String {
    let mut allowed = either(offered.shown.iter().map(|choice| choice.value.as_str()));
    if !offered.others.is_empty() {
        let others = either(offered.others.iter().map(|choice| choice.value.as_str()));
        allowed = format!("{allowed}, or another platform of the catalog: {others}");
    }
    if let Some(number) = offered.number {
        allowed = format!("{allowed}, or {number}");
    }
    allowed
}
