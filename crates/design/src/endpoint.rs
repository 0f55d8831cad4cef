//! What was found of a service's code → the file that answers the health contract, what it asks, and how it is joined.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::health::{HealthClient, HealthKit, Wiring};
use siteplan_cost::Quote;
use siteplan_model::design::{HealthAnswers, HealthCheck, HealthCode, ServicePlan};
use siteplan_model::survey::{CodeFacts, Service, ServiceKind, Survey, VariableTime};

use crate::services::{PlacedService, beside, probe_path};

/// The word of the kits for a service without a framework.
const NO_FRAMEWORK: &str = "none";

/// Adds the code that has to be written to a service, and the live path where that code brings it.
pub(crate) fn complete(
    catalog: &Catalog,
    survey: &Survey,
    quote: &Quote,
    earlier: &[PlacedService<'_>],
    service: &mut PlacedService<'_>,
) {
    let Some(found) = service.found else { return };
    let Some((answers, live)) = missing(catalog, survey, &service.plan, found) else { return };
    let Some(code) = code(catalog, survey, quote, service, found, answers, &live) else { return };
    // One file answers in one way: where two services of a folder need two, the later one's is left to a person.
    if earlier.iter().any(|one| clashes(&one.plan, &service.plan, &code, &live)) {
        return;
    }
    service.plan.probe_path = probe_path(service.platform, service.plan.health_path.as_deref(), Some(&live));
    service.plan.live_path = Some(live);
    service.plan.health_code = Some(code);
}

/// Whether a service has a file of this code already and it says something else there.
fn clashes(earlier: &ServicePlan, plan: &ServicePlan, code: &HealthCode, live: &str) -> bool {
    let Some(known) = &earlier.health_code else { return false };
    let is_same = known == code
        && earlier.health_path == plan.health_path
        && earlier.live_path.as_deref() == Some(live);
    !is_same && files(known).any(|file| files(code).any(|other| other == file))
}

fn files(code: &HealthCode) -> impl Iterator<Item = &str> {
    std::iter::once(&code.file).chain(code.beside.values()).map(String::as_str)
}

/// Which of the two paths the code does not answer yet, with the live one.
fn missing(
    catalog: &Catalog,
    survey: &Survey,
    plan: &ServicePlan,
    found: &Service,
) -> Option<(HealthAnswers, String)> {
    let ready = plan.health_path.as_deref().filter(|path| *path != "/")?;
    let of_whole = survey.health_endpoint.as_ref().map(|fact| fact.value.as_str());
    let answered = found.health_endpoint.as_deref() == Some(ready) || of_whole == Some(ready);
    match (&plan.live_path, answered) {
        (Some(live), false) => Some((HealthAnswers::Both, live.clone())),
        // Below a path that the framework answers by itself, it answers everything.
        (None, true) if !answers_by_itself(catalog, plan) => Some((HealthAnswers::Live, beside(ready))),
        _ => None,
    }
}

fn answers_by_itself(catalog: &Catalog, plan: &ServicePlan) -> bool {
    let rows = catalog.signals.frameworks.iter();
    rows.filter(|row| Some(&row.id) == plan.framework.as_ref()).any(|row| row.health.is_some())
}

fn code(
    catalog: &Catalog,
    survey: &Survey,
    quote: &Quote,
    service: &PlacedService<'_>,
    found: &Service,
    answers: HealthAnswers,
    live: &str,
) -> Option<HealthCode> {
    let plan = &service.plan;
    let facts = &found.code;
    let ready = plan.health_path.as_deref()?;
    if !matches!(plan.kind, ServiceKind::Web | ServiceKind::Api) || !is_plain(ready) || !is_plain(live) {
        return None;
    }
    let kit = catalog.health.kit.iter().find(|kit| fits(kit, plan, facts))?;
    let folder = facts.folder.as_deref().or(kit.folder.as_deref()).unwrap_or(".");
    let mut files = BTreeMap::new();
    for (role, pattern) in &kit.files {
        let below = pattern
            .replace("{folder}", folder)
            .replace("{extension}", extension(facts))
            .replace("{ready}", ready.trim_end_matches('/'))
            .replace("{live}", live.trim_end_matches('/'));
        files.insert(role.clone(), path_in(&plan.path, &below)?);
    }
    if files.values().any(|file| facts.health_files.contains(file)) {
        return None;
    }
    let (file, beside) = match (answers, files.remove("live")) {
        (HealthAnswers::Live, Some(live)) => (live, BTreeMap::new()),
        (HealthAnswers::Both, Some(live)) => {
            (files.remove("code")?, [("live".to_owned(), live)].into_iter().chain(files).collect())
        }
        (_, None) => (files.remove("code")?, files),
    };
    let checks = match answers {
        HealthAnswers::Both => checks(catalog, survey, quote, kit, found),
        HealthAnswers::Live => Vec::new(),
    };
    let blanks = Blanks { file: &file, folder, ready, live, facts, plan, checks: &checks, catalog };
    let steps = kit.wiring.iter().filter(|step| blanks.holds(step)).map(|step| blanks.fill(&step.text));
    let wiring = steps.chain(not_asked(quote, found, answers, &checks)).collect();
    let own_version = service.platform.health.version.as_ref().map(|variable| variable.value.clone());
    Some(HealthCode {
        kit: kit.id.clone(),
        answers,
        beside,
        dialect: facts.dialect.clone(),
        namespace: facts.namespace.clone(),
        version_variables: std::iter::once("APP_VERSION".to_owned()).chain(own_version).collect(),
        wiring,
        checks,
        file,
    })
}

/// Whether a kit is for a service: framework, language, routing, dialect, and all that its paths are made of.
fn fits(kit: &HealthKit, plan: &ServicePlan, facts: &CodeFacts) -> bool {
    let framework = plan.framework.as_deref().filter(|name| !name.is_empty()).unwrap_or(NO_FRAMEWORK);
    let language = plan.language.as_deref().unwrap_or_default();
    let dialect = facts.dialect.as_deref().unwrap_or_default();
    let needs_folder = kit.files.values().any(|file| file.contains("{folder}"));
    kit.frameworks.iter().any(|one| one == framework)
        && kit.languages.iter().any(|one| one == language)
        && (kit.routing.is_none() || kit.routing == facts.routing)
        && (kit.dialects.is_empty() || kit.dialects.iter().any(|one| one == dialect))
        && (!kit.needs_namespace || facts.namespace.as_deref().is_some_and(is_plain_name))
        && (!needs_folder || facts.folder.is_some() || kit.folder.is_some())
}

/// What the readiness path asks: the database and the cache that this service uses, by what it has already.
fn checks(
    catalog: &Catalog,
    survey: &Survey,
    quote: &Quote,
    kit: &HealthKit,
    found: &Service,
) -> Vec<HealthCheck> {
    let uses = |engine: &str| found.databases.is_empty() || found.databases.iter().any(|one| one == engine);
    let placed = quote.data.iter().filter(|data| !data.is_cache).map(|data| data.engine.as_str());
    let embedded = quote.unplaced.iter().map(String::as_str);
    let mut databases = placed.chain(embedded).filter(|engine| uses(engine));
    let mut caches = quote.data.iter().filter(|data| data.is_cache).map(|data| data.engine.as_str());
    let database = databases.find_map(|engine| check(catalog, survey, kit, found, "database", engine));
    let cache = caches.find_map(|engine| check(catalog, survey, kit, found, "cache", engine));
    database.into_iter().chain(cache).collect()
}

fn check(
    catalog: &Catalog,
    survey: &Survey,
    kit: &HealthKit,
    found: &Service,
    field: &str,
    engine: &str,
) -> Option<HealthCheck> {
    let check = |client: &str, variable| HealthCheck {
        field: field.to_owned(),
        engine: engine.to_owned(),
        client: client.to_owned(),
        variable,
    };
    let has = |package: &String| found.code.clients.iter().any(|client| matches(package, client));
    let by_itself = kit.asks.iter().any(|one| one == field)
        && (kit.engines.is_empty() || kit.engines.iter().any(|one| one == engine))
        && (kit.asks_with.is_empty() || kit.asks_with.iter().any(has));
    if by_itself {
        return Some(check(&kit.id, None));
    }
    let reaches = |client: &&HealthClient| {
        client.families.contains(&kit.family)
            && client.engines.iter().any(|one| one == engine)
            && client.packages.iter().any(has)
    };
    let client = catalog.health.client.iter().find(reaches)?;
    Some(check(&client.id, client.addressed.then(|| variable(catalog, survey, engine)).flatten()))
}

/// What a person has to add where the service uses a database that none of its known libraries can ask.
fn not_asked(
    quote: &Quote,
    found: &Service,
    answers: HealthAnswers,
    checks: &[HealthCheck],
) -> Option<String> {
    let uses = |engine: &str| found.databases.is_empty() || found.databases.iter().any(|one| one == engine);
    let asked = answers == HealthAnswers::Live || checks.iter().any(|check| check.field == "database");
    let data = quote.data.iter().find(|data| !data.is_cache && uses(&data.engine)).filter(|_| !asked)?;
    Some(format!(
        "{} is not asked yet: none of the libraries that siteplan knows for it is among the dependencies; add its check by hand",
        data.engine
    ))
}

/// Whether a package is meant by a name of the catalog, which may end in `*`.
fn matches(name: &str, package: &str) -> bool {
    name.strip_suffix('*').map_or(name == package, |start| package.starts_with(start))
}

/// The variable that holds an engine's address: one that the code reads, else the usual one.
fn variable(catalog: &Catalog, survey: &Survey, engine: &str) -> Option<String> {
    let usual = &catalog.runtimes.engine(engine)?.variables;
    let read = |name: &&String| {
        let mut variables = survey.environment.iter();
        variables.any(|one| one.name == **name && one.when != VariableTime::Build)
    };
    usual.iter().find(read).or_else(|| usual.first()).cloned()
}

/// The ending of a file in the service's dialect.
fn extension(facts: &CodeFacts) -> &'static str {
    match facts.dialect.as_deref() {
        Some("typescript" | "typescript-esm") => "ts",
        Some("mjs") => "mjs",
        _ => "js",
    }
}

