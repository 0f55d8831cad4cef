//! The options for the answers so far, computed when somebody needs them and kept for the step back.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use siteplan_model::brief::{Answers, Brief, Context};
use siteplan_model::gate::{Gate, Provenance};
use siteplan_model::recommendation::Recommendation;

use crate::answer;
use crate::interview::Interview;

/// Computes the options for the answers so far under a context that is complete.
pub type Recommender<'a> = &'a dyn Fn(&Brief, &Context) -> Recommendation;

/// How many recommendations are kept: enough for a question and the step back.
const MOST_KEPT: usize = 8;

/// Questions whose default is of the chosen platform.
const FOLLOWING_THE_PLATFORM: [Gate; 3] = [Gate::Database, Gate::DatabaseService, Gate::SecretsService];

/// Recommendations with the answers they rest on, the latest first.
#[derive(Debug, Default)]
pub(crate) struct Kept(RefCell<VecDeque<Computed>>);

#[derive(Debug)]
struct Computed {
    answers: Answers,
    settings: BTreeMap<String, String>,
    recommendation: Rc<Recommendation>,
}

impl Interview<'_> {
    /// The options for the answers so far. Neither the platform answer has influence on them nor what
    /// followed from it without being chosen.
    pub fn recommendation(&self) -> Rc<Recommendation> {
        self.recommendation_for(&self.brief)
    }

    pub(crate) fn recommendation_for(&self, brief: &Brief) -> Rc<Recommendation> {
        let mut brief = brief.clone();
        // What nobody chose follows from the platform and must not be asked of the other options.
        let by_default = |gate: &Gate| brief.provenance.get(gate) == Some(&Provenance::Default);
        let follows = FOLLOWING_THE_PLATFORM.into_iter().filter(by_default);
        for gate in follows.chain([Gate::Platform]).collect::<Vec<_>>() {
            answer::clear(&mut brief.answers, gate);
            brief.provenance.remove(&gate);
            brief.channels.remove(&gate);
        }
        let is_same = |kept: &&Computed| kept.answers == brief.answers && kept.settings == brief.settings;
        if let Some(kept) = self.kept.0.borrow().iter().find(is_same) {
            return Rc::clone(&kept.recommendation);
        }
        let context = brief.answers.context().unwrap_or_else(|| self.context());
        let recommendation = Rc::new((self.recommender)(&brief, &context));
        let mut kept = self.kept.0.borrow_mut();
        kept.truncate(MOST_KEPT - 1);
        kept.push_front(Computed {
            answers: brief.answers,
            settings: brief.settings,
            recommendation: Rc::clone(&recommendation),
        });
        recommendation
    }
}
