//! Refinements as questions: asked before the platform, one at a time, only while an answer would change the recommendation.

use siteplan_catalog::refinement::{Refinement, RefinementChoice};
use siteplan_catalog::words::{Choice, Setting};
use siteplan_model::gate::Provenance;
use siteplan_model::recommendation::NotWorthAsking;

use crate::error::AnswerError;
use crate::interview::Interview;
use crate::pick::pick;
use crate::prompt::{Prompt, PromptKind};
use crate::subject::Subject;

impl Interview<'_> {
    /// Keys of the refinements that are worth asking under the answers so far and were neither answered nor passed over, the most
    /// informative first. Each answer may change what is left.
    pub fn refinements_to_ask(&self) -> Vec<String> {
        let recommendation = self.recommendation();
        let open = |key: &&String| self.catalog.refinements.get(key).is_some() && !self.is_settled(key);
        recommendation.worth_asking.iter().filter(open).cloned().collect()
    }

    /// The refinements of which no answer would change the recommendation, and that nobody answered.
    pub fn refinements_not_worth_asking(&self) -> Vec<NotWorthAsking> {
        let recommendation = self.recommendation();
        let refines = |not: &&NotWorthAsking| self.catalog.refinements.get(&not.key).is_some();
        recommendation.not_worth_asking.iter().filter(refines).cloned().collect()
    }

    /// The question of a refinement, whether it is worth asking or not; `None` if there is no such refinement.
    pub fn refinement_prompt(&self, key: &str) -> Option<Prompt> {
        let refinement = self.catalog.refinements.get(key)?;
        let setting = self.setting_of(refinement)?;
        let recommendation = self.recommendation();
        let told = recommendation.value_of_asking.iter().find(|told| told.key == key);
        let why = match told {
            Some(told) => format!("{} Asked because {}.", refinement.why, told.because),
            None => refinement.why.clone(),
        };
        let typed = setting.several.then(|| {
            let two: Vec<&str> =
                refinement.answers().map(|(choice, _)| choice.value.as_str()).skip(1).take(2).collect();
            format!("several, separated by commas: `{}`", two.join(", "))
        });
        let subject = Subject::Refinement(key.to_owned());
        Some(Prompt {
            number: 0,
            of: self.gates().len(),
            text: refinement.text.clone(),
            why,
            help: refinement.help.clone(),
            kind: PromptKind::Choice {
                choices: refinement.choice.iter().map(shown).collect(),
                others: Vec::new(),
                number: typed.or_else(|| refinement.number.clone()),
                several: setting.several,
            },
            default: setting.default.clone(),
            proposed: None,
            given: self.withdrawn(&subject),
            subject,
        })
    }

    /// Answers a refinement by a choice's value or label, or by what else its setting takes. An empty answer passes the question
    /// over: the default counts, and it is not asked again.
    pub fn refine(&mut self, key: &str, text: &str, provenance: Provenance) -> Result<(), AnswerError> {
        let choices = self.catalog.refinements.get(key).map(|refinement| refinement.choice.iter().map(shown));
        let choices: Vec<Choice> = choices.into_iter().flatten().collect();
        let value = match pick(&choices, text) {
            Some(choice) => choice.value.clone(),
            None => self.check_setting(key, text)?,
        };
        let before = self.brief.clone();
        self.put_setting(key, value, provenance);
        self.took(&Subject::Refinement(key.to_owned()), &before, provenance);
        Ok(())
    }

    /// Writes a setting to its place, with who gave it. An empty one is taken away; that it was passed over is kept.
    pub(crate) fn put_setting(&mut self, key: &str, value: String, provenance: Provenance) {
        let refines = self.catalog.refinements.get(key).is_some();
        if value.is_empty() && refines {
            self.brief.settings.remove(key);
            self.brief.setting_provenance.insert(key.to_owned(), Provenance::Default);
            return;
        }
        self.brief.settings.insert(key.to_owned(), value);
        match provenance {
            // What has no record was written into the file.
            Provenance::File => self.brief.setting_provenance.remove(key),
            _ => self.brief.setting_provenance.insert(key.to_owned(), provenance),
        };
    }

    /// Whether a refinement was answered or passed over.
    pub(crate) fn is_settled(&self, key: &str) -> bool {
        self.brief.setting_provenance.contains_key(key)
            || self.brief.settings.get(key).is_some_and(|value| !value.is_empty())
    }

    /// The refinements that were answered, in the order of the catalog, each with the choices that it names.
    pub(crate) fn refined<'s>(&'s self) -> Vec<(&'s Refinement, &'s str, Vec<&'s RefinementChoice>)> {
        let settings = &self.brief.settings;
        let answered = |refinement: &'s Refinement| {
            let value = settings.get(&refinement.key).filter(|value| !value.is_empty())?;
            Some((refinement, value.as_str(), refinement.chosen(settings).collect()))
        };
        self.catalog.refinements.refinement.iter().filter_map(answered).collect()
    }

    /// The refinement that a resumed interview goes back to: the last one that was answered or passed over by a person.
    pub(crate) fn last_refinement(&self) -> Option<String> {
        let by_person = |refinement: &&Refinement| {
            let by = self.brief.setting_provenance.get(&refinement.key);
            matches!(by, Some(Provenance::Person | Provenance::Default))
        };
        self.catalog.refinements.refinement.iter().rfind(by_person).map(|refinement| refinement.key.clone())
    }

    /// Takes records away that belong to nothing.
    pub(crate) fn complete_setting_provenance(&mut self) {
        let (settings, refinements) = (&self.brief.settings, &self.catalog.refinements);
        self.brief.setting_provenance.retain(|key, by| {
            settings.contains_key(key) || (*by == Provenance::Default && refinements.get(key).is_some())
        });
    }

    fn setting_of(&self, refinement: &Refinement) -> Option<&Setting> {
        self.catalog.settings.setting.iter().find(|setting| setting.key == refinement.key)
    }
}

fn shown(choice: &RefinementChoice) -> Choice {
    Choice {
        value: choice.value.clone(),
        label: choice.label.clone(),
        description: choice.description.clone(),
    }
}
