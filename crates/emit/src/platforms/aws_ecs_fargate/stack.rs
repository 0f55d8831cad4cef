//! The Terraform stack, `infrastructure/aws`: `shared` is applied once for the account (registry, trust in the code host),
//! `environment` once for each environment. Provider: hashicorp/aws 6 (schema of 6.69.1, seen 2026-11-25).

use siteplan_model::design::{DataResource, ServicePlan};
use siteplan_model::file::File;
use siteplan_model::survey::ServiceKind;

use super::{cron, in_secrets_manager, region};
use crate::hcl::{Entry, Value, entry};
use crate::platforms::site::{PRODUCTION, Placed, Site, data_plan, schedule};
use crate::platforms::terraform::{self, Trusted};

const SHARED: &str = "infrastructure/aws/shared";
const ENVIRONMENT: &str = "infrastructure/aws/environment";
/// The first port of services that have no host name while there is no domain.
const FURTHER_PORT: u64 = 8080;
/// The least that RDS keeps on its current kind of disk, in GB.
const LEAST_STORAGE: u32 = 20;
/// Ends the id of a plan with a standby.
const STANDBY: &str = "-multi-az";
/// When a job starts whose own schedule is none.
const NIGHTLY: &str = "cron(0 3 * * ? *)";

/// A file of the module, taken as it is.
macro_rules! part {
    ($path:literal) => {
        include_str!(concat!("terraform/", $path, ".tf"))
    };
}

/// The trust in a host, then the role that its jobs take on.
macro_rules! identity {
    ($folder:literal, $host:literal) => {
        concat!(
            include_str!(concat!("terraform/", $folder, "/", $host, ".tf")),
            "\n",
            include_str!(concat!("terraform/", $folder, "/identity.tf"))
        )
    };
}

/// What the stack is made of, besides what every stack has.
struct Needs<'a> {
    /// The services behind the load balancer, the main one first.
    http: Vec<&'a Placed<'a>>,
    databases: Vec<(&'static Engine, &'a DataResource)>,
    cache: Option<&'a DataResource>,
    host: Option<Trusted>,
}

/// A database engine as RDS knows it.
struct Engine {
    /// Its names here.
    names: &'static [&'static str],
    name: &'static str,
    port: u64,
    scheme: &'static str,
}

const ENGINES: [Engine; 2] = [
    Engine { names: &["postgres"], name: "postgres", port: 5432, scheme: "postgresql" },
    Engine { names: &["mysql", "mariadb"], name: "mysql", port: 3306, scheme: "mysql" },
];

/// Engines that the cache can stand for.
const CACHES: [&str; 2] = ["redis", "valkey"];

/// The stack, if it is wanted.
pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    if !terraform::is_wanted(site) || site.services.is_empty() {
        return Vec::new();
    }
    let needs = needs(site);
    let mut files = shared(site, &needs);
    files.extend(environment(site, &needs));
    files
}

fn needs<'a>(site: &'a Site<'a>) -> Needs<'a> {
    let mut http: Vec<&Placed<'_>> =
        site.services.iter().filter(|placed| kind(placed.plan) == Kind::Http).collect();
    let main = site.main().map(|main| main.plan.slug.as_str());
    http.sort_by_key(|placed| main != Some(placed.plan.slug.as_str()));
    let databases = site.own_data().filter(|data| !data.is_cache).filter_map(|data| {
        let engine = ENGINES.iter().find(|engine| engine.names.contains(&data.engine.as_str()))?;
        Some((engine, data))
    });
    let cache = site.own_data().find(|data| data.is_cache && CACHES.contains(&data.engine.as_str()));
    Needs { http, databases: databases.collect(), cache, host: terraform::trusted(site) }
}

/// How a service runs here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Http,
    Worker,
    Cron,
}

fn kind(service: &ServicePlan) -> Kind {
    match service.kind {
        ServiceKind::Cron => Kind::Cron,
        kind if kind.serves_http() && service.port > 0 => Kind::Http,
        _ => Kind::Worker,
    }
}

