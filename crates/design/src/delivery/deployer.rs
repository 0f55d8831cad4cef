//! What deploys a push: the pipeline, or the platform by itself once the checks have passed.

use siteplan_catalog::platform::AfterChecks;
use siteplan_model::brief::Expertise;
use siteplan_model::design::Deployer;

use super::release::{self, Migration};
use super::{checks, waits_for_a_person};
use crate::ground::{Ground, PRODUCTION};
use crate::prose::code;

/// The setting that chooses.
const SETTING: &str = "deployer";

/// The one thing that deploys: where nobody chose, the platform for beginners whose plan it can carry out.
pub(crate) fn deployer(ground: &Ground<'_>) -> Deployer {
    let is_asked = match ground.setting(SETTING) {
        "platform" => true,
        "pipeline" => false,
        _ => ground.context.expertise == Expertise::Beginner,
    };
    if is_asked && obstacle(ground).is_none() { Deployer::PlatformAfterChecks } else { Deployer::Pipeline }
}

/// Why the platform was asked to deploy and does not, in a sentence.
pub(crate) fn refused(ground: &Ground<'_>) -> Option<String> {
    let obstacle = obstacle(ground).filter(|_| ground.setting(SETTING) == "platform")?;
    Some(format!("Setting {} asks for the platform, but {obstacle}: the pipeline deploys.", code(SETTING)))
}

/// How a platform's file says that it waits for the checks of the repository's host.
fn after_checks<'a>(ground: &Ground<'a>) -> Option<&'a AfterChecks> {
    let host = ground.host.id.as_str();
    ground.platform.deploy.after_checks.as_ref().filter(|after| after.hosts.iter().any(|known| known == host))
}

/// How the platform is told to wait.
pub(crate) fn how(ground: &Ground<'_>) -> Option<String> {
    after_checks(ground).map(|after| format!("{}: the pipeline only tests", after.how.value))
}

/// What only a pipeline can do.
fn obstacle(ground: &Ground<'_>) -> Option<String> {
    let name = &ground.platform.name;
    if !ground.automatic {
        return Some("a person deploys".to_owned());
    }
    if after_checks(ground).is_none() {
        return Some(format!("no file of {name} lets it wait for the checks of {}", ground.host.ci_name));
    }
    if ground.platforms().len() > 1 {
        return Some("the services are on several platforms, which have to be released in order".to_owned());
    }
    if ground.deployed().ne([PRODUCTION]) {
        return Some("several environments have to be released in order".to_owned());
    }
    if waits_for_a_person(ground) || !ground.setting("freeze_window").is_empty() {
        return Some("a release waits for a person or a time".to_owned());
    }
    if checks::tasks(ground).is_empty() {
        return Some("there is nothing to check".to_owned());
    }
    if !matches!(release::migration(ground, PRODUCTION), Migration::Elsewhere) {
        return Some("the migrations run from the pipeline".to_owned());
    }
    None
}
