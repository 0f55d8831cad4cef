//! Which variables and programs a script needs: what its lines name, and what the platforms' tools read by themselves.

use siteplan_catalog::platform::{Credential, Platform};
use siteplan_model::script::{Action, Need, calls};

use crate::delivery::held::{credential_names, database_variables};
use crate::delivery::release;
use crate::ground::{Ground, PRODUCTION};
use crate::health;

/// Programs that a line may call and an ordinary machine may lack. Platforms' own tools are installed by their own lines.
const TOOLS: &[&str] = &["curl", "docker", "git", "jq", "scp", "ssh"];

/// The programs that actions call.
pub(super) fn tools(actions: &[Action]) -> Vec<String> {
    let called = |tool: &&&str| {
        actions.iter().any(|action| {
            action.programs().contains(*tool) || action.lines().into_iter().any(|line| calls(line, tool))
        })
    };
    TOOLS.iter().filter(called).map(|tool| (*tool).to_owned()).collect()
}

/// The programs that actions call and the script `tools` installs.
pub(super) fn installed(ground: &Ground<'_>, actions: &[Action]) -> Vec<String> {
    let called = |id: &str| actions.iter().flat_map(Action::lines).any(|line| calls(line, id));
    release::tools(ground).map(|tool| tool.id.clone()).filter(|id| called(id)).collect()
}

