//! What exists already at vendors, by the repository and by answers → the items of effort that nobody has to do again, and those
//! that one vendor more asks for.
//!
//! An account brings what belongs to it and nothing of the application: the catalog marks these things (`with_account`). Where the
//! application runs already, everything is there that running it takes.

use std::collections::BTreeSet;

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::{EffortItem, Platform};
use siteplan_catalog::refinement::{Refinement, RefinementChoice};
use siteplan_cost::asked::{assigned_addresses, credentials};
use siteplan_cost::{InUse, PlacedData, Quote};
use siteplan_model::recommendation::Philosophy;

use crate::criteria::{Entry, Ledger, Name, Plain, Subject, Words};
use crate::effort::{Host, amount, needed};
use crate::refined::Settings;

/// The cloud of a platform, if somebody said that an account exists there.
pub(crate) fn account_of<'p>(
    catalog: &Catalog,
    settings: &Settings,
    platform: &'p Platform,
) -> Option<&'p str> {
    let is_stated =
        |cloud: &&str| answered(catalog, settings).any(|it| it.account.as_deref() == Some(*cloud));
    platform.cloud.as_deref().filter(is_stated)
}

/// Whether somebody said where accounts exist, even if nowhere.
pub(crate) fn is_answered(catalog: &Catalog, settings: &Settings) -> bool {
    answered(catalog, settings).next().is_some()
}

/// The answers to where accounts exist; none if nobody answered.
fn answered<'a>(catalog: &'a Catalog, settings: &'a Settings) -> impl Iterator<Item = &'a RefinementChoice> {
    let asked = catalog.refinements.refinement.iter().filter(|refinement| refinement.states_accounts());
    asked.flat_map(|refinement: &'a Refinement| refinement.chosen(settings))
}

/// What people call a cloud.
pub(crate) fn cloud_name<'a>(catalog: &'a Catalog, cloud: &'a str) -> &'a str {
    let choices = catalog.refinements.refinement.iter().flat_map(|refinement| &refinement.choice);
    let named = choices.filter(|choice| choice.account.as_deref() == Some(cloud));
    named.map(|choice| choice.label.as_str()).next().unwrap_or(cloud)
}

/// What speaks for a platform because something exists there, as a sentence.
pub(crate) fn advantage(subject: &Subject<'_>) -> Option<String> {
    match Vendors::of(subject).at(subject.platform) {
        There::Nothing => None,
        There::Account => Some(match &subject.platform.cloud {
            Some(cloud) => format!(
                "The account at {} exists: it need not be opened, and no vendor is added",
                cloud_name(subject.catalog, cloud)
            ),
            None => "The vendor of the server is in use: its account and bill exist".to_owned(),
        }),
        There::Application(used) => {
            let files = match used.files.len() {
                0 => String::new(),
                1 => " and a file in the repository".to_owned(),
                several => format!(" and {several} files in the repository"),
            };
            Some(format!("The application runs there: account, services{files} exist and are no work"))
        }
    }
}

/// What one vendor more asks, as a sentence.
pub(crate) fn disadvantage(subject: &Subject<'_>) -> Option<String> {
    let Subject { catalog, platform, quote, .. } = *subject;
    let vendors = Vendors::of(subject);
    let companions = quote.companions.iter().filter_map(|id| catalog.platforms.get(id));
    let hosts = std::iter::once(platform).chain(companions);
    let mut ledger = Plain::new(catalog);
    let items: f64 = further(&mut ledger, subject, &vendors, hosts.clone()).into_iter().sum();
    (items > 0.0).then(|| {
        let clouds = vendors.accounts.iter().map(|cloud| cloud_name(catalog, cloud));
        let used = vendors.used().filter(|used| used.cloud.is_none()).map(|used| used.name.as_str());
        let names: BTreeSet<&str> = used.chain(clouds).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let things = if items > 1.0 { "things" } else { "thing" };
        let (more, asks) = match vendors.further(hosts) {
            Further::Cloud => ("cloud", "bill, people, agreements and rules"),
            Further::None | Further::Vendor => ("vendor", "bill, people and agreements"),
        };
        format!(
            "One {more} more beside {}: its {asks} count as {items:.0} {things} to do",
            names.join(" and ")
        )
    })
}

/// What one vendor or cloud more asks of an organisation.
pub(crate) fn further<'a, 'h, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    vendors: &Vendors<'a>,
    hosts: impl Iterator<Item = &'h Platform> + Clone,
) -> Vec<L::Number> {
    let (values, budget) = (&subject.catalog.criteria.value, subject.context.budget);
    let vendor = ("further_vendor_items", &values.further_vendor_items);
    let asked = match vendors.further(hosts) {
        Further::None => Vec::new(),
        Further::Vendor => vec![vendor],
        Further::Cloud => vec![vendor, ("further_cloud_items", &values.further_cloud_items)],
    };
    let entered = asked.into_iter().map(|(key, asked)| {
        let entry = Entry::Parameter { key, word: budget.as_str(), reason: &asked.reason };
        ledger.enter(entry, asked.of(&budget))
    });
    entered.collect()
}

