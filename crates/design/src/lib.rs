//! The chosen option to a whole plan, one module per section of the document.
//!
//! [`design`] settles the answers and looks every id up once; after that each section is a function of
//! the same ground, in the order of the document. Whatever a document says is in its result.

mod address;
mod checklist;
mod command;
mod database;
mod delivery;
mod endpoint;
mod environments;
mod error;
mod estimates;
mod example;
mod future;
mod gates;
mod ground;
mod health;
mod images;
mod lasting;
mod names;
mod next_steps;
mod platform;
mod prose;
mod risks;
mod rollback;
mod secrets;
mod services;
mod setup;
mod sources;
mod topology;
mod warnings;

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_cost::Quote;
use siteplan_model::brief::Brief;
use siteplan_model::design::{Design, SCHEMA};
use siteplan_model::gate::Gate;
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::Survey;

pub use error::DesignError;
use ground::Ground;

/// What a design is made of.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// What is known of the world.
    pub catalog: &'a Catalog,
    /// What was found.
    pub survey: &'a Survey,
    /// The answers, complete.
    pub brief: &'a Brief,
    /// The options; the chosen platform need not be one of them.
    pub recommendation: &'a Recommendation,
    /// The chosen platform, placed and priced under the final answers.
    pub quote: &'a Quote,
    /// Folder of the documents, relative to the root.
    pub spec_path: &'a str,
    /// Evidence or reason for each gate that was proposed.
    pub because: &'a BTreeMap<Gate, String>,
}

/// The whole plan. Fails only when a gate is open or an id is not in the catalog.
pub fn design(inputs: Inputs<'_>) -> Result<Design, DesignError> {
    let ground = Ground::of(&inputs)?;
    delivery::check(&ground)?;
    let settings = &inputs.catalog.settings.setting;
    Ok(Design {
        schema: SCHEMA.to_owned(),
        application: gates::application(&ground),
        date: inputs.brief.date,
        author: ground.setting("author").to_owned(),
        gates: gates::gates(&ground),
        refinements: gates::refinements(&ground),
        settings: settings
            .iter()
            .map(|setting| (setting.key.clone(), ground.setting(&setting.key).to_owned()))
            .collect(),
        spec_path: inputs.spec_path.to_owned(),
        platform: platform::platform(&ground),
        topology: topology::topology(&ground),
        images: images::images(&ground),
        delivery: delivery::delivery(&ground),
        environments: environments::environments(&ground),
        database: database::database(&ground),
        data: database::resources(&ground),
        secrets: secrets::secrets(&ground),
        example: example::example(&ground),
        rollback: rollback::rollback(&ground),
        health: health::health(&ground),
        cost: inputs.quote.report.clone(),
        estimates: estimates::estimates(&ground),
        checklists: checklist::checklists(&ground),
        risks: risks::risks(&ground),
        future: future::future(&ground),
        hard_to_undo: lasting::hard_to_undo(&ground),
        next_steps: next_steps::next_steps(&ground),
        warnings: warnings::warnings(&ground),
        sources: sources::sources(&ground),
    })
}
