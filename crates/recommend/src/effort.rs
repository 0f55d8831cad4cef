//! What a platform asks of people for one application, counted from the catalog's lists.

use siteplan_catalog::Catalog;
use siteplan_catalog::data_service::DataService;
use siteplan_catalog::figure::Figure;
use siteplan_catalog::platform::{Case, Cases, EffortItem, Platform, RunMode};
use siteplan_cost::asked::{Releaser, assigned_addresses, cases, credentials};
use siteplan_cost::{Component, Quote};
use siteplan_model::explanation::Operation;
use siteplan_model::recommendation::{Complexity, Effort};
use siteplan_model::survey::ServiceKind;

use crate::criteria::{Entry, Ledger, Name, Plain, Subject, Words, fact};
use crate::existing::{self, There, Vendors};

/// Counts services to create, files to write, credentials to set and tools to install.
pub(crate) fn effort(subject: &Subject<'_>) -> Effort {
    let ledger = &mut Plain::new(subject.catalog);
    let counts = counted(ledger, subject);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen whole things")]
    let [resources, files, credentials, tools] = counts.map(|count| count.round() as u32);
    Effort { resources, files, credentials, tools }
}

/// The same four counts in a ledger.
pub(crate) fn counted<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> [L::Number; 4] {
    let Subject { catalog, quote, context, .. } = *subject;
    let vendors = Vendors::of(subject);
    let hosts: Vec<Host<'_>> = std::iter::once(&quote.platform)
        .chain(&quote.companions)
        .filter_map(|id| catalog.platforms.get(id))
        .map(|platform| {
            let releaser = Releaser::usual(context.expertise, platform);
            let cases = cases(catalog, quote, platform, releaser);
            Host { platform, cases, there: vendors.at(platform) }
        })
        .collect();
    let services =
        || quote.data.iter().filter_map(|placed| catalog.data_services.get(placed.service.as_ref()?));
    let sum = |ledger: &mut L, name, of: &[L::Number]| ledger.term(Name::plain(name), Operation::Sum, of);

    let mut items: Vec<L::Number> = Vec::new();
    let mut exist: Vec<L::Number> = Vec::new();
    for host in &hosts {
        items.push(listed(
            ledger,
            host,
            "things to create on {}",
            "effort.resources",
            &host.platform.effort.resources,
        ));
        existing::things(ledger, subject, host, &mut exist);
    }
    items.push(of_application(ledger, "services of the application", quote.components.len()));
    for service in services() {
        items.push(listed_for(
            ledger,
            service,
            "things to create for {}",
            "effort.resources",
            &service.effort.resources,
        ));
    }
    let own = quote.data.iter().filter(|placed| placed.service.is_none()).count();
    if own > 0 {
        let own = of_application(ledger, "engines that the team runs itself", own);
        let each = ledger.parameter("self_run_resources", &catalog.criteria.value.self_run_resources);
        items.push(ledger.term(Name::plain("things to create for them"), Operation::Product, &[own, each]));
    }
    items.extend(existing::further(ledger, subject, &vendors, hosts.iter().map(|host| host.platform)));
    let resources = sum(ledger, "things to create", &items);
    let resources = less(ledger, resources, &exist, "things to create beside those that exist");

    items.clear();
    exist.clear();
    for host in &hosts {
        items.push(listed(ledger, host, "files for {}", "effort.files", &host.platform.effort.files));
        existing::files(ledger, host, &mut exist);
    }
    let images = images_to_write(catalog, quote);
    if images > 0 {
        items.push(of_application(ledger, "images that nobody has written yet", images));
    }
    let files = sum(ledger, "files to write", &items);
    let files = less(ledger, files, &exist, "files to write beside those in the repository");

    items.clear();
    exist.clear();
    for host in &hosts {
        items.push(credentials_of(ledger, quote, host));
        existing::credentials_set(ledger, subject, host, &mut exist);
    }
    let assigned: usize = hosts.iter().map(|host| assigned_addresses(quote, host.platform, host.cases)).sum();
    if assigned > 0 {
        items.push(of_application(ledger, "addresses that the first deploy assigns", assigned));
    }
    for service in services().filter(|service| !service.effort.credentials.is_empty()) {
        items.push(listed_for(
            ledger,
            service,
            "credentials for {}",
            "effort.credentials",
            &service.effort.credentials,
        ));
    }
    let foreign = quote
        .workload
        .clouds
        .iter()
        .filter(|cloud| !hosts.iter().any(|host| is_of(host.platform, cloud)))
        .count();
    if foreign > 0 {
        let clouds = of_application(ledger, "clouds whose services it calls from outside", foreign);
        let each = ledger.parameter("foreign_cloud_items", &catalog.criteria.value.foreign_cloud_items);
        items.push(ledger.term(
            Name::plain("identities and keys for them"),
            Operation::Product,
            &[clouds, each],
        ));
    }
    let credentials = sum(ledger, "credentials to set", &items);
    let credentials = less(ledger, credentials, &exist, "credentials to set beside those that are set");

    items.clear();
    exist.clear();
    for (index, host) in hosts.iter().enumerate() {
        let tools = &host.platform.effort.tools;
        let earlier = |tool: &&EffortItem| {
            hosts[..index].iter().any(|other| {
                needed(&other.platform.effort.tools, other.cases).any(|known| known.text() == tool.text())
            })
        };
        let further: Vec<&EffortItem> = needed(tools, host.cases).filter(|tool| !earlier(tool)).collect();
        let entry = fact(
            host.platform,
            Name::with("tools for {}", &host.platform.name),
            "effort.tools",
            tools,
            Words::Needed(&tools.value, host.cases),
        );
        items.push(ledger.enter(entry, amount(further.len())));
        existing::tools(ledger, host, &further, &mut exist);
    }
    let tools = sum(ledger, "tools to install", &items);
    let tools = less(ledger, tools, &exist, "tools to install beside those in use");
    [resources, files, credentials, tools]
}

