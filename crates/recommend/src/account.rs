//! An account with the platform's cloud that exists already → the effort that it saves: the account or subscription with its
//! billing, and the cloud's command line.

use siteplan_catalog::refinement::Refinement;
use siteplan_model::explanation::Operation;

use crate::criteria::{Entry, Ledger, Name, Subject, Words};

/// The cloud in which an account exists that is of use on the platform: somebody said so, or the application calls the cloud's own
/// services and nobody said otherwise. `None` before answers beyond the context count.
pub(crate) fn existing<'a>(subject: &Subject<'a>) -> Option<&'a str> {
    let settings = subject.refined_by?;
    let cloud = subject.platform.cloud.as_deref()?;
    let refinements = subject.catalog.refinements.refinement.iter();
    let accounts = || refinements.clone().filter(|refinement| refinement.states_accounts());
    let chosen = |refinement: &'a Refinement| refinement.chosen(settings);
    let exists = if accounts().flat_map(chosen).next().is_some() {
        accounts().flat_map(chosen).any(|choice| choice.account.as_deref() == Some(cloud))
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
