//! The answers about place and outage → in how many regions production runs, and what of that has no price.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::Catalog;
use siteplan_catalog::data_service::DataKind;
use siteplan_catalog::platform::{Ability, FixedNeed, Platform};
use siteplan_catalog::refinement::{Demand, Refinement};
use siteplan_model::cost::{Assumption, NotIncluded};

use crate::open::cited;
use crate::place::{Arrangement, PlacedEngine, Site};
use crate::workload::Component;

/// Regions in which production runs by the settings: one on each continent that an answer demands, two at least where the loss of
/// one must be survived.
pub fn regions(catalog: &Catalog, settings: &BTreeMap<String, String>) -> u32 {
    catalog
        .refinements
        .refinement
        .iter()
        .map(|refinement| regions_of(refinement, settings))
        .max()
        .unwrap_or(1)
}

/// Regions for which one answer asks.
pub fn regions_of(refinement: &Refinement, settings: &BTreeMap<String, String>) -> u32 {
    let mut continents = BTreeSet::new();
    let mut least = 1;
    for demand in refinement.chosen(settings).flat_map(|choice| &choice.demands) {
        match demand {
            Demand::Continent { of } => {
                continents.insert(of.as_str());
            }
            Demand::MultiRegion => least = 2,
            _ => {}
        }
    }
    u32::try_from(continents.len()).unwrap_or(u32::MAX).max(least)
}

/// Whether a component runs in each region: what users reach does, unless its data lies in a file of its own.
pub(crate) fn runs_everywhere(component: &Component) -> bool {
    component.kind.serves_http() && component.data_file.is_none()
}

impl<'a> Site<'a> {
    /// Regions in which production runs on a platform: no more than it runs an application in.
    pub(crate) fn regions_on(&self, host: &Platform) -> u32 {
        if self.account.regions < 2 { 1 } else { self.account.regions.min(host.most_regions()) }
    }

    /// Regions in which the code on a platform has to run, whatever its plans allow; files are near everybody anyhow.
    pub(crate) fn regions_of_code(&self, host: &Platform, arrangement: &Arrangement<'a>) -> u32 {
        if self.account.regions < 2 {
            return 1;
        }
        let mut there = arrangement.components.iter().filter(|placed| placed.platform.id == host.id);
        let spread = there.any(|placed| {
            placed.size.vcpu > 0.0 && runs_everywhere(&self.workload.components[placed.component])
        });
        if spread { self.regions_on(host) } else { 1 }
    }

    /// The same by what is placed there: one where nothing of it runs everywhere.
    pub(crate) fn regions_used(&self, host: &Platform, arrangement: &Arrangement<'a>) -> u32 {
        let there = arrangement.components.iter().filter(|placed| placed.platform.id == host.id);
        let mut components = there.map(|placed| &self.workload.components[placed.component]);
        if components.any(runs_everywhere) { self.regions_on(host) } else { 1 }
    }

    /// Copies of a database in further regions, where its service keeps such.
    pub(crate) fn copies(&self, placed: &PlacedEngine<'a>) -> f64 {
        let further = |host| f64::from(self.regions_on(host) - 1);
        if placed.copied_to_regions() { further(placed.host.unwrap_or(self.platform)) } else { 0.0 }
    }

    /// Whether several regions were asked for and something runs in them: files are near everybody anyhow.
    fn spreads(&self, today: &Arrangement<'a>) -> bool {
        self.account.regions > 1 && today.components.iter().any(|placed| placed.size.vcpu > 0.0)
    }

