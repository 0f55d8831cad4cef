//! The Terraform stack, `infrastructure/google`: `shared` is applied once for the project (registry, trust in the code
//! host), `environment` once for each environment. Provider: hashicorp/google 7 and 8 (schema of 8.7.0, seen 2026-11-25).

use siteplan_model::design::DataResource;
use siteplan_model::file::File;
use siteplan_model::survey::ServiceKind;

use super::{MIGRATION, PORT, USUAL_REGION, migration};
use crate::hcl::{Entry, Value, entry};
use crate::platforms::site::{PRODUCTION, Placed, Site, data_plan, schedule};
use crate::platforms::terraform::{self, Trusted};

const SHARED: &str = "infrastructure/google/shared";
const ENVIRONMENT: &str = "infrastructure/google/environment";
/// The environment of pull requests, whose jobs release tagged revisions of the first environment's services.
const PREVIEW: &str = crate::platforms::site::PREVIEW;
/// The least that Cloud SQL keeps, in GB.
const LEAST_STORAGE: u32 = 10;
/// Ends the id of a plan with a standby.
const STANDBY: &str = "-regional";

/// What every project of a stack uses.
const APIS: [&str; 4] = [
    "artifactregistry.googleapis.com",
    "iam.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
];

/// A file of the module, taken as it is.
macro_rules! part {
    ($path:literal) => {
        include_str!(concat!("terraform/", $path, ".tf"))
    };
}

/// A database engine as Cloud SQL knows it.
struct Engine {
    /// Its names here.
    names: &'static [&'static str],
    name: &'static str,
    version: &'static str,
    port: u64,
    scheme: &'static str,
}

const ENGINES: [Engine; 2] = [
    Engine { names: &["postgres"], name: "postgres", version: "POSTGRES", port: 5432, scheme: "postgresql" },
    Engine { names: &["mysql", "mariadb"], name: "mysql", version: "MYSQL", port: 3306, scheme: "mysql" },
];

/// Engines that the cache can stand for.
const CACHES: [&str; 2] = ["redis", "valkey"];

/// What the stack is made of, besides what every stack has.
struct Needs<'a> {
    /// The services that answer over HTTP, the main one first.
    http: Vec<&'a Placed<'a>>,
    has_workers: bool,
    schedules: Vec<(&'a str, &'a str)>,
    migrates: bool,
    databases: Vec<(&'static Engine, &'a DataResource)>,
    cache: Option<&'a DataResource>,
    host: Option<Trusted>,
}

impl Needs<'_> {
    fn has_jobs(&self) -> bool {
        self.migrates || !self.schedules.is_empty()
    }
}

/// Whether the stack holds data, which services reach through its network.
pub(super) fn has_data(site: &Site<'_>) -> bool {
    terraform::is_wanted(site) && (databases(site).next().is_some() || cache(site).is_some())
}

fn databases<'a>(site: &Site<'a>) -> impl Iterator<Item = (&'static Engine, &'a DataResource)> {
    site.own_data().filter(|data| !data.is_cache).filter_map(|data| {
        let engine = ENGINES.iter().find(|engine| engine.names.contains(&data.engine.as_str()))?;
        Some((engine, data))
    })
}

fn cache<'a>(site: &Site<'a>) -> Option<&'a DataResource> {
    site.own_data().find(|data| data.is_cache && CACHES.contains(&data.engine.as_str()))
}

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
        site.services.iter().filter(|placed| placed.plan.kind.serves_http()).collect();
    let main = site.main().map(|main| main.plan.slug.as_str());
    http.sort_by_key(|placed| main != Some(placed.plan.slug.as_str()));
    let schedules =
        site.services.iter().filter_map(|placed| Some((placed.plan.slug.as_str(), schedule(placed.plan)?)));
    Needs {
        http,
        has_workers: site.services.iter().any(|placed| placed.plan.kind == ServiceKind::Worker),
        schedules: schedules.collect(),
        migrates: migration(site).is_some(),
        databases: databases(site).collect(),
        cache: cache(site),
        host: terraform::trusted(site),
    }
}

fn region<'a>(site: &Site<'a>) -> &'a str {
    site.region().unwrap_or(USUAL_REGION)
}