/// The vendors at which something exists.
pub(crate) struct Vendors<'a> {
    catalog: &'a Catalog,
    /// Clouds in which an account exists that may be used: somebody said so; or, while nobody was asked, the application calls the
    /// cloud's own services or runs on one of its platforms.
    accounts: Vec<&'a str>,
    in_use: &'a [InUse],
}

/// Where a quote goes beside vendors at which something exists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Further {
    /// To one of them, or nothing exists.
    None,
    /// To another.
    Vendor,
    /// To another cloud beside one.
    Cloud,
}

/// What exists at the vendor of a platform.
#[derive(Clone, Copy)]
pub(crate) enum There<'a> {
    /// Nothing that is known.
    Nothing,
    /// An account.
    Account,
    /// The application itself.
    Application(&'a InUse),
}

impl<'a> Vendors<'a> {
    /// Those that are known of a quote's application.
    pub(crate) fn of(subject: &Subject<'a>) -> Self {
        let Subject { catalog, quote, refined_by, .. } = *subject;
        let workload = &quote.workload;
        let stated = refined_by.filter(|settings| is_answered(catalog, settings));
        let accounts = if let Some(settings) = stated {
            answered(catalog, settings).filter_map(|choice| choice.account.as_deref()).collect()
        } else {
            let used = workload.in_use.iter();
            let beneath =
                used.filter_map(|used| catalog.platforms.get(used.platform.as_str())?.cloud.as_deref());
            workload.clouds.iter().map(String::as_str).chain(beneath).collect()
        };
        Self { catalog, accounts, in_use: &workload.in_use }
    }

    /// What exists at the vendor of a platform.
    pub(crate) fn at(&self, platform: &Platform) -> There<'a> {
        if let Some(used) = self.in_use.iter().find(|used| used.platform == platform.id.as_str()) {
            return There::Application(used);
        }
        let of_cloud = platform.cloud.as_deref().is_some_and(|cloud| self.accounts.contains(&cloud));
        // Servers are rented from the same vendor, whatever runs the application on them.
        let rented = platform.philosophy == Philosophy::SelfHosted
            && self.used().any(|used| used.philosophy == Philosophy::SelfHosted);
        if of_cloud || rented { There::Account } else { There::Nothing }
    }

    /// What vendors more a quote's platforms are beside those at which something exists.
    fn further<'h>(&self, hosts: impl Iterator<Item = &'h Platform> + Clone) -> Further {
        let some = !self.accounts.is_empty() || self.used().next().is_some();
        if !some || !hosts.clone().all(|host| matches!(self.at(host), There::Nothing)) {
            return Further::None;
        }
        let mut clouds = hosts.filter_map(|host| host.cloud.as_ref());
        if self.accounts.is_empty() || clouds.next().is_none() { Further::Vendor } else { Further::Cloud }
    }

    /// The platforms in use that the catalog knows.
    fn used(&self) -> impl Iterator<Item = &'a Platform> {
        self.in_use.iter().filter_map(|used| self.catalog.platforms.get(used.platform.as_str()))
    }
}