    /// What computes, with its host.
    fn computing<'t>(
        &'t self,
        today: &'t Arrangement<'a>,
    ) -> impl Iterator<Item = (&'a Platform, &'t Component)> {
        let placed = today.components.iter().filter(|placed| placed.size.vcpu > 0.0);
        placed.map(|placed| (placed.platform, &self.workload.components[placed.component]))
    }

    /// What users reach and a file of its own binds to one region, with its host.
    fn bound<'t>(
        &'t self,
        today: &'t Arrangement<'a>,
    ) -> impl Iterator<Item = (&'a Platform, &'t Component)> {
        self.computing(today)
            .filter(|(_, component)| component.kind.serves_http() && !runs_everywhere(component))
    }

    /// What several regions mean for the figures; none where one was asked for.
    pub(crate) fn regions_line(&self, today: &Arrangement<'a>) -> Option<Assumption> {
        if !self.spreads(today) {
            return None;
        }
        let (asked, offered) = (self.account.regions, self.regions_on(today.server));
        let everywhere = self.computing(today).any(|(_, component)| runs_everywhere(component));
        let priced = if everywhere { offered } else { 1 };
        let reason = if offered < 2 {
            format!("{asked} were asked for, but {} runs an application in one", today.server.name)
        } else if let Some((_, component)) = self.bound(today).next().filter(|_| !everywhere) {
            format!(
                "{asked} were asked for, but `{}` keeps its data in a file, which lies in one",
                component.name
            )
        } else if !everywhere {
            format!("{asked} were asked for, but workers and schedules run in one")
        } else {
            let copied = today.engines.iter().filter(|placed| placed.copied_to_regions());
            let copied: Vec<&str> = copied.map(|placed| placed.service.name.as_str()).collect();
            let data = if copied.is_empty() {
                String::new()
            } else {
                format!(", with a copy of {} at the price of the first", copied.join(" and of "))
            };
            format!("as answered: what serves requests runs in each{data}; workers and schedules run in one")
        };
        let count = f64::from(priced);
        Some(Assumption {
            key: "regions".to_owned(),
            name: "regions in which production runs".to_owned(),
            low: count,
            expected: count,
            high: count,
            unit: "regions".to_owned(),
            reason,
        })
    }

    /// What several regions need that no figure holds.
    pub(crate) fn open_of_regions(&self, today: &Arrangement<'a>) -> Vec<NotIncluded> {
        if !self.spreads(today) {
            return Vec::new();
        }
        let of_host = |host: &'a Platform| {
            let joined = host.fixed.iter().any(|item| item.needed == FixedNeed::Regions);
            let what = match host.capabilities.multi_region.value {
                _ if host.most_regions() < 2 => "a second region: it runs an application in one",
                Ability::Limited if !joined => "what joins the regions, and data sent between them",
                Ability::No | Ability::Limited | Ability::Yes => "data sent between the regions",
            };
            let source = cited(host, &host.capabilities.multi_region.source);
            NotIncluded { what: format!("{}: {what}", host.name), source, decides: false }
        };
        let bound = self.bound(today).map(|(host, component)| NotIncluded {
            what: format!(
                "`{}` in a second region: its data lies in a file, which has to be copied there or moved to a database first",
                component.name
            ),
            source: cited(host, &host.capabilities.multi_region.source),
            decides: false,
        });
        // What runs in one region whatever the platform offers needs nothing that joins several.
        let computes = |host: &&Platform| {
            let runs_there = |(one, component): (&Platform, &Component)| {
                one.id == host.id && (runs_everywhere(component) || !component.kind.serves_http())
            };
            self.computing(today).any(runs_there)
        };
        let spread = |placed: &&PlacedEngine<'a>| self.regions_on(placed.host.unwrap_or(self.platform)) > 1;
        let alone = today
            .engines
            .iter()
            .filter(|placed| placed.kind == DataKind::Database && !placed.copied_to_regions());
        let uncopied = alone.filter(spread).map(|placed| NotIncluded {
            what: format!("{}: a copy of the data in another region", placed.service.name),
            source: placed.service.reference.clone(),
            decides: false,
        });
        bound.chain(self.hosts(today).into_iter().filter(computes).map(of_host)).chain(uncopied).collect()
    }
}
