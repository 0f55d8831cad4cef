//! Section 2: what runs where, and who talks to whom.

use siteplan_catalog::data_service::DataKind;
use siteplan_catalog::platform::Ability;
use siteplan_cost::Rest;
use siteplan_model::design::{Component, Edge, Role, Topology};
use siteplan_model::survey::ServiceKind;

use crate::database;
use crate::ground::{Ground, versioned};
use crate::prose::number;
use crate::services::PlacedService;

const USERS: &str = "Users";

/// The section.
pub(crate) fn topology(ground: &Ground<'_>) -> Topology {
    let mut components = Vec::new();
    let mut edges = Vec::new();
    let has_http = ground.over_http().next().is_some();
    if has_http {
        components.push(plain(USERS, Role::User, "web browsers and other clients", "the internet"));
    }
    let front = has_http.then(|| edge(ground));
    let entry = front.as_ref().map_or(USERS, |front| front.name.as_str()).to_owned();
    if let Some(front) = front {
        edges.push(arrow(USERS, &front.name, "HTTPS"));
        components.push(front);
    }
    for service in &ground.services {
        components.push(app(ground, service));
        if service.plan.kind.serves_http() {
            edges.push(arrow(&entry, &service.plan.slug, if entry == USERS { "HTTPS" } else { "HTTP" }));
        }
    }
    between_services(ground, &mut edges);
    data(ground, &mut components, &mut edges);
    external(ground, &mut components, &mut edges);
    Topology { components, edges }
}

fn plain(name: &str, role: Role, technology: &str, hosted_on: &str) -> Component {
    Component {
        name: name.to_owned(),
        role,
        technology: technology.to_owned(),
        hosted_on: hosted_on.to_owned(),
        plan: String::new(),
        instances: 1,
        service: None,
        evidence: None,
    }
}

fn arrow(from: &str, to: &str, label: &str) -> Edge {
    Edge { from: from.to_owned(), to: to.to_owned(), label: label.to_owned() }
}

/// What stands in front: a delivery network where the platform has one, else its load balancer.
fn edge(ground: &Ground<'_>) -> Component {
    let platform = ground.platform;
    let cdn = platform.capabilities.cdn.value == Ability::Yes;
    let name = if cdn { "CDN" } else { "Load balancer" };
    let technology = if cdn { "delivery network" } else { "load balancing" };
    plain(name, Role::Edge, &format!("{technology} with HTTPS"), &platform.name)
}

fn app(ground: &Ground<'_>, service: &PlacedService<'_>) -> Component {
    let plan = &service.plan;
    let size = if plan.memory_mb == 0 {
        plan.size.clone()
    } else {
        format!("{} ({} vCPU, {} MB)", plan.size, number(plan.vcpu), plan.memory_mb)
    };
    let evidence = service
        .found
        .and_then(|found| found.evidence.get("kind").or_else(|| found.evidence.values().next()))
        .and_then(|list| list.first())
        .map(siteplan_model::fact::Evidence::place);
    Component {
        name: plan.slug.clone(),
        role: Role::App,
        technology: technology(ground, service),
        hosted_on: service.platform.name.clone(),
        plan: size,
        instances: match service.placed.rest {
            _ if plan.single => 1,
            Rest::Kept(count) => count,
            Rest::Stops if service.scales_by_itself() => 0,
            _ if service.scales_by_itself() && service.placed.instances <= 1 => 0,
            _ => service.placed.instances,
        },
        service: Some(plan.clone()),
        evidence,
    }
}

/// `Next.js 15 on Node.js 22`.
fn technology(ground: &Ground<'_>, service: &PlacedService<'_>) -> String {
    let plan = &service.plan;
    let framework = plan.framework.as_ref().map(|id| {
        let seen = ground.survey.frameworks.iter().find(|framework| framework.fact.value == *id);
        versioned(ground.catalog.names.of(id), seen.and_then(|framework| framework.version.as_deref()))
    });
    let runtime = plan.language.as_ref().map(|language| {
        let runtime = ground.catalog.runtimes.of(language, plan.package_manager.as_deref());
        let name = runtime.map_or_else(|| ground.catalog.names.of(language), |runtime| runtime.name.as_str());
        let version = plan.language_version.as_deref();
        versioned(name, version)
    });
    let kind = match plan.kind {
        ServiceKind::Web => "web server",
        ServiceKind::Api => "HTTP interface",
        ServiceKind::Worker => "worker",
        ServiceKind::Cron => "scheduled job",
        ServiceKind::Static => "static files",
    };
    match (framework, runtime) {
        (Some(framework), Some(_)) if plan.kind == ServiceKind::Static => {
            format!("{kind} built with {framework}")
        }
        (Some(framework), Some(runtime)) => format!("{kind}: {framework} on {runtime}"),
        (Some(one), None) | (None, Some(one)) => format!("{kind}: {one}"),
        (None, None) if service.found.is_none() => format!("{kind}, planned"),
        (None, None) => kind.to_owned(),
    }
}

