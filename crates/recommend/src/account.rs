//! An account with the platform's cloud that exists already → the effort that it saves: the account or subscription with its
//! billing, and the cloud's command line.

use siteplan_catalog::Catalog;
use siteplan_catalog::refinement::{Refinement, RefinementChoice};
use siteplan_model::explanation::Operation;

use crate::criteria::{Entry, Ledger, Name, Subject, Words};
use crate::refined::Settings;

/// Whether somebody said that an account exists in a cloud.
pub(crate) fn is_stated(catalog: &Catalog, settings: &Settings, cloud: &str) -> bool {
    answered(catalog, settings).any(|choice| choice.account.as_deref() == Some(cloud))
}

/// The answers to where accounts exist; none if nobody answered.
fn answered<'a>(catalog: &'a Catalog, settings: &'a Settings) -> impl Iterator<Item = &'a RefinementChoice> {
    let asked = catalog.refinements.refinement.iter().filter(|refinement| refinement.states_accounts());
    asked.flat_map(|refinement: &'a Refinement| refinement.chosen(settings))
}

/// The cloud in which an account exists that is of use on the platform: somebody said so, or the application calls the cloud's own
/// services and nobody said otherwise. `None` before answers beyond the context count.
pub(crate) fn existing<'a>(subject: &Subject<'a>) -> Option<&'a str> {
    let settings = subject.refined_by?;
    let cloud = subject.platform.cloud.as_deref()?;
    let exists = if answered(subject.catalog, settings).next().is_some() {
        is_stated(subject.catalog, settings, cloud)
    } else {
        subject.quote.workload.clouds.iter().any(|called| called == cloud)
    };
    exists.then_some(cloud)
}

/// The counts of effort (resources, files, credentials, tools) without what an existing account saves.
pub(crate) fn saved<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    counts: [L::Number; 4],
) -> [L::Number; 4] {
    let Some(cloud) = existing(subject) else { return counts };
    let [resources, files, credentials, tools] = counts;
    let effort = &subject.platform.effort;
    let mut less = |count: L::Number, listed: usize, saved: Name<'a>, left: &'static str| {
        if listed == 0 {
            return count;
        }
        let one = ledger.enter(Entry::Application { name: saved, words: Words::Text("exists already") }, 1.0);
        ledger.term(Name::plain(left), Operation::Difference, &[count, one])
    };
    let account = Name::with("account with `{}`, with its billing", cloud);
    let resources = less(
        resources,
        effort.resources.value.len(),
        account,
        "things to create beside the account that exists",
    );
    let program = Name::with("command line of `{}`", cloud);
    let tools = less(tools, effort.tools.value.len(), program, "tools to install beside those in use");
    [resources, files, credentials, tools]
}
