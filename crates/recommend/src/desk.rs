//! What every judgement of one catalog shares: the draws of the scenarios, and the weights of each region already drawn.
//!
//! Common random numbers: two situations are judged by the same scenarios, so that what differs between them is what was
//! changed, and what was not changed need not be computed again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Circumstances;
use siteplan_model::id::PlatformId;

use crate::scenario::{Draws, Strata};
use crate::weights::{AXES, Region, WeightTable};

/// The scenarios of one catalog.
#[derive(Debug)]
pub(crate) struct Desk<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) draws: Draws,
    /// For each platform and criterion the place of the value in its interval, from −1 to 1, scenario by scenario.
    strata: BTreeMap<&'a PlatformId, [Vec<f32>; AXES]>,
    /// Weights by region; neighbouring answers often imply the same one.
    tables: RefCell<BTreeMap<[u16; AXES], Rc<WeightTable>>>,
}

impl<'a> Desk<'a> {
    /// Draws the scenarios.
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        let count = catalog.criteria.scenarios;
        let draws = Draws::of(count);
        let strata = |id: &PlatformId| {
            std::array::from_fn(|axis| Strata::of(id.as_str(), axis, count).of_all(&draws.numbers))
        };
        Self {
            catalog,
            strata: catalog.platforms.keys().map(|id| (id, strata(id))).collect(),
            draws,
            tables: RefCell::default(),
        }
    }

    /// The strata of a platform's criteria.
    pub(crate) fn strata(&self, platform: &PlatformId) -> Option<&[Vec<f32>; AXES]> {
        self.strata.get(platform)
    }

    /// The weights that the circumstances imply, scenario by scenario.
    pub(crate) fn weights(&self, about: &Circumstances<'_>) -> Rc<WeightTable> {
        self.table(&Region::of(&self.catalog.criteria, about))
    }

    /// Weights over the whole simplex, as if no answer implied anything.
    pub(crate) fn free_weights(&self) -> Rc<WeightTable> {
        self.table(&Region::free())
    }

    fn table(&self, region: &Region) -> Rc<WeightTable> {
        let mut tables = self.tables.borrow_mut();
        Rc::clone(tables.entry(region.heavier()).or_insert_with(|| Rc::new(region.table(&self.draws))))
    }
}
