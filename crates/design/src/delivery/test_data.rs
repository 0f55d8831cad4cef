//! Databases and caches beside the tests: containers made as the repository's own tests sign in, and the variables that name them.

use std::collections::BTreeMap;

use siteplan_catalog::runtimes::{EngineAccess, EngineFacts};
use siteplan_model::design::DataPart;
use siteplan_model::pipeline::ServiceContainer;
use siteplan_model::survey::TestAccess;

use super::checks::engine_version;
use crate::address;
use crate::command::Blanks;
use crate::ground::Ground;

/// The host at which a job reaches its containers.
const HERE: &str = "localhost";

/// How tests sign in to an engine: as their own settings say, else as the catalog does.
fn access(ground: &Ground<'_>, facts: &EngineFacts) -> EngineAccess {
    let own = ground.survey.test_access.iter().find(|access| access.engine == facts.id);
    let usual = facts.test_access.clone().unwrap_or_else(|| EngineAccess {
        user: String::new(),
        password: String::new(),
        database: String::new(),
    });
    let said = |of: fn(&TestAccess) -> &Option<String>, usual: &str| {
        // What could be syntax somewhere is not taken over.
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let value = own.and_then(|access| of(access).clone());
        value.filter(|value| value.chars().all(fits) && !value.is_empty()).unwrap_or_else(|| usual.to_owned())
    };
    EngineAccess {
        user: said(|access| &access.user, &usual.user),
        password: said(|access| &access.password, &usual.password),
        database: said(|access| &access.database, &usual.database),
    }
}

fn blanks(access: &EngineAccess) -> Blanks {
    Blanks::default()
        .with("host", HERE)
        .with("user", access.user.as_str())
        .with("password", access.password.as_str())
        .with("database", access.database.as_str())
}

/// Whether tests need an engine: of several databases that they can run with, the one that production uses.
fn is_meant(ground: &Ground<'_>, engine: &str) -> bool {
    let rows = &ground.catalog.signals.databases;
    let relational = |id: &str| rows.iter().any(|row| row.id == id && row.relational);
    let Some(main) = ground.placed_database().map(|data| data.engine.as_str()).filter(|id| relational(id))
    else {
        return true;
    };
    let offered = || ground.survey.test_services.iter().map(|service| service.value.as_str());
    !relational(engine) || alike(ground, engine, main) || !offered().any(|other| alike(ground, other, main))
}

/// Whether two engines are one, or a driver of one speaks to the other.
fn alike(ground: &Ground<'_>, one: &str, other: &str) -> bool {
    let speaks = |a: &str, b: &str| {
        let rows = &ground.catalog.signals.databases;
        rows.iter().any(|row| row.id == a && row.speaks_as.as_deref() == Some(b))
    };
    one == other || speaks(one, other) || speaks(other, one)
}

/// The backing services that the tests connect to, as containers beside the job.
pub(crate) fn containers(ground: &Ground<'_>) -> Vec<ServiceContainer> {
    let mut containers: Vec<ServiceContainer> = Vec::new();
    for service in ground.survey.test_services.iter().filter(|service| is_meant(ground, &service.value)) {
        let Some(facts) = ground.catalog.runtimes.engine(&service.value) else { continue };
        let (Some(image), Some(port), Some(health)) = (&facts.image, facts.port, &facts.health_command)
        else {
            continue;
        };
        if containers.iter().any(|container| container.name == facts.id) {
            continue;
        }
        let version = engine_version(ground, &facts.id);
        let access = access(ground, facts);
        let blanks = blanks(&access);
        let usual = facts.test_access.as_ref();
        let other = usual.is_some_and(|usual| usual.user != access.user);
        let further = facts.env_of_others.iter().filter(|_| other);
        let env = facts.env.iter().chain(further);
        containers.push(ServiceContainer {
            name: facts.id.clone(),
            image: Blanks::default().with("version", version).sentence(image),
            port,
            env: env.map(|(name, value)| (name.clone(), blanks.sentence(value))).collect(),
            health_command: blanks.sentence(health),
        });
    }
    containers
}

/// Addresses of the containers, and their parts, under the names that the code reads.
pub(crate) fn variables(ground: &Ground<'_>) -> BTreeMap<String, String> {
    let mut env = BTreeMap::new();
    for container in containers(ground) {
        let Some(facts) = ground.catalog.runtimes.engine(&container.name) else { continue };
        let Some(url) = &facts.test_url else { continue };
        let access = access(ground, facts);
        let url = blanks(&access).sentence(url);
        for name in ground.engine_variables(&container.name) {
            env.entry(name.to_owned()).or_insert_with(|| url.clone());
        }
        for variable in &ground.survey.environment {
            let Some(address) = address::of(ground, &variable.name) else { continue };
            if alike(ground, &address.data.engine, &container.name) {
                let value = part(address.part, &url, container.port, &access);
                env.entry(variable.name.clone()).or_insert(value);
            }
        }
    }
    env
}

/// A part of the address of a container.
fn part(wanted: DataPart, url: &str, port: u16, access: &EngineAccess) -> String {
    let EngineAccess { user, password, database } = access;
    let scheme = url.split("://").next().unwrap_or_default();
    match wanted {
        DataPart::Url => url.to_owned(),
        DataPart::Jdbc => format!("jdbc:{scheme}://{HERE}:{port}/{database}"),
        DataPart::Keywords if scheme == "mysql" => {
            format!("Server={HERE};Port={port};Database={database};User ID={user};Password={password}")
        }
        DataPart::Keywords => {
            format!("Host={HERE};Port={port};Database={database};Username={user};Password={password}")
        }
        DataPart::Host => HERE.to_owned(),
        DataPart::Port => port.to_string(),
        DataPart::User => user.clone(),
        DataPart::Password => password.clone(),
        DataPart::Name => database.clone(),
    }
}
