//! `plan.json`: the whole Design as last written, with what it was made from. Policies read this, not prose.

use serde::{Deserialize, Serialize};
use siteplan_catalog::Catalog;
use siteplan_model::brief::Brief;
use siteplan_model::design::Design;
use siteplan_model::recommendation::Recommendation;

use crate::digest;
use crate::error::{Failure, Outcome};
use crate::spec_folder::SpecFolder;

/// The schema name that every plan file carries.
const SCHEMA: &str = "siteplan/plan@1";

/// A plan as written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredPlan {
    /// Always `siteplan/plan@1`.
    pub(crate) schema: String,
    /// Version of siteplan.
    pub(crate) engine: String,
    /// What the plan was made from.
    pub(crate) digests: Digests,
    /// Options, scores and flips; its Brief is the Brief as last written.
    pub(crate) recommendation: Recommendation,
    /// The Design.
    pub(crate) design: Design,
}

/// SHA-256 of what a plan was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digests {
    /// Answers and settings, without their provenance.
    pub(crate) answers: String,
    /// Every file of the catalog.
    pub(crate) catalog: String,
    /// The Design itself: what an approval binds.
    pub(crate) design: String,
}

impl StoredPlan {
    /// The record of a plan.
    pub(crate) fn new(
        catalog: &Catalog,
        brief: &Brief,
        recommendation: &Recommendation,
        design: &Design,
    ) -> Outcome<Self> {
        let files = catalog.files.iter().flat_map(|(path, text)| [path.as_str(), text.as_str()]);
        let digests = Digests {
            answers: digest::of_all([&*json(&brief.answers)?, &*json(&brief.settings)?]),
            catalog: digest::of_all(files),
            design: digest::of(&json(design)?),
        };
        Ok(Self {
            schema: SCHEMA.to_owned(),
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            digests,
            recommendation: Recommendation { brief: brief.clone(), ..recommendation.clone() },
            design: design.clone(),
        })
    }

    /// The plan as last written; `None` if there is none, or one of a siteplan that wrote it otherwise.
    pub(crate) fn read(folder: &SpecFolder) -> Outcome<Option<Self>> {
        let text = folder.read(&folder.plan())?;
        Ok(text
            .and_then(|text| serde_json::from_str::<Self>(&text).ok())
            .filter(|plan| plan.schema == SCHEMA))
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> Outcome<String> {
        let mut text = serde_json::to_string_pretty(self).map_err(|error| unwritable(&error))?;
        text.push('\n');
        Ok(text)
    }

    /// Whether a new Design says the same as this one, whenever it was made. Digests are compared, because a number that was
    /// written and read again may differ in its last bit.
    pub(crate) fn says_the_same(&self, design: &Design) -> Outcome<bool> {
        let design = Design { date: self.design.date, ..design.clone() };
        Ok(self.digests.design == digest::of(&json(&design)?))
    }
}

fn json(record: &impl Serialize) -> Outcome<String> {
    serde_json::to_string(record).map_err(|error| unwritable(&error))
}

fn unwritable(error: &serde_json::Error) -> Failure {
    Failure::bug("the plan cannot be written as JSON").because(error)
}