fn shared(site: &Site<'_>, needs: &Needs<'_>) -> Vec<File> {
    let file = |name: &str, text: &str, purpose: &str| terraform::module(SHARED, name, text, purpose);
    let mut files = vec![
        file(
            "versions.tf",
            part!("shared/versions"),
            "versions, state and labels of what all environments share",
        ),
        file("variables.tf", part!("shared/variables"), "what can be set"),
        file("project.tf", part!("shared/project"), "what the project uses of Google Cloud"),
        file("registry.tf", part!("shared/registry"), "the repository of the images, and which images stay"),
    ];
    let trust = needs.host.map(|host| match host {
        Trusted::Github => part!("shared/github"),
        Trusted::Gitlab => part!("shared/gitlab"),
        Trusted::Bitbucket => part!("shared/bitbucket"),
    });
    let purpose = "trust in the code host, and the rights of the build job";
    files
        .extend(trust.map(|trust| file("identity.tf", &joined(&[trust, part!("shared/identity")]), purpose)));
    files.push(file(
        "outputs.tf",
        part!("shared/outputs"),
        "variables of the CI host that all environments share",
    ));
    let mut entries = vec![
        entry("application", Value::text(&site.design.application.slug)),
        entry("region", Value::text(region(site))),
        entry("apis", Value::texts(apis(needs))),
    ];
    if let Some(host) = needs.host {
        entries.extend(terraform::repository(site, host));
        // Bitbucket's tokens name no branch.
        entries.extend((host != Trusted::Bitbucket).then(|| entry("branch", Value::text(site.branch()))));
    }
    files.push(terraform::values(SHARED, &entries));
    files
}

fn apis(needs: &Needs<'_>) -> Vec<&'static str> {
    let data = !needs.databases.is_empty() || needs.cache.is_some();
    let further: [(bool, &[&str]); 5] = [
        (needs.host.is_some(), &["iamcredentials.googleapis.com", "sts.googleapis.com"]),
        (data, &["compute.googleapis.com", "servicenetworking.googleapis.com"]),
        (!needs.databases.is_empty(), &["sqladmin.googleapis.com"]),
        (needs.cache.is_some(), &["redis.googleapis.com"]),
        (!needs.schedules.is_empty(), &["cloudscheduler.googleapis.com"]),
    ];
    let used = further.into_iter().filter(|(used, _)| *used).flat_map(|(_, apis)| apis.iter().copied());
    APIS.into_iter().chain(used).collect()
}

/// Parts of one file.
fn joined(parts: &[&str]) -> String {
    parts.join("\n")
}

fn environment(site: &Site<'_>, needs: &Needs<'_>) -> Vec<File> {
    let file = |name: &str, text: &str, purpose: &str| terraform::module(ENVIRONMENT, name, text, purpose);
    let mut files = vec![
        file("versions.tf", part!("environment/versions"), "versions, state and labels of an environment"),
        file("variables.tf", part!("environment/variables"), "what can be set"),
    ];
    if has_data(site) {
        files.push(file("network.tf", part!("environment/network"), "the network in which data is reached"));
    }
    files.push(file("account.tf", part!("environment/account"), "the account that everything runs as"));
    files.push(file("secrets.tf", part!("environment/secrets"), "secrets, without their values"));
    if !needs.http.is_empty() {
        files.push(file("service.tf", part!("environment/service"), "services that answer over HTTP"));
        files.push(file("domain.tf", part!("environment/domain"), "the domain, where there is one"));
    }
    if needs.has_workers {
        files.push(file("worker.tf", part!("environment/worker"), "services that answer nobody"));
    }
    if needs.has_jobs() {
        files.push(file("job.tf", part!("environment/job"), "jobs that a schedule or a release starts"));
    }
    if !needs.schedules.is_empty() {
        files.push(file("schedule.tf", part!("environment/schedule"), "when jobs start"));
    }
    if !needs.databases.is_empty() {
        files.push(file("database.tf", part!("environment/database"), "the database with its backups"));
    }
    if needs.cache.is_some() {
        files.push(file("cache.tf", part!("environment/cache"), "the cache"));
    }
    let purpose = "what the pipeline's jobs of this environment may do";
    files.extend(needs.host.map(|host| file("identity.tf", &identity(needs, host), purpose)));
    files.push(terraform::values(ENVIRONMENT, &common(site, needs)));
    files
        .extend(site.environments().map(|name| {
            terraform::environment_values(ENVIRONMENT, name, &of_environment(site, needs, name))
        }));
    files
}

/// The trust in a host, and what its jobs may do with each kind of thing that is there.
fn identity(needs: &Needs<'_>, host: Trusted) -> String {
    let mut parts = vec![
        match host {
            Trusted::Github => part!("environment/github"),
            Trusted::Gitlab => part!("environment/gitlab"),
            Trusted::Bitbucket => part!("environment/bitbucket"),
        },
        part!("environment/identity"),
    ];
    parts.extend((!needs.http.is_empty()).then_some(part!("environment/identity_service")));
    parts.extend(needs.has_workers.then_some(part!("environment/identity_worker")));
    parts.extend(needs.has_jobs().then_some(part!("environment/identity_job")));
    joined(&parts)
}

/// The values that all environments share.
fn common(site: &Site<'_>, needs: &Needs<'_>) -> Vec<Entry> {
    let mut entries = vec![
        entry("application", Value::text(&site.design.application.slug)),
        entry("region", Value::text(region(site))),
    ];
    if needs.host == Some(Trusted::Github) {
        entries.extend(terraform::repository(site, Trusted::Github));
    }
    let services = site.services.iter().map(|placed| (placed.plan.slug.clone(), service(placed)));
    entries.push(entry("services", Value::Map(services.collect())));
    if let Some(main) = needs.http.first() {
        entries.push(entry("main_service", Value::text(&main.plan.slug)));
    }
    if needs.has_jobs() {
        let jobs = needs.schedules.iter().map(|(job, _)| *job).chain(needs.migrates.then_some(MIGRATION));
        entries.push(entry("jobs", Value::texts(jobs)));
    }
    let secrets = site.held_variables().map(|variable| variable.name.as_str()).filter(|name| *name != PORT);
    entries.push(entry("secrets", Value::texts(secrets)));
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
                entry("version", Value::text(versioned("REDIS", &data.version))),
                entry("variables", terraform::address_variables(site, &data.engine)),
            ]),
        ));
    }
    entries
}