/// The variables that lines read whose names begin with some letters, each once.
pub(super) fn variables(actions: &[Action], begin: &str) -> Vec<String> {
    let mut variables: Vec<String> = Vec::new();
    for line in actions.iter().flat_map(Action::lines) {
        for (at, _) in line.match_indices(&format!("${begin}")) {
            let name: String =
                line[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if !variables.contains(&name) {
                variables.push(name);
            }
        }
    }
    variables
}

/// Whether lines name a variable.
pub(super) fn names(actions: &[Action], name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    actions.iter().flat_map(Action::lines).any(|line| {
        line.match_indices(name).any(|(at, _)| {
            let before = line[..at].trim_end_matches('{');
            before.ends_with('$') && !line[at + name.len()..].starts_with(is_part)
        })
    })
}

/// What a release of a platform runs, to see which of its variables a line names at all.
fn released(ground: &Ground<'_>, platform: &Platform) -> Vec<String> {
    let deploy = &platform.deploy;
    let templates = deploy.image.iter().chain(&deploy.prepare).chain(&deploy.commands);
    let migrate = platform.migrate.line.iter();
    let blanks = ground.blanks(ground.platform, PRODUCTION);
    templates.chain(migrate).map(|template| blanks.line(&template.line)).collect()
}

/// Whether a platform's tools read a variable by themselves: no line of a release names it.
fn is_implicit(ground: &Ground<'_>, platform: &Platform, credential: &Credential) -> bool {
    let stem = credential.name.split('{').next().unwrap_or_default();
    stem.is_empty() || !released(ground, platform).iter().any(|line| line.contains(&format!("${stem}")))
}

/// The variables by which a platform's identity is proven before any script runs; a person is signed in otherwise.
pub(crate) fn sign_in_variables<'a>(ground: &Ground<'a>, platform: &'a Platform) -> Vec<&'a Credential> {
    let of_sign_in = |credential: &&Credential| {
        platform.deploy.identity.is_some() && !credential.secret && is_implicit(ground, platform, credential)
    };
    platform.deploy.credentials.iter().filter(of_sign_in).collect()
}

/// What a script needs that talks to the platforms.
pub(super) fn of_platforms(ground: &Ground<'_>, actions: &[Action]) -> Vec<Need> {
    let mut needs = Vec::new();
    for platform in ground.platforms() {
        let signed = sign_in_variables(ground, platform);
        // A tool that no line hands a secret to reads it by itself.
        let hands_over =
            platform.deploy.credentials.iter().filter(|credential| credential.secret).any(|credential| {
                credential_names(ground, platform, credential).iter().any(|name| names(actions, name))
            });
        for credential in &platform.deploy.credentials {
            if signed.iter().any(|known| known.name == credential.name) {
                continue;
            }
            let by_itself = credential.read_by.is_some() || credential.secret && !hands_over;
            let implicit = by_itself || is_implicit(ground, platform, credential);
            for name in credential_names(ground, platform, credential) {
                if implicit || names(actions, &name) {
                    needs.push(need(credential, name));
                }
            }
        }
    }
    needs
}

/// Values that a build takes from variables of its own name (`--build-arg NAME`).
fn build_values(ground: &Ground<'_>, actions: &[Action]) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    // A feature that is off has no value: the build goes without it.
    let wanted = crate::images::values_of_builds(ground);
    for line in actions.iter().flat_map(Action::lines) {
        for rest in line.split("--build-arg ").skip(1) {
            let name = rest.split(' ').next().unwrap_or_default();
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if is_name
                && wanted.iter().any(|known| known == name)
                && !needs.iter().any(|need| need.name == name)
            {
                needs.push(Need {
                    name: name.to_owned(),
                    purpose: "value that the build of the image reads; anybody may see it".to_owned(),
                    secret: false,
                    environments: Vec::new(),
                });
            }
        }
    }
    needs
}

/// What building images needs: what its lines name, and what the registry's sign-in reads by itself.
pub(super) fn of_build(ground: &Ground<'_>, actions: &[Action]) -> Vec<Need> {
    let mut needs = build_values(ground, actions);
    for platform in ground.platforms().into_iter().filter(|platform| !platform.deploy.image.is_empty()) {
        let signed = sign_in_variables(ground, platform);
        for credential in &platform.deploy.credentials {
            let implicit = credential.read_by.is_none()
                && is_implicit(ground, platform, credential)
                && !signed.iter().any(|known| known.name == credential.name);
            for name in credential_names(ground, platform, credential) {
                if implicit || names(actions, &name) {
                    needs.push(need(credential, name));
                }
            }
        }
    }
    needs
}

fn need(credential: &Credential, name: String) -> Need {
    Need { name, purpose: credential.purpose.clone(), secret: credential.secret, environments: Vec::new() }
}

/// What commands of previews need: credentials of their own, or those of a release.
pub(super) fn of_preview<'a>(ground: &Ground<'a>, platform: &'a Platform, actions: &[Action]) -> Vec<Need> {
    let own = platform.preview.as_ref().map_or(&[][..], |preview| preview.credentials.as_slice());
    if own.is_empty() {
        return of_platforms(ground, actions);
    }
    let named = |credential: &Credential| {
        credential_names(ground, platform, credential)
            .into_iter()
            // What the CI host holds is all of it; a script gets the application's values only where it hands them on.
            .filter(|name| actions.is_empty() || !credential.is_of_each_secret() || names(actions, name))
            .map(|name| need(credential, name))
            .collect::<Vec<_>>()
    };
    own.iter().flat_map(named).collect()
}

/// The address of the database, for migrations that run outside the platform.
pub(super) fn of_database(ground: &Ground<'_>) -> Vec<Need> {
    let need = |name| Need {
        name,
        purpose: "address of the environment's database, for the migrations".to_owned(),
        secret: true,
        environments: Vec::new(),
    };
    database_variables(ground).into_iter().map(need).collect()
}

/// Addresses that the platform assigns at the first deploy.
pub(super) fn of_addresses(ground: &Ground<'_>) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for environment in ground.deployed() {
        for (name, url) in health::addresses(ground, environment) {
            if url.is_some() {
                continue;
            }
            if let Some(known) = needs.iter_mut().find(|need| need.name == name) {
                known.environments.push(environment.to_owned());
            } else {
                needs.push(Need {
                    name,
                    purpose: "address of the environment, assigned at the first deploy".to_owned(),
                    secret: false,
                    environments: vec![environment.to_owned()],
                });
            }
        }
    }
    needs
}

/// Whether a release changes the schema without a person: before it, or when the application starts.
pub(super) fn migrates(ground: &Ground<'_>) -> bool {
    ground.migrates_at_start() || ground.migrates_automatically() && release::migrating(ground).is_some()
}