fn shared(site: &Site<'_>, needs: &Needs<'_>) -> Vec<File> {
    let file = |name: &str, text: &str, purpose: &str| terraform::module(SHARED, name, text, purpose);
    let mut files = vec![
        file(
            "versions.tf",
            part!("shared/versions"),
            "versions, state and tags of what all environments share",
        ),
        file("variables.tf", part!("shared/variables"), "what can be set"),
        file(
            "registry.tf",
            part!("shared/registry"),
            "the repositories of the images, and which images stay",
        ),
    ];
    let identity = needs.host.map(|host| match host {
        Trusted::Github => identity!("shared", "github"),
        Trusted::Gitlab => identity!("shared", "gitlab"),
        Trusted::Bitbucket => identity!("shared", "bitbucket"),
    });
    let purpose = "trust in the code host, and the role that pushes images";
    files.extend(identity.map(|text| file("identity.tf", text, purpose)));
    files.push(file(
        "outputs.tf",
        part!("shared/outputs"),
        "variables of the CI host that all environments share",
    ));
    let mut entries = vec![
        entry("application", Value::text(&site.design.application.slug)),
        entry("region", Value::text(region(site))),
        entry("images", Value::texts(site.services.iter().map(|placed| placed.plan.slug.as_str()))),
    ];
    if let Some(host) = needs.host {
        entries.extend(terraform::repository(site, host));
        // Bitbucket's tokens name no branch.
        entries.extend((host != Trusted::Bitbucket).then(|| entry("branch", Value::text(site.branch()))));
    }
    files.push(terraform::values(SHARED, &entries));
    files
}

fn environment(site: &Site<'_>, needs: &Needs<'_>) -> Vec<File> {
    let file = |name: &str, text: &str, purpose: &str| terraform::module(ENVIRONMENT, name, text, purpose);
    let runs = |wanted: Kind| site.services.iter().any(|placed| kind(placed.plan) == wanted);
    let variables = if runs(Kind::Http) || runs(Kind::Worker) {
        concat!(
            include_str!("terraform/environment/variables.tf"),
            "\n",
            include_str!("terraform/environment/instances.tf")
        )
    } else {
        part!("environment/variables")
    };
    let mut files = vec![
        file("versions.tf", part!("environment/versions"), "versions, state and tags of an environment"),
        file("variables.tf", variables, "what can be set"),
        file("network.tf", part!("environment/network"), "the network and what its tasks may reach"),
    ];
    if !needs.databases.is_empty() || needs.cache.is_some() {
        files.push(file("data_network.tf", part!("environment/data_network"), "closed subnets for data"));
    }
    files.push(file(
        "cluster.tf",
        part!("environment/cluster"),
        "the cluster, its logs and the first task definitions",
    ));
    files.push(file("roles.tf", part!("environment/roles"), "the roles of tasks"));
    let secrets = if in_secrets_manager(site) {
        part!("environment/secrets_manager")
    } else {
        part!("environment/parameters")
    };
    files.push(file("secrets.tf", secrets, "secrets, without their values"));
    if !needs.http.is_empty() {
        let purpose = "the way in: load balancer, health checks, certificate";
        files.push(file("load_balancer.tf", part!("environment/load_balancer"), purpose));
        files.push(file(
            "service.tf",
            part!("environment/service"),
            "services that answer over HTTP, and their scaling",
        ));
    }
    if runs(Kind::Worker) {
        files.push(file("worker.tf", part!("environment/worker"), "services that answer nobody"));
    }
    if runs(Kind::Cron) {
        files.push(file("schedule.tf", part!("environment/schedule"), "scheduled tasks"));
    }
    if !needs.databases.is_empty() {
        files.push(file("database.tf", part!("environment/database"), "the database with its backups"));
    }
    if needs.cache.is_some() {
        files.push(file("cache.tf", part!("environment/cache"), "the cache"));
    }
    let identity = needs.host.map(|host| match host {
        Trusted::Github => identity!("environment", "github"),
        Trusted::Gitlab => identity!("environment", "gitlab"),
        Trusted::Bitbucket => identity!("environment", "bitbucket"),
    });
    let purpose = "the role of the pipeline's jobs of this environment";
    files.extend(identity.map(|text| file("identity.tf", text, purpose)));
    files.push(file(
        "outputs.tf",
        part!("environment/outputs"),
        "variables of the CI host for the environment",
    ));
    files.push(terraform::values(ENVIRONMENT, &common(site, needs)));
    files
        .extend(site.environments().map(|name| {
            terraform::environment_values(ENVIRONMENT, name, &of_environment(site, needs, name))
        }));
    files
}