/// A path of the repository, if it is one that every shell, import and comment takes as it is.
fn path_in(service: &str, below: &str) -> Option<String> {
    let parts = [service, below]
        .into_iter()
        .flat_map(|path| path.split('/'))
        .filter(|part| !matches!(*part, "" | "."));
    let parts: Vec<&str> = parts.collect();
    let safe = |c: char| c.is_ascii_alphanumeric() || "_-.()@".contains(c);
    let all_safe = parts.iter().all(|part| *part != ".." && part.chars().all(safe));
    all_safe.then(|| parts.join("/"))
}

/// Whether a path of the contract is made of plain segments only.
fn is_plain(path: &str) -> bool {
    let safe = |c: char| c.is_ascii_alphanumeric() || "/_-.~".contains(c);
    path.starts_with('/') && !path.contains("..") && !path.contains("//") && path.chars().all(safe)
}

fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c))
}

/// What a step of the wiring is filled with.
struct Blanks<'a> {
    catalog: &'a Catalog,
    plan: &'a ServicePlan,
    facts: &'a CodeFacts,
    file: &'a str,
    folder: &'a str,
    ready: &'a str,
    live: &'a str,
    checks: &'a [HealthCheck],
}

impl Blanks<'_> {
    fn holds(&self, step: &Wiring) -> bool {
        let framework = self.plan.framework.as_deref().unwrap_or(NO_FRAMEWORK);
        let dialect = self.facts.dialect.as_deref().unwrap_or_default();
        let client = self.checks.first().map_or(NO_FRAMEWORK, |check| check.client.as_str());
        let among = |list: &[String], value: &str| list.is_empty() || list.iter().any(|one| one == value);
        among(&step.frameworks, framework) && among(&step.dialects, dialect) && among(&step.clients, client)
    }

    fn fill(&self, text: &str) -> String {
        let namespace =
            self.facts.namespace.as_deref().filter(|name| is_plain_name(name)).unwrap_or_default();
        let package = if namespace.is_empty() { String::new() } else { format!("{namespace}.") };
        let stem =
            self.file.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(stem, _)| stem);
        let module = match self.facts.dialect.as_deref() {
            Some("typescript-esm" | "esm") => format!("{stem}.js"),
            Some("mjs") => format!("{stem}.mjs"),
            _ => stem.to_owned(),
        };
        let clients = |check: &HealthCheck| {
            self.catalog.health.client.iter().find(|client| client.id == check.client)?.argument.clone()
        };
        let arguments: Vec<String> = self.checks.iter().filter_map(clients).collect();
        [
            ("{file}", self.file),
            ("{folder}", self.folder),
            ("{ready}", self.ready),
            ("{live}", self.live),
            ("{module}", &module),
            ("{namespace}", namespace),
            ("{package}", &package),
            ("{arguments}", &arguments.join(", ")),
        ]
        .iter()
        .fold(text.to_owned(), |text, (blank, value)| text.replace(blank, value))
    }
}