/// A count without what exists.
fn less<'a, L: Ledger<'a>>(
    ledger: &mut L,
    count: L::Number,
    exist: &[L::Number],
    left: &'static str,
) -> L::Number {
    let known = match exist {
        [] => return count,
        [one] => *one,
        several => ledger.term(Name::plain("of it what exists"), Operation::Sum, several),
    };
    ledger.term(Name::plain(left), Operation::Difference, &[count, known])
}

/// Whether a platform belongs to a cloud.
fn is_of(host: &Platform, cloud: &str) -> bool {
    host.cloud.as_deref() == Some(cloud)
}

/// One of the platforms of a quote.
#[derive(Clone, Copy)]
pub(crate) struct Host<'a> {
    pub(crate) platform: &'a Platform,
    /// What holds for the application there.
    pub(crate) cases: Cases,
    /// What exists there.
    pub(crate) there: There<'a>,
}

/// The things of a list that are needed.
pub(crate) fn needed(list: &Figure<Vec<EffortItem>>, cases: Cases) -> impl Iterator<Item = &EffortItem> {
    list.value.iter().filter(move |item| item.is_needed(cases))
}

/// A list of a platform, counted as far as it is needed.
fn listed<'a, L: Ledger<'a>>(
    ledger: &mut L,
    host: &Host<'a>,
    name: &'static str,
    at: &'static str,
    list: &'a Figure<Vec<EffortItem>>,
) -> L::Number {
    let name = Name::with(name, &host.platform.name);
    let entry = fact(host.platform, name, at, list, Words::Needed(&list.value, host.cases));
    ledger.enter(entry, amount(needed(list, host.cases).count()))
}

/// A list of a data service, counted.
fn listed_for<'a, L: Ledger<'a>>(
    ledger: &mut L,
    service: &'a DataService,
    name: &'static str,
    at: &'static str,
    list: &'a [String],
) -> L::Number {
    let entry = Entry::Fact {
        name: Name::with(name, &service.name),
        words: Words::List(list),
        thing: service.id.as_str(),
        at,
        note: None,
        source: None,
    };
    ledger.enter(entry, amount(list.len()))
}

fn of_application<'a, L: Ledger<'a>>(ledger: &mut L, name: &'static str, count: usize) -> L::Number {
    ledger.enter(Entry::Application { name: Name::plain(name), words: Words::None }, amount(count))
}

/// The credentials of a platform that a pipeline needs: none where the platform deploys each push by itself.
fn credentials_of<'a, L: Ledger<'a>>(ledger: &mut L, quote: &Quote, host: &Host<'a>) -> L::Number {
    let Host { platform, cases, .. } = *host;
    let by_itself = &platform.effort.deploys_from_git;
    let name = Name::with("credentials for {}", &platform.name);
    let words = if cases.contains(Case::Push) {
        Words::Text("none: it deploys each push by itself")
    } else {
        Words::Credentials(&platform.deploy.credentials, cases)
    };
    let entry = fact(platform, name, "effort.deploys_from_git", by_itself, words);
    ledger.enter(entry, amount(credentials(quote, platform, cases)))
}

#[expect(clippy::cast_precision_loss, reason = "a few dozen things")]
pub(crate) fn amount(count: usize) -> f64 {
    count as f64
}

/// The level of an effort, by the catalog's cuts.
pub fn complexity(catalog: &Catalog, effort: &Effort) -> Complexity {
    let levels = [Complexity::VeryLow, Complexity::Low, Complexity::Medium, Complexity::High];
    let cuts = catalog.criteria.complexity_upto;
    levels
        .into_iter()
        .zip(cuts)
        .find_map(|(level, upto)| (effort.total() <= upto).then_some(level))
        .unwrap_or(Complexity::VeryHigh)
}

/// Whether a component needs an image on its platform that nobody has written yet.
pub(crate) fn needs_image_written(catalog: &Catalog, platform: &Platform, component: &Component) -> bool {
    let known = builds(catalog, platform, component);
    let mode = platform.runs.mode(component.kind).value;
    let from_image = mode == RunMode::Container || !known;
    let by_the_vendor = platform.runs.writes_images_for.as_ref().is_some_and(|languages| {
        let language = component.language.as_deref().unwrap_or_default();
        let runtime = catalog.runtimes.of(language, None).map_or(language, |runtime| runtime.id.as_str());
        languages.value.iter().any(|known| known == runtime)
    });
    !component.has_image && from_image && !by_the_vendor && component.kind != ServiceKind::Static
}

/// Whether the platform builds a component's language without an image.
pub(crate) fn builds(catalog: &Catalog, platform: &Platform, component: &Component) -> bool {
    siteplan_cost::platform_builds(catalog, platform, component)
}

fn images_to_write(catalog: &Catalog, quote: &Quote) -> usize {
    quote
        .components
        .iter()
        .filter(|placed| {
            catalog.platforms.get(&placed.platform).is_some_and(|host| {
                needs_image_written(catalog, host, &quote.workload.components[placed.component])
            })
        })
        .count()
}