fn service(placed: &Placed<'_>) -> Value {
    let kind = match placed.plan.kind {
        ServiceKind::Cron => "cron",
        kind if kind.serves_http() => "http",
        _ => "worker",
    };
    let mut entries = vec![entry("kind", Value::text(kind))];
    entries.extend(schedule(placed.plan).map(|schedule| entry("schedule", Value::text(schedule))));
    Value::Map(entries)
}

fn database(site: &Site<'_>, engine: &Engine, data: &DataResource) -> Value {
    let mut entries = vec![
        entry("version", Value::text(versioned(engine.version, &data.version))),
        entry("port", Value::Number(engine.port)),
        entry("scheme", Value::text(engine.scheme)),
    ];
    let query = terraform::postgres_query(site).filter(|_| engine.name == "postgres");
    entries.extend(query.map(|query| entry("query", Value::text(query))));
    entries.push(entry("variables", terraform::address_variables(site, &data.engine)));
    entries.extend(terraform::address_parts(site, &data.engine));
    Value::Map(entries)
}

/// `POSTGRES_17`, `MYSQL_8_4`, `REDIS_6_X`.
fn versioned(engine: &str, version: &str) -> String {
    format!("{engine}_{}", version.replace('.', "_").to_uppercase())
}

/// The values of one environment.
fn of_environment(site: &Site<'_>, needs: &Needs<'_>, name: &str) -> Vec<Entry> {
    let mut entries = vec![entry("environment", Value::text(name))];
    if matches!(needs.host, Some(Trusted::Github | Trusted::Gitlab)) {
        let is_first = site.environments().next() == Some(name);
        let preview = (is_first && site.has_previews()).then_some(PREVIEW);
        entries.push(entry("pipeline_environments", Value::texts([name].into_iter().chain(preview))));
    }
    if !needs.http.is_empty() {
        entries.push(entry("domain", Value::text(terraform::domain(site, name))));
    }
    entries.push(entry("protect", Value::Flag(name == PRODUCTION)));
    if !needs.databases.is_empty() {
        let plans = needs.databases.iter().map(|(engine, data)| {
            let id = data_plan(data, name);
            let plan = vec![
                entry("tier", Value::text(id.trim_end_matches(STANDBY))),
                entry("regional", Value::Flag(id.ends_with(STANDBY))),
                entry("storage_gb", Value::Number(data.storage_gb.max(LEAST_STORAGE).into())),
                entry("backup_days", Value::Number(data.backup_days.into())),
            ];
            (engine.name.to_owned(), Value::Map(plan))
        });
        entries.push(entry("database_plans", Value::Map(plans.collect())));
    }
    if let Some(data) = needs.cache {
        let (kind, amount) = data_plan(data, name).split_once('-').unwrap_or_default();
        let tier = if kind == "standard" { "STANDARD_HA" } else { "BASIC" };
        let memory = amount.strip_suffix("gb").and_then(|number| number.parse().ok()).unwrap_or(1);
        let plan = vec![entry("tier", Value::text(tier)), entry("memory_gb", Value::Number(memory))];
        entries.push(entry("cache_plan", Value::Map(plan)));
    }
    entries
}
