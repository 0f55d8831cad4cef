//! Answers to refinements → what they demand of a platform, and what they state of the application.
//!
//! A demand rules a platform out only by a strong fact. What is met with restrictions, or of which nothing certain is known, lowers
//! the platform's fit and is said.

use std::borrow::Cow;
use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_catalog::figure::Figure;
use siteplan_catalog::platform::{Ability, Platform};
use siteplan_catalog::refinement::{Demand, Refinement, RefinementChoice};
use siteplan_catalog::validate::url;
use siteplan_cost::{Quote, regions_of};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::recommendation::Exclusion;
use siteplan_model::survey::{Needs, ServiceKind, Survey};

use crate::candidate::Doubt;
use crate::certain::{STATED, is_strong};
use crate::constraint::by;
use crate::criteria::{is_files_near_users, is_jobs_only};

/// Settings that were given, by key.
pub(crate) type Settings = BTreeMap<String, String>;

/// How far a platform meets a demand.
pub(crate) enum Met {
    Yes,
    /// With restrictions, in words.
    Limited(String),
    /// Nothing certain is known.
    Unknown(String),
    /// A strong fact says that it does not.
    No {
        /// What the platform does not do, in words.
        words: String,
        /// The fact, as `field = value`.
        fact: String,
        /// Where it was read.
        source: String,
    },
}

/// The constraints of answered refinements that a platform breaks.
pub(crate) fn violations(
    catalog: &Catalog,
    platform: &Platform,
    quote: &Quote,
    settings: &Settings,
) -> Vec<Exclusion> {
    let broken = |(refinement, choice, demand): (&Refinement, &RefinementChoice, &Demand)| {
        let Met::No { words, fact, source } = met(platform, quote, demand) else { return None };
        let key = &refinement.key;
        let usual = without(catalog, settings, key, &choice.value);
        Some(Exclusion {
            platform: platform.id.clone(),
            constraint: refinement.constraint.clone(),
            because: format!("{} {words}, and `{key} = {}` asks for it", platform.name, choice.value),
            relax: format!("do without it (`--set {key}={usual}`)"),
            relax_by: by(key, &usual),
            fact,
            need: format!("{key} = {}", choice.value),
            seen: STATED.to_owned(),
            source,
        })
    };
    demands(catalog, settings).filter_map(broken).collect()
}

/// What is left of a setting without one of the values that it names; nothing left is what is usual.
fn without(catalog: &Catalog, settings: &Settings, key: &str, value: &str) -> String {
    let given = settings.get(key).map_or("", String::as_str).split(',');
    let kept: Vec<&str> = given.filter(|given| *given != value).collect();
    if kept.is_empty() { catalog.setting(&BTreeMap::new(), key).to_owned() } else { kept.join(",") }
}

/// What lowers a platform without ruling it out, as disadvantages.
pub(crate) fn concerns(
    catalog: &Catalog,
    platform: &Platform,
    quote: &Quote,
    settings: &Settings,
) -> Vec<String> {
    let said = |(refinement, choice, demand): (&Refinement, &RefinementChoice, &Demand)| {
        let (Met::Limited(words) | Met::Unknown(words)) = met(platform, quote, demand) else { return None };
        Some(format!("`{} = {}`: {words}", refinement.key, choice.value))
    };
    demands(catalog, settings).filter_map(said).collect()
}

/// The Survey with the needs that somebody stated or denied in the place of those that were found.
pub fn with_stated_needs<'s>(
    catalog: &Catalog,
    survey: &'s Survey,
    settings: &BTreeMap<String, String>,
) -> Cow<'s, Survey> {
    let mut stated = Cow::Borrowed(survey);
    for (need, needed) in catalog.refinements.refinement.iter().filter_map(|r| r.states(settings)) {
        state(stated.to_mut(), need, needed);
    }
    stated
}

/// Puts what somebody says of a need in the place of what was found; the services that exist for nothing else go with a need that
/// is denied.
fn state(survey: &mut Survey, need: Need, needed: bool) {
    let needs = &mut survey.needs;
    let fact = match need {
        Need::Websockets => &mut needs.websockets,
        Need::Workers => &mut needs.workers,
        Need::Cron => &mut needs.cron,
        Need::LongRequests => &mut needs.long_requests,
        Need::FileStorage => &mut needs.file_storage,
        Need::Gpu => &mut needs.gpu,
        Need::Clustering => &mut needs.clustering,
        Need::Database | Need::Cache => return,
    };
    *fact = Fact::new(needed, Certainty::High, Vec::new());
    if !needed {
        survey.services.retain(|service| !serves_only(service.kind, need));
    }
}

/// Whether services of a kind exist for nothing but a need.
pub(crate) fn serves_only(kind: ServiceKind, need: Need) -> bool {
    matches!((kind, need), (ServiceKind::Worker, Need::Workers) | (ServiceKind::Cron, Need::Cron))
}

/// What was found of a need that an answer can state.
pub(crate) fn of_need(needs: &Needs, need: Need) -> Option<&Fact<bool>> {
    match need {
        Need::Websockets => Some(&needs.websockets),
        Need::Workers => Some(&needs.workers),
        Need::Cron => Some(&needs.cron),
        Need::LongRequests => Some(&needs.long_requests),
        Need::FileStorage => Some(&needs.file_storage),
        Need::Gpu => Some(&needs.gpu),
        Need::Clustering => Some(&needs.clustering),
        Need::Database | Need::Cache => None,
    }
}

/// The choices that were made.
fn chosen<'c>(
    catalog: &'c Catalog,
    settings: &'c Settings,
) -> impl Iterator<Item = (&'c Refinement, &'c RefinementChoice)> {
    let all = catalog.refinements.refinement.iter();
    all.flat_map(move |refinement| refinement.chosen(settings).map(move |choice| (refinement, choice)))
}