/// A page server calls the interfaces; nothing more is known from outside.
fn between_services(ground: &Ground<'_>, edges: &mut Vec<Edge>) {
    let of = |kind: ServiceKind| ground.services.iter().filter(move |service| service.plan.kind == kind);
    for page in of(ServiceKind::Web).chain(of(ServiceKind::Static)) {
        for interface in of(ServiceKind::Api) {
            let label =
                if page.plan.kind == ServiceKind::Static { "HTTPS, from the browser" } else { "HTTP" };
            edges.push(arrow(&page.plan.slug, &interface.plan.slug, label));
        }
    }
}

/// Whether a service uses an engine: as found, else every server does.
pub(crate) fn uses(ground: &Ground<'_>, service: &PlacedService<'_>, engine: &str) -> bool {
    if service.plan.kind == ServiceKind::Static {
        return false;
    }
    let somebody =
        ground.services.iter().any(|s| s.found.is_some_and(|f| f.databases.iter().any(|d| d == engine)));
    match service.found {
        Some(found) if somebody => found.databases.iter().any(|database| database == engine),
        _ => true,
    }
}

fn data(ground: &Ground<'_>, components: &mut Vec<Component>, edges: &mut Vec<Edge>) {
    for placed in &ground.quote.data {
        let (service, plan) = database::service_and_plan(ground, placed);
        let name = ground.called(&placed.engine).to_owned();
        if components.iter().any(|component| component.name == name) {
            continue;
        }
        let role = if placed.is_cache { Role::Cache } else { Role::Database };
        let hosted_on =
            service.map_or_else(|| "a server that the team operates".to_owned(), |s| s.name.clone());
        let seen = ground.survey.caches.iter().find(|cache| cache.fact.value == placed.engine);
        components.push(Component {
            name: name.clone(),
            role,
            technology: format!(
                "{} {}",
                service
                    .filter(|service| service.kind == DataKind::Database)
                    .map_or(name.as_str(), |service| service.engine_name.as_str()),
                placed.version
            )
            .trim()
            .to_owned(),
            hosted_on,
            plan: plan.map(|plan| plan.id.clone()).unwrap_or_default(),
            instances: if plan.is_some_and(|plan| plan.high_availability) { 2 } else { 1 },
            service: None,
            evidence: database::evidence(ground, &placed.engine)
                .or_else(|| seen.and_then(|cache| cache.fact.place())),
        });
        let label =
            ground.catalog.runtimes.engine(&placed.engine).map_or("TCP", |facts| facts.label.as_str());
        for service in ground.services.iter().filter(|service| uses(ground, service, &placed.engine)) {
            edges.push(arrow(&service.plan.slug, &name, label));
        }
    }
    if let Some(engine) = ground.embedded_engine() {
        let name = format!("{} file", ground.called(engine));
        let technology = format!("{} inside the application", ground.called(engine));
        let mut component = plain(&name, Role::Database, &technology, &ground.platform.name);
        component.evidence = database::evidence(ground, engine);
        components.push(component);
        for service in ground.services.iter().filter(|service| uses(ground, service, engine)) {
            edges.push(arrow(&service.plan.slug, &name, "file access"));
        }
    }
}

fn external(ground: &Ground<'_>, components: &mut Vec<Component>, edges: &mut Vec<Edge>) {
    let caller = ground
        .services
        .iter()
        .find(|service| service.plan.kind != ServiceKind::Static)
        .or_else(|| ground.main());
    for fact in &ground.survey.external_services {
        let words = ground.called(&fact.value);
        let name = crate::prose::capital(words.strip_prefix("the ").unwrap_or(words));
        if components.iter().any(|component| component.name == name) {
            continue;
        }
        let mut component = plain(&name, Role::External, "a third party", "its own servers");
        component.evidence = fact.place();
        if let Some(caller) = caller {
            edges.push(arrow(&caller.plan.slug, &name, "HTTPS"));
        }
        components.push(component);
    }
}