/// The things to create that exist.
pub(crate) fn things<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    host: &Host<'a>,
    exist: &mut Vec<L::Number>,
) {
    let resources = &host.platform.effort.resources;
    match host.there {
        There::Nothing => {}
        There::Account => exist.extend(with_account(ledger, needed(resources, host.cases))),
        There::Application(_) => {
            let Subject { catalog, quote, .. } = *subject;
            let services = quote.components.iter().filter(|placed| placed.platform == host.platform.id);
            let of_data = |placed: &PlacedData| match &placed.service {
                Some(id) => {
                    let service = catalog.data_services.get(id);
                    amount(service.map_or(0, |service| service.effort.resources.len()))
                }
                None => catalog.criteria.value.self_run_resources.value,
            };
            let data: f64 = data_of(quote, host.platform).map(of_data).sum();
            let count = amount(needed(resources, host.cases).count() + services.count()) + data;
            exist.push(present(ledger, host, "things on {} that are in use", count));
        }
    }
}

/// The files that the repository holds.
pub(crate) fn files<'a, L: Ledger<'a>>(ledger: &mut L, host: &Host<'a>, exist: &mut Vec<L::Number>) {
    let There::Application(used) = host.there else { return };
    let wanted = needed(&host.platform.effort.files, host.cases).count();
    let name = Name::with("files for {} in the repository", &host.platform.name);
    let entry = Entry::Application { name, words: Words::List(&used.files) };
    exist.push(ledger.enter(entry, amount(used.files.len().min(wanted))));
}

/// The credentials and addresses that are set: all, where a job of the repository's CI releases to the platform; else those that the
/// application itself reads.
pub(crate) fn credentials_set<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    host: &Host<'a>,
    exist: &mut Vec<L::Number>,
) {
    let There::Application(used) = host.there else { return };
    let Subject { catalog, quote, .. } = *subject;
    let Host { platform, cases, .. } = *host;
    let of_pipeline = if used.released_by_ci { credentials(quote, platform, cases) } else { 0 };
    let known = assigned_addresses(quote, platform, cases);
    let services = data_of(quote, platform).filter_map(|placed| placed.service.as_ref());
    let services = services.filter_map(|id| catalog.data_services.get(id));
    let of_data: usize = services.map(|service| service.effort.credentials.len()).sum();
    exist.push(present(
        ledger,
        host,
        "credentials for {} that are set",
        amount(of_pipeline + known + of_data),
    ));
}

/// The tools, of those that are needed, that people have.
pub(crate) fn tools<'a, L: Ledger<'a>>(
    ledger: &mut L,
    host: &Host<'a>,
    further: &[&'a EffortItem],
    exist: &mut Vec<L::Number>,
) {
    match host.there {
        There::Nothing => {}
        There::Account => exist.extend(with_account(ledger, further.iter().copied())),
        There::Application(_) => {
            exist.push(present(ledger, host, "tools for {} that are in use", amount(further.len())));
        }
    }
}

/// Each thing that comes with an account.
fn with_account<'a, L: Ledger<'a>>(
    ledger: &mut L,
    items: impl Iterator<Item = &'a EffortItem>,
) -> Vec<L::Number> {
    let brought = items.filter(|item| item.comes_with_account());
    brought
        .map(|item| {
            let name = Name::with("{}, with the account", item.text());
            ledger.enter(Entry::Application { name, words: Words::Text("exists already") }, 1.0)
        })
        .collect()
}

/// What is there because the application runs on the platform.
fn present<'a, L: Ledger<'a>>(ledger: &mut L, host: &Host<'a>, name: &'static str, count: f64) -> L::Number {
    let name = Name::with(name, &host.platform.name);
    ledger.enter(Entry::Application { name, words: Words::Text("the application runs there already") }, count)
}

/// Data services and engines on a platform.
fn data_of<'q>(quote: &'q Quote, platform: &'q Platform) -> impl Iterator<Item = &'q PlacedData> {
    quote.data.iter().filter(move |placed| placed.platform.as_ref() == Some(&platform.id))
}
