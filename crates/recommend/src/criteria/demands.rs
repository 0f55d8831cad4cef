//! Demands beyond the application (regions, proofs, availability) → what they leave of how well it runs.

use siteplan_catalog::platform::Platform;
use siteplan_catalog::refinement::{Demand, DemandFactors};
use siteplan_model::explanation::Operation;

use super::{Entry, Ledger, Name, Subject, Words, fact};
use crate::refined::{Met, demands, is_met_by_kind, met};

/// The scale by which a demand becomes a number.
pub(super) const DEMAND: &str = "demand";

/// What is left of a fit, by the catalog's factors.
type Left = fn(&DemandFactors) -> f64;

/// What each word of the scale leaves.
pub(super) const WORTH: [(&str, Left); 4] = [
    ("met", |_| 1.0),
    ("limited", |factors| factors.limited),
    ("unknown", |factors| factors.unknown),
    // Rules out. Among the ruled out it counts like what is not known.
    ("not-met", |factors| factors.unknown),
];

/// Whether an answer demands anything.
pub(super) fn any(subject: &Subject<'_>) -> bool {
    subject.refined_by.is_some_and(|settings| demands(subject.catalog, settings).next().is_some())
}

/// A fit under the demands: as much is left of it as the demand leaves that is met worst.
pub(super) fn under<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>, fit: L::Number) -> L::Number {
    let Some(settings) = subject.refined_by else { return fit };
    let left: Vec<L::Number> = demands(subject.catalog, settings)
        .map(|(_, _, demand)| {
            let (word, worth) = WORTH[place(&met(subject.platform, subject.quote, demand))];
            let entry = entry(subject, demand, Words::Scaled(word, DEMAND));
            ledger.enter(entry, worth(&subject.catalog.refinements.demand))
        })
        .collect();
    if left.is_empty() {
        return fit;
    }
    let least = ledger.term(Name::plain("what the demands leave"), Operation::Smallest, &left);
    ledger.term(Name::plain("fit under the demands"), Operation::Product, &[fit, least])
}

/// The place of an outcome in [`WORTH`].
fn place(met: &Met) -> usize {
    match met {
        Met::Yes => 0,
        Met::Limited(_) => 1,
        Met::Unknown(_) => 2,
        Met::No { .. } => 3,
    }
}

/// The fact that a demand is held against.
fn entry<'a>(subject: &Subject<'a>, demand: &'a Demand, words: Words<'a>) -> Entry<'a> {
    let platform = subject.platform;
    if is_met_by_kind(platform, subject.quote, demand) {
        return of_its_kind(platform, demand, words);
    }
    let (limits, compliance) = (&platform.limits, &platform.compliance);
    let of = Name::plain;
    match demand {
        Demand::Continent { of } => {
            let name = Name::with("a region in `{}`, as demanded", of);
            fact(platform, name, "limits.continents", &limits.continents, words)
        }
        Demand::Soc2 => {
            fact(platform, of("a SOC 2 report, as demanded"), "compliance.soc2", &compliance.soc2, words)
        }
        Demand::Hipaa => {
            fact(platform, of("a HIPAA agreement, as demanded"), "compliance.hipaa", &compliance.hipaa, words)
        }
        Demand::Instances { .. } => fact(
            platform,
            of("several instances of one service, as demanded"),
            "limits.instances",
            &limits.instances,
            words,
        ),
        Demand::Uptime { .. } => {
            let name = of("a promise of uptime, as demanded");
            match platform.uptime_of(subject.quote.workload.kinds()) {
                Some(promised) => fact(platform, name, promised.at, promised.figure, words),
                None => Entry::Application { name, words },
            }
        }
        Demand::MultiRegion => fact(
            platform,
            of("several regions at once, as demanded"),
            "capabilities.multi_region",
            &platform.capabilities.multi_region,
            words,
        ),
    }
}

/// A demand that the kind of the application meets, whatever the platform's regions and instances are.
fn of_its_kind<'a>(platform: &'a Platform, demand: &'a Demand, words: Words<'a>) -> Entry<'a> {
    let cdn = &platform.capabilities.cdn;
    let near = |name| fact(platform, name, "capabilities.cdn", cdn, words);
    match demand {
        Demand::Continent { of } => near(Name::with("files near users in `{}`, as demanded", of)),
        Demand::MultiRegion => near(Name::plain("files in several regions at once, as demanded")),
        Demand::Instances { .. } => {
            let name = Name::plain("several instances, as demanded, of what has none or one by its kind");
            Entry::Application { name, words }
        }
        Demand::Uptime { .. } | Demand::Soc2 | Demand::Hipaa => {
            let name = Name::plain("a promise of uptime, as demanded, of a job that is not up all the time");
            Entry::Application { name, words }
        }
    }
}
