//! A cluster that is recommended although neither many services nor a high load ask for one → what speaks for it all the same.
//!
//! An expert asks for it: in what it is ahead of the best platform of another kind, in what that one is, and which answer makes the
//! first weigh more.

use std::fmt::Write as _;

use siteplan_catalog::condition::Circumstances;
use siteplan_catalog::reasoning::{Criteria, CriterionId};
use siteplan_model::brief::{AppType, ScaleBand};
use siteplan_model::recommendation::Philosophy;

use crate::candidate::{Candidate, Field};
use crate::weights;
use crate::words::{axes, fact, join};

/// From which difference on two values are told apart.
const TOLD_APART: f64 = 0.04;

/// The sentences; none for another kind of platform, or where one expects a cluster.
pub(crate) fn argued(
    criteria: &Criteria,
    winner: &Candidate<'_>,
    about: &Circumstances<'_>,
    field: &Field<'_>,
) -> Option<String> {
    let context = about.context;
    let expected = context.app_type == AppType::Microservices || context.scale >= ScaleBand::High;
    if expected || !is_cluster(winner) || !winner.feasible() {
        return None;
    }
    let rival = field.ranked().find(|other| other.able() && !is_cluster(other))?;
    let (ahead, behind) = (ahead_of(winner, rival), ahead_of(rival, winner));
    let (name, scale) = (&rival.platform.name, context.scale);
    let mut text = format!("A cluster is much to run for a `{scale}` scale: it is ahead of {name} in ");
    text.push_str(&told(winner, &ahead));
    if !behind.is_empty() {
        let _ = write!(text, ", and {name} is ahead in {}", told(rival, &behind));
    }
    if let Some((heavier, lighter, because)) = outweighs(criteria, about, &ahead, &behind) {
        let (heavier, lighter) = (heavier.as_str(), lighter.as_str());
        let _ = write!(text, ". `{heavier}` weighs at least as much as `{lighter}`: {because}");
    }
    Some(text)
}

fn is_cluster(candidate: &Candidate<'_>) -> bool {
    candidate.platform.philosophy == Philosophy::Orchestrator
}

/// The criteria on which one is ahead of another.
fn ahead_of(one: &Candidate<'_>, other: &Candidate<'_>) -> Vec<usize> {
    axes().filter(|axis| one.values[*axis].middle > other.values[*axis].middle + TOLD_APART).collect()
}

fn told(candidate: &Candidate<'_>, axes: &[usize]) -> String {
    let facts: Vec<String> = axes.iter().map(|axis| fact(candidate, *axis)).collect();
    if facts.is_empty() { "nothing by itself, but in all together".to_owned() } else { join(&facts) }
}

/// An answer by which a criterion on which it is ahead outweighs one on which it is behind, with its reason.
fn outweighs<'c>(
    criteria: &'c Criteria,
    about: &Circumstances<'_>,
    ahead: &[usize],
    behind: &[usize],
) -> Option<(CriterionId, CriterionId, &'c str)> {
    ahead.iter().map(|axis| CriterionId::ALL[*axis]).find_map(|heavier| {
        let said = weights::said(criteria, about, heavier).into_iter();
        said.filter(|(preference, _)| preference.heavier == heavier).find_map(|(preference, others)| {
            let lighter = others.into_iter().find(|other| behind.contains(&weights::position(*other)))?;
            Some((heavier, lighter, preference.because.as_str()))
        })
    })
}
