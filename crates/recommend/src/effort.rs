//! What a platform asks of people for one application, counted from the catalog's lists.

use siteplan_catalog::Catalog;
use siteplan_catalog::data_service::DataService;
use siteplan_catalog::figure::Figure;
use siteplan_catalog::platform::{Ability, Platform, RunMode};
use siteplan_cost::{Component, Quote};
use siteplan_model::brief::Expertise;
use siteplan_model::explanation::Operation;
use siteplan_model::recommendation::{Complexity, Effort};
use siteplan_model::survey::ServiceKind;

use crate::account;
use crate::criteria::{Entry, Ledger, Name, Plain, Subject, Words, fact};

/// Counts services to create, files to write, credentials to set and tools to install.
pub(crate) fn effort(subject: &Subject<'_>) -> Effort {
    let ledger = &mut Plain::new(subject.catalog);
    let counts = counted(ledger, subject.catalog, subject.quote, subject.context.expertise);
    let counts = account::saved(ledger, subject, counts);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen whole things")]
    let [resources, files, credentials, tools] = counts.map(|count| count.round() as u32);
    Effort { resources, files, credentials, tools }
}

/// The same four counts in a ledger.
pub(crate) fn counted<'a, L: Ledger<'a>>(
    ledger: &mut L,
    catalog: &'a Catalog,
    quote: &'a Quote,
    expertise: Expertise,
) -> [L::Number; 4] {
    let hosts: Vec<&Platform> = std::iter::once(&quote.platform)
        .chain(&quote.companions)
        .filter_map(|id| catalog.platforms.get(id))
        .collect();
    let services =
        || quote.data.iter().filter_map(|placed| catalog.data_services.get(placed.service.as_ref()?));
    let sum = |ledger: &mut L, name, of: &[L::Number]| ledger.term(Name::plain(name), Operation::Sum, of);

    let mut items: Vec<L::Number> = Vec::new();
    for host in &hosts {
        items.push(listed(
            ledger,
            host,
            "things to create on {}",
            "effort.resources",
            &host.effort.resources,
        ));
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
    let resources = sum(ledger, "things to create", &items);

    items.clear();
    for host in &hosts {
        items.push(listed(ledger, host, "files for {}", "effort.files", &host.effort.files));
    }
    let images = images_to_write(catalog, quote);
    if images > 0 {
        items.push(of_application(ledger, "images that nobody has written yet", images));
    }
    let files = sum(ledger, "files to write", &items);

    items.clear();
    for host in &hosts {
        items.push(credentials_of(ledger, host, expertise));
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
    let foreign =
        quote.workload.clouds.iter().filter(|cloud| !hosts.iter().any(|host| is_of(host, cloud))).count();
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

    items.clear();
    for (index, host) in hosts.iter().enumerate() {
        let tools = &host.effort.tools;
        let earlier =
            |tool: &&String| hosts[..index].iter().any(|other| other.effort.tools.value.contains(tool));
        let further = tools.value.iter().filter(|tool| !earlier(tool)).count();
        let entry = fact(
            host,
            Name::with("tools for {}", &host.name),
            "effort.tools",
            tools,
            Words::List(&tools.value),
        );
        items.push(ledger.enter(entry, amount(further)));
    }
    let tools = sum(ledger, "tools to install", &items);
    [resources, files, credentials, tools]
}

/// Whether a platform belongs to a cloud.
fn is_of(host: &Platform, cloud: &str) -> bool {
    host.cloud.as_deref() == Some(cloud)
}

/// A list of a platform, counted.
fn listed<'a, L: Ledger<'a>>(
    ledger: &mut L,
    host: &'a Platform,
    name: &'static str,
    at: &'static str,
    list: &'a Figure<Vec<String>>,
) -> L::Number {
    let entry = fact(host, Name::with(name, &host.name), at, list, Words::List(&list.value));
    ledger.enter(entry, amount(list.value.len()))
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

/// A platform that deploys each push by itself needs no credential in the CI. Beginners let it; anybody else lets a pipeline
/// release what has passed its checks, and that needs the platform's credentials anywhere.
fn credentials_of<'a, L: Ledger<'a>>(ledger: &mut L, host: &'a Platform, expertise: Expertise) -> L::Number {
    let by_itself = &host.effort.deploys_from_git;
    let name = Name::with("credentials for {}", &host.name);
    let (words, count) = match by_itself.value {
        Ability::Yes if expertise == Expertise::Beginner => {
            (Words::Text("none: it deploys each push by itself"), 0)
        }
        Ability::Yes | Ability::Limited | Ability::No => {
            (Words::Credentials(&host.deploy.credentials), host.deploy.credentials.len())
        }
    };
    ledger.enter(fact(host, name, "effort.deploys_from_git", by_itself, words), amount(count))
}

#[expect(clippy::cast_precision_loss, reason = "a few dozen things")]
fn amount(count: usize) -> f64 {
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
