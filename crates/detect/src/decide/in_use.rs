//! Files of platforms, deploy buttons, addresses, deploying jobs of CI → the platforms in use, and the doubt where files contend.
//!
//! A file for a platform shows that somebody deployed there once, or that others may. A job that deploys and an address at
//! which the application is reached show where it runs.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::signals::{Marker, Shows, Signals};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::survey::{CiDeploy, Conflict};

use super::hosting::marked;
use crate::readers::Record;
use crate::readers::structured::at_path;
use crate::tree::{Tree, folder, name};

/// What is known of the platforms.
pub(super) struct InUse {
    /// By their ids; one of low certainty is not said to be in use.
    pub(super) facts: Vec<Fact<String>>,
    /// Files of several of which nothing says which is in use.
    pub(super) doubt: Option<Conflict>,
}

/// How much speaks for a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// Its file is made for others.
    Offered,
    /// Its own file.
    Filed,
    /// A job deploys there, or the application is reached there.
    Shown,
}

/// The platforms in use.
pub(super) fn of(deploys: &[CiDeploy], tree: &Tree, signals: &Signals) -> InUse {
    let rows = |shows: Shows| signals.platforms.iter().filter(move |row| row.shows == shows);
    let mut facts = marked(rows(Shows::Use), tree, signals);
    let buttons: BTreeSet<String> =
        marked(rows(Shows::Button), tree, signals).into_iter().map(|fact| fact.value).collect();
    // A file of another kind beside the one that is made for others is the repository's own.
    let plain = rows(Shows::Use).filter(|row| row.offer_keys.is_empty() && !row.weak);
    let own: BTreeSet<String> = marked(plain, tree, signals).into_iter().map(|fact| fact.value).collect();
    let offered: BTreeSet<&str> = rows(Shows::Use)
        .filter(|row| is_offer(row, tree) && !own.contains(row.id.as_str()))
        .map(|row| row.id.as_str())
        .collect();
    let reached: BTreeSet<&str> =
        rows(Shows::Address).filter(|row| is_address(row, tree)).map(|row| row.id.as_str()).collect();
    let ci: BTreeSet<&str> = tree.ci_files().map(|(path, _)| path).collect();
    let standing = |fact: &Fact<String>| {
        let id = fact.value.as_str();
        let by_job = deploys.iter().any(|job| job.means.as_deref() == Some(id))
            || fact.evidence.iter().any(|seen| ci.contains(seen.path.as_str()));
        match (by_job || reached.contains(id), buttons.contains(id) || offered.contains(id)) {
            (true, _) => Standing::Shown,
            (false, true) => Standing::Offered,
            (false, false) => Standing::Filed,
        }
    };
    // What lies in one folder contends; a front end and a back end in folders of their own do not.
    let mut beside: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, fact) in facts.iter().enumerate().filter(|(_, fact)| fact.certainty == Certainty::High) {
        let homes: BTreeSet<&str> = fact.evidence.iter().filter_map(|seen| home(&seen.path)).collect();
        for home in homes {
            beside.entry(home.to_owned()).or_default().push(index);
        }
    }
    let standings: Vec<Standing> = facts.iter().map(standing).collect();
    let mut contended: BTreeSet<usize> = BTreeSet::new();
    for group in beside.values().filter(|group| group.len() > 1) {
        let shown = group.iter().any(|index| standings[*index] == Standing::Shown);
        let loses = |index: &&usize| match standings[**index] {
            Standing::Offered => true,
            Standing::Filed => !shown,
            Standing::Shown => false,
        };
        contended.extend(group.iter().filter(loses));
    }
    for (index, fact) in facts.iter_mut().enumerate() {
        if contended.contains(&index) {
            fact.certainty = Certainty::Low;
        } else if standings[index] == Standing::Offered {
            fact.certainty = fact.certainty.min(Certainty::Medium);
        }
    }
    let doubt = doubt(&facts, &contended);
    InUse { facts, doubt }
}

/// Those that contend, as a doubt: none of them is taken.
fn doubt(facts: &[Fact<String>], contended: &BTreeSet<usize>) -> Option<Conflict> {
    let taken = facts.iter().find(|fact| fact.certainty > Certainty::Low).map(|fact| fact.value.clone());
    let open = || contended.iter().filter_map(|index| facts.get(*index));
    let values = std::iter::once(taken.unwrap_or_else(|| "none".to_owned()));
    let values = values.chain(open().map(|fact| fact.value.clone())).collect();
    let evidence = open().filter_map(|fact| fact.evidence.first().cloned()).collect();
    (!contended.is_empty()).then(|| Conflict { field: "platforms_in_use".to_owned(), values, evidence })
}

/// The folder that a file of a platform speaks for: one of settings speaks for the one above.
fn home(path: &str) -> Option<&str> {
    let own = folder(path);
    let hidden = own.split('/').next_back().is_some_and(|last| last.starts_with('.'));
    let is_text = name(path).to_ascii_lowercase().starts_with("readme");
    (!is_text).then(|| if hidden { folder(own) } else { own })
}

/// Whether a file of a row says that it is made for others.
fn is_offer(row: &Marker, tree: &Tree) -> bool {
    tree.matching(&row.files).any(|path| match tree.record(path) {
        Some(Record::Document(document)) => {
            row.offer_keys.iter().any(|key| !at_path(document, key).is_empty())
        }
        _ => false,
    })
}

/// Whether the application says that it is reached at an address of the platform: a picture or a key of another kind is none.
fn is_address(row: &Marker, tree: &Tree) -> bool {
    tree.matching(&row.files).filter_map(|path| Some((path, tree.facts_of(path)?))).any(|(path, facts)| {
        let manifest = name(path) == "package.json";
        facts.sightings.iter().any(|sighting| {
            let picture = ["![", "<img", "src=", "srcset"].iter().any(|mark| sighting.seen.contains(mark));
            let own = !manifest || sighting.seen.contains("\"homepage\"");
            row.contains.contains(&sighting.text) && own && (!picture || sighting.seen.contains("/badges"))
        })
    })
}
