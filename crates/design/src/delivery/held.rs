//! What the CI host must hold: the platforms' credentials, the database's address, addresses of environments.

use std::collections::BTreeSet;

use siteplan_catalog::platform::{Case, Credential, Platform};
use siteplan_model::design::NamedValue;
use siteplan_model::pipeline::{EnvValue, Job};

use super::release::{self, Migration};
use super::scripts::preview_needs;
use crate::address;
use crate::ground::{Ground, PRODUCTION};
use crate::{database, health};

/// The variables by which the migrating service finds its database.
pub(crate) fn database_variables(ground: &Ground<'_>) -> Vec<String> {
    let engine = ground.placed_database().map(|data| data.engine.as_str());
    engine
        .map(|engine| address::variables(ground, engine).into_iter().map(str::to_owned).collect())
        .unwrap_or_default()
}

/// Names of one credential: one, one of each service that the platform runs, or one of each secret; none where nothing needs it.
pub(crate) fn credential_names<'a>(
    ground: &Ground<'a>,
    platform: &'a Platform,
    credential: &Credential,
) -> Vec<String> {
    if credential.needed == Some(Case::SharedData) && !shares_data(ground, platform) {
        return Vec::new();
    }
    let blanks = ground.blanks(platform, PRODUCTION);
    if credential.is_of_each_service() {
        release::services_on(ground, platform)
            .map(|service| blanks.clone().for_service(&service.plan.slug).line(&credential.name))
            .collect()
    } else if credential.is_of_each_secret() {
        let named = |name: String| credential.name.replace(Credential::EACH_SECRET, &name);
        secret_names(ground).into_iter().map(named).collect()
    } else {
        vec![blanks.line(&credential.name)]
    }
}

/// The secrets without which the application does not start, as far as a variable can be called so.
pub(crate) fn secret_names(ground: &Ground<'_>) -> Vec<String> {
    let is_variable = |name: &String| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    crate::secrets::indispensable(ground).into_iter().filter(is_variable).collect()
}

/// Whether several servers of a platform reach databases that run on one of them.
fn shares_data<'a>(ground: &Ground<'a>, platform: &'a Platform) -> bool {
    let several = release::services_on(ground, platform).any(|service| service.placed.instances > 1);
    several
        && database::resources(ground)
            .iter()
            .any(|data| data.same_platform && data.platform.as_ref().is_none_or(|of| *of == platform.id))
}

fn credential_value(credential: &Credential, name: String) -> EnvValue {
    if credential.secret { EnvValue::Secret(name) } else { EnvValue::Variable(name) }
}

/// What the CI host must hold.
#[derive(Default)]
pub(crate) struct Held {
    /// Secrets with their purpose.
    pub(crate) secrets: Vec<NamedValue>,
    /// Plain variables with their purpose.
    pub(crate) variables: Vec<NamedValue>,
    /// Names of which each environment has its own.
    pub(crate) each_environment: BTreeSet<String>,
    /// Those of them that jobs outside of these environments read as well: a build, a preview.
    pub(crate) also_outside: BTreeSet<String>,
}

impl Held {
    fn add(&mut self, value: &EnvValue, purpose: &str, each: Each) {
        let (list, name) = match value {
            EnvValue::Secret(name) => (&mut self.secrets, name),
            EnvValue::Variable(name) => (&mut self.variables, name),
            _ => return,
        };
        if list.iter().any(|value| value.name == *name) {
            return;
        }
        let suffix = if each == Each::Environment { "; one for each environment" } else { "" };
        list.push(NamedValue { name: name.clone(), purpose: format!("{purpose}{suffix}") });
        if each == Each::Environment {
            self.each_environment.insert(name.clone());
        }
    }
}

/// How often a value is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Each {
    Once,
    Environment,
}

/// What jobs read of the host, by name.
struct Read {
    /// Of all jobs.
    all: BTreeSet<String>,
    /// Of those that belong to no environment of the plan: a build, a preview.
    outside: BTreeSet<String>,
}

fn read(ground: &Ground<'_>) -> Read {
    let scripts = super::scripts::scripts(ground);
    let deployed: Vec<&str> = ground.deployed().collect();
    let back = super::rolling_back::rollback_pipeline(ground, &scripts);
    let jobs = super::pipeline::pipeline(ground, &scripts).jobs;
    let is_outside = |job: &&Job| {
        job.environment.as_ref().is_none_or(|environment| !deployed.contains(&environment.name.as_str()))
    };
    let names = |job: &Job| job.values().into_keys();
    Read {
        outside: jobs.iter().filter(is_outside).flat_map(names).collect(),
        all: jobs.iter().chain(back.iter().flat_map(|pipeline| &pipeline.jobs)).flat_map(names).collect(),
    }
}

/// What the CI host must hold, each name with its purpose.
pub(crate) fn held_by_host(ground: &Ground<'_>) -> Held {
    let several = ground.deployed().count() > 1;
    let often = |per_environment| if per_environment && several { Each::Environment } else { Each::Once };
    let mut held = Held::default();
    for platform in ground.platforms() {
        for credential in &platform.deploy.credentials {
            for name in credential_names(ground, platform, credential) {
                held.add(
                    &credential_value(credential, name),
                    &credential.purpose,
                    often(credential.per_environment),
                );
            }
        }
    }
    if matches!(release::migration(ground, PRODUCTION), Migration::Direct(_)) {
        for name in database_variables(ground) {
            held.add(
                &EnvValue::Secret(name),
                "address of the environment's database, for the migrations",
                often(true),
            );
        }
    }
    for name in crate::images::values_of_builds(ground) {
        let purpose = "value that the build of the image reads; anybody may see it";
        held.add(&EnvValue::Variable(name), purpose, Each::Once);
    }
    for environment in ground.deployed() {
        for name in health::address_variables(ground, environment) {
            let purpose = "address of the environment, assigned at the first deploy, for the smoke test";
            held.add(&EnvValue::Variable(name), purpose, often(true));
        }
    }
    for need in preview_needs(ground) {
        let value = if need.secret { EnvValue::Secret(need.name) } else { EnvValue::Variable(need.name) };
        held.add(&value, &format!("{}; for previews", need.purpose), Each::Once);
    }
    if !ground.automatic {
        return held;
    }
    // A platform may ask for what only a migration or a further service needs.
    let Read { all, outside } = read(ground);
    held.secrets.retain(|value| all.contains(&value.name));
    held.variables.retain(|value| all.contains(&value.name));
    held.each_environment.retain(|name| all.contains(name));
    held.also_outside = held.each_environment.intersection(&outside).cloned().collect();
    for value in held.secrets.iter_mut().chain(&mut held.variables) {
        if held.also_outside.contains(&value.name) {
            value.purpose.push_str(", and one for jobs without");
        }
    }
    held
}