/// Whether an answer demands what has a price of its own: an agreement on health data, or several regions.
pub(crate) fn demands_what_is_paid(refinement: &Refinement, settings: &Settings) -> bool {
    refinement.chosen(settings).any(|choice| choice.demands.contains(&Demand::Hipaa))
        || regions_of(refinement, settings) > 1
}

/// What the choices demand. Who names two continents asks for one application in several regions, too.
pub(crate) fn demands<'c>(
    catalog: &'c Catalog,
    settings: &'c Settings,
) -> impl Iterator<Item = (&'c Refinement, &'c RefinementChoice, &'c Demand)> {
    let of = |(refinement, choice): (&'c Refinement, &'c RefinementChoice)| {
        choice.demands.iter().map(move |demand| (refinement, choice, demand))
    };
    let implied = |refinement: &'c Refinement| {
        let last = refinement.chosen(settings).last().filter(|_| regions_of(refinement, settings) > 1)?;
        let said = refinement.chosen(settings).any(|choice| choice.demands.contains(&Demand::MultiRegion));
        (!said).then_some((refinement, last, &Demand::MultiRegion))
    };
    let across = catalog.refinements.refinement.iter().filter_map(implied);
    chosen(catalog, settings).flat_map(of).chain(across)
}

/// Whether it is known that a platform gives the regions and proofs that somebody demands. These are a matter of law or of contracts:
/// whoever has to show them cannot begin before they are there. What is certainly not given rules out.
pub(crate) fn proves(catalog: &Catalog, platform: &Platform, quote: &Quote, settings: &Settings) -> Doubt {
    let is_proof =
        |demand: &Demand| matches!(demand, Demand::Continent { .. } | Demand::Soc2 | Demand::Hipaa);
    let mut proofs = demands(catalog, settings).filter(|(_, _, demand)| is_proof(demand));
    let is_open = |demand: &Demand| matches!(met(platform, quote, demand), Met::Unknown(_));
    if proofs.any(|(_, _, demand)| is_open(demand)) { Doubt::Demand } else { Doubt::None }
}

/// Whether a demand asks for something that an application of its kinds has by itself or cannot have: files behind a content
/// delivery network are on every continent and have no instances, and a job is not up all the time.
pub(crate) fn is_met_by_kind(platform: &Platform, quote: &Quote, demand: &Demand) -> bool {
    match demand {
        Demand::Continent { .. } | Demand::MultiRegion => is_files_near_users(platform, quote),
        Demand::Instances { .. } => is_files_near_users(platform, quote) || is_jobs_only(quote),
        Demand::Uptime { .. } => is_jobs_only(quote),
        Demand::Soc2 | Demand::Hipaa => false,
    }
}

/// How far a platform meets a demand for an application.
pub(crate) fn met(platform: &Platform, quote: &Quote, demand: &Demand) -> Met {
    if is_met_by_kind(platform, quote, demand) {
        return Met::Yes;
    }
    let limits = &platform.limits;
    match demand {
        Demand::Continent { of } if limits.continents.value.contains(of) => Met::Yes,
        Demand::Continent { of } => {
            let fact = format!("limits.continents = {}", limits.continents.value.join(", "));
            unless_strong(platform, &limits.continents, fact, format!("has no region in `{of}`"))
        }
        Demand::Soc2 => ability(platform, &platform.compliance.soc2, "compliance.soc2", "a SOC 2 report"),
        Demand::Hipaa => {
            ability(platform, &platform.compliance.hipaa, "compliance.hipaa", "a HIPAA agreement")
        }
        Demand::Instances { at_least } if limits.instances.value >= *at_least => Met::Yes,
        Demand::Instances { .. } => {
            let words = format!("runs at most {} of one service", instances(limits.instances.value));
            let fact = format!("limits.instances = {}", limits.instances.value);
            unless_strong(platform, &limits.instances, fact, words)
        }
        Demand::Uptime { percent } => match platform.uptime_of(quote.workload.kinds()).map(|it| it.figure) {
            Some(promised) if promised.value >= *percent => Met::Yes,
            Some(promised) if promised.value <= 0.0 => {
                let note = promised.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
                Met::Limited(format!("the promise of uptime does not cover it{note}"))
            }
            Some(promised) => {
                Met::Limited(format!("the promised uptime is {} %, below {percent} %", promised.value))
            }
            None => Met::Unknown("no promise of uptime to self-service customers is known".to_owned()),
        },
        Demand::MultiRegion => {
            let several = "one application in several regions";
            ability(platform, &platform.capabilities.multi_region, "capabilities.multi_region", several)
        }
    }
}

fn instances(count: u32) -> String {
    if count == 1 { "1 instance".to_owned() } else { format!("{count} instances") }
}

fn ability(platform: &Platform, figure: &Figure<Ability>, field: &str, what: &str) -> Met {
    let note = figure.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
    match figure.value {
        Ability::Yes => Met::Yes,
        Ability::Limited => Met::Limited(format!("{what} is offered with restrictions{note}")),
        Ability::No => {
            unless_strong(platform, figure, format!("{field} = no"), format!("does not offer {what}{note}"))
        }
    }
}

/// What a fact says against a platform counts as certain only if it was read in the vendor's own words or in agreeing copies of them.
fn unless_strong<T>(platform: &Platform, figure: &Figure<T>, fact: String, words: String) -> Met {
    if is_strong(platform, figure) {
        Met::No { words, fact, source: url(&platform.sources, figure).to_owned() }
    } else {
        Met::Unknown(format!("as far as is known it {words}; ask the vendor"))
    }
}
