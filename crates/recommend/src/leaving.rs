//! An incumbent → what it costs to leave it, counted from what is in use there, and whether anything gains enough to do so.

use siteplan_catalog::Catalog;
use siteplan_catalog::reasoning::Criteria;
use siteplan_cost::Quote;
use siteplan_model::id::PlatformId;
use siteplan_model::recommendation::Leaving;
use siteplan_model::survey::Survey;

use crate::candidate::{Candidate, Field};
use crate::existing;
use crate::words::hundredths;

/// What leaving a platform in use takes, by its own offer, the files that were found and the application's secrets.
pub(crate) fn leaving(catalog: &Catalog, survey: &Survey, candidate: &Candidate<'_>) -> Leaving {
    let platform = candidate.platform;
    let data = data_to_move(catalog, &candidate.quote);
    let secrets: Vec<String> =
        survey.environment.iter().filter(|one| one.secret).map(|one| one.name.clone()).collect();
    let files = files_in_use(survey, &platform.id);
    let cases = siteplan_cost::asked::cases_by_kind(&candidate.quote, platform);
    let ties = platform.effort.lock_in.value.iter().filter(|tie| tie.is_needed(cases));
    let interfaces: Vec<String> = ties.map(|tie| tie.text().to_owned()).collect();
    let public = candidate.quote.workload.components.iter().any(|component| component.kind.serves_http());
    let dns =
        public.then(|| "the domain points to the new address, and certificates are issued there".to_owned());
    let counts = [data.len(), secrets.len(), files.len(), interfaces.len(), usize::from(dns.is_some())];
    let items = u32::try_from(counts.iter().sum::<usize>()).unwrap_or(u32::MAX);
    let mut leaving = Leaving { data, dns, secrets, files, interfaces, items, summary: String::new() };
    leaving.summary = summary(&platform.name, &leaving);
    leaving
}

/// Data services of the platform's own offer: an independent one stays where it is.
fn data_to_move(catalog: &Catalog, quote: &Quote) -> Vec<String> {
    let own = quote.data.iter().filter(|placed| placed.platform.as_ref() == Some(&quote.platform));
    own.map(|placed| {
        let service = placed.service.as_ref().and_then(|id| catalog.data_services.get(id));
        let name = service.map_or(placed.engine.as_str(), |service| service.engine_name.as_str());
        if placed.is_cache {
            format!("{name}: filled anew, waiting jobs drained first")
        } else {
            format!(
                "{name}: about {} GB to copy, with writes stopped or replicated meanwhile",
                placed.storage_gb
            )
        }
    })
    .collect()
}

/// Paths of the platform's own files, each once.
fn files_in_use(survey: &Survey, platform: &PlatformId) -> Vec<String> {
    let facts = survey.platforms_in_use.iter().filter(|fact| fact.value == platform.as_str());
    let mut paths: Vec<String> =
        facts.flat_map(|fact| &fact.evidence).map(|seen| seen.path.clone()).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

fn summary(name: &str, leaving: &Leaving) -> String {
    let counted = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    };
    let parts: Vec<String> = [
        counted(leaving.data.len(), "data service to move", "data services to move"),
        counted(leaving.secrets.len(), "secret to set again", "secrets to set again"),
        counted(leaving.files.len(), "file to replace", "files to replace"),
        counted(
            leaving.interfaces.len(),
            "interface of its own to give up",
            "interfaces of its own to give up",
        ),
        leaving.dns.as_ref().map(|_| "the DNS to change".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        format!("Leaving {name} costs nothing that was found")
    } else {
        format!("Leaving {name} costs {} things to do: {}", leaving.items, parts.join(", "))
    }
}

/// In how many scenarios more another platform must be a good choice before one of an account's cloud is passed over.
pub(crate) fn gain_to_pass_over(
    of_account: &Candidate<'_>,
    other: &Candidate<'_>,
    criteria: &Criteria,
) -> f64 {
    if of_account.platform.philosophy == other.platform.philosophy {
        criteria.leaving_gain
    } else {
        criteria.account_gain
    }
}

/// Why the recommendation goes to a cloud in which an account exists, or past it; nothing without an account, or where something in use
/// decides.
pub(crate) fn account_verdict(
    catalog: &Catalog,
    field: &Field<'_>,
    winner: &Candidate<'_>,
) -> Option<String> {
    if field.candidates.iter().any(|candidate| candidate.current) {
        return None;
    }
    let of_account = field.ranked().find(|candidate| candidate.account.is_some())?;
    let cloud = existing::cloud_name(catalog, of_account.account?);
    let name = &of_account.platform.name;
    if winner.account.is_some() {
        let others = field.ranked().filter(|other| other.feasible() && other.account.is_none());
        let rival = others.max_by(|one, other| one.support.total_cmp(&other.support))?;
        let more = hundredths(rival.support).saturating_sub(hundredths(winner.support));
        return Some(if more > 0 {
            format!(
                "An account at {cloud} exists: {} is a good choice in {more} of 100 scenarios more, and siteplan advises one vendor more from {} on",
                rival.platform.name,
                hundredths(gain_to_pass_over(winner, rival, &catalog.criteria))
            )
        } else {
            format!("An account at {cloud} exists already")
        });
    }
    Some(match of_account.violates.first() {
        Some(broken) => format!(
            "It goes past the account at {cloud}, because the nearest there, {name}, breaks `{}`: {}",
            broken.constraint, broken.because
        ),
        None => format!(
            "It goes past the account at {cloud}, because it is a good choice in {} of 100 scenarios and {name}, the best there, in {}",
            hundredths(winner.support),
            hundredths(of_account.support)
        ),
    })
}

/// Why the recommendation stays with a platform in use or leaves it; nothing without one.
pub(crate) fn verdict(field: &Field<'_>, winner: &Candidate<'_>, gain: f64) -> Option<String> {
    let incumbent = field.ranked().find(|candidate| candidate.current)?;
    let name = &incumbent.platform.name;
    if winner.current {
        let rival = field.ranked().find(|other| other.feasible() && !other.current)?;
        let more = rival.support - winner.support;
        return Some(if more > 0.0 {
            format!(
                "{} is in use already: {} is a good choice in {} of 100 scenarios more, and siteplan advises to leave from {} on",
                winner.platform.name,
                rival.platform.name,
                full_hundredths(more),
                hundredths(gain)
            )
        } else {
            format!("{} is in use already", winner.platform.name)
        });
    }
    Some(match incumbent.violates.first() {
        Some(broken) => {
            format!(
                "It leaves {name}, which is in use, because that breaks `{}`: {}",
                broken.constraint, broken.because
            )
        }
        None if !incumbent.within => format!(
            "It leaves {name}, which is in use, because that is expected to cost {} a month, above the budget",
            incumbent.expected.rounded()
        ),
        None => format!(
            "It leaves {name}, which is in use, because it is a good choice in {} of 100 scenarios and {name} in {}",
            hundredths(winner.support),
            hundredths(incumbent.support)
        ),
    })
}

/// Hundredths that are reached: what is short of a gain must not read as if it were one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share between 0 and 1")]
fn full_hundredths(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 100.0).floor() as u32
}