/// The values that all environments share.
fn common(site: &Site<'_>, needs: &Needs<'_>) -> Vec<Entry> {
    let mut entries = vec![
        entry("application", Value::text(&site.design.application.slug)),
        entry("region", Value::text(region(site))),
    ];
    if let Some(host) = needs.host {
        entries.extend(terraform::repository(site, host));
        // GitLab's tokens name the branch and no environment.
        entries.extend((host == Trusted::Gitlab).then(|| entry("branch", Value::text(site.branch()))));
    }
    let services = site.services.iter().map(|placed| (placed.plan.slug.clone(), service(placed.plan)));
    entries.push(entry("services", Value::Map(services.collect())));
    if let Some((main, further)) = needs.http.split_first() {
        let ports = further.iter().zip(FURTHER_PORT..);
        let ports = ports.map(|(placed, port)| (placed.plan.slug.clone(), Value::Number(port)));
        let health = &site.design.health;
        entries.push(entry("main_service", Value::text(&main.plan.slug)));
        entries.push(entry("further_services", Value::Map(ports.collect())));
        entries.push(entry(
            "health_check",
            Value::Map(vec![
                entry("interval", Value::Number(health.interval_seconds.into())),
                entry("timeout", Value::Number(health.timeout_seconds.into())),
                entry("failures", Value::Number(health.failure_threshold.into())),
            ]),
        ));
    }
    if in_secrets_manager(site) {
        entries.push(entry(
            "secrets",
            Value::texts(site.held_variables().map(|variable| variable.name.as_str())),
        ));
    }
    if !needs.databases.is_empty() {
        let databases = needs
            .databases
            .iter()
            .map(|(engine, data)| (engine.name.to_owned(), database(site, engine, data)));
        entries.push(entry("databases", Value::Map(databases.collect())));
    }
    if let Some(data) = needs.cache {
        entries.push(entry(
            "cache",
            Value::Map(vec![
                entry("engine", Value::text("valkey")),
                entry("version", Value::text(data.version.split('.').next().unwrap_or_default())),
                entry("memory_gb", Value::Number(memory_gb(&data.plan_id))),
                entry("variables", terraform::address_variables(site, &data.engine)),
            ]),
        ));
    }
    entries
}

fn service(plan: &ServicePlan) -> Value {
    let mut entries = Vec::new();
    match kind(plan) {
        Kind::Http => {
            entries.push(entry("kind", Value::text("http")));
            entries.push(entry("port", Value::Number(plan.port.into())));
            // A task that the load balancer gives up is replaced: it is asked whether it lives.
            let path = plan.probe_path.as_deref().or(plan.health_path.as_deref());
            entries.extend(path.map(|path| entry("health", Value::text(path))));
        }
        Kind::Worker => {
            entries.push(entry("kind", Value::text("worker")));
            entries.extend(plan.single.then(|| entry("single", Value::Flag(true))));
        }
        Kind::Cron => {
            let schedules = schedule(plan).and_then(cron::schedules);
            entries.push(entry("kind", Value::text("cron")));
            entries.push(entry(
                "schedules",
                Value::texts(schedules.unwrap_or_else(|| vec![NIGHTLY.to_owned()])),
            ));
        }
    }
    Value::Map(entries)
}

fn database(site: &Site<'_>, engine: &Engine, data: &DataResource) -> Value {
    let mut entries = vec![entry("engine", Value::text(engine.name))];
    entries.extend((!data.version.is_empty()).then(|| entry("version", Value::text(&data.version))));
    entries.push(entry("port", Value::Number(engine.port)));
    entries.push(entry("scheme", Value::text(engine.scheme)));
    let query = terraform::postgres_query(site).filter(|_| engine.name == "postgres");
    entries.extend(query.map(|query| entry("query", Value::text(query))));
    entries.push(entry("variables", terraform::address_variables(site, &data.engine)));
    entries.extend(terraform::address_parts(site, &data.engine));
    Value::Map(entries)
}

/// The values of one environment.
fn of_environment(site: &Site<'_>, needs: &Needs<'_>, name: &str) -> Vec<Entry> {
    let mut entries = vec![entry("environment", Value::text(name))];
    if !needs.http.is_empty() {
        entries.push(entry("domain", Value::text(terraform::domain(site, name))));
    }
    entries.push(entry("protect", Value::Flag(name == PRODUCTION)));
    if site.services.iter().any(Placed::runs_always) {
        entries.push(terraform::instances(site, name));
    }
    if !needs.databases.is_empty() {
        let plans = needs.databases.iter().map(|(engine, data)| (engine.name.to_owned(), plan(data, name)));
        entries.push(entry("database_plans", Value::Map(plans.collect())));
    }
    entries
}

fn plan(data: &DataResource, environment: &str) -> Value {
    let id = data_plan(data, environment);
    Value::Map(vec![
        entry("class", Value::text(id.trim_end_matches(STANDBY))),
        entry("multi_az", Value::Flag(id.ends_with(STANDBY))),
        entry("storage_gb", Value::Number(data.storage_gb.max(LEAST_STORAGE).into())),
        entry("backup_days", Value::Number(data.backup_days.into())),
    ])
}

/// The memory in the id of a serverless plan (`serverless-512mb`); a whole number of GB, at least one.
fn memory_gb(plan: &str) -> u64 {
    let size = plan.rsplit('-').next().unwrap_or_default();
    size.strip_suffix("gb").and_then(|number| number.parse().ok()).unwrap_or(1)
}
