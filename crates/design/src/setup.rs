//! What a person makes once, before the first release: apps, databases, what infrastructure code describes.

use siteplan_catalog::platform::{ImageShare, Platform, Setup};
use siteplan_model::design::DataResource;

use crate::database;
use crate::delivery::release;
use crate::ground::{Ground, PRODUCTION};
use crate::prose::capital;

/// The value of the setting `iac` that wants no infrastructure code.
const NO_INFRASTRUCTURE_CODE: &str = "none";

/// Lines to type and sentences for what no line does.
#[derive(Default)]
pub(crate) struct FirstTime {
    /// The lines, in order.
    pub(crate) lines: Vec<String>,
    /// What is done elsewhere, in sentences.
    pub(crate) notes: Vec<String>,
}

/// What is made once on the platforms in use: first what all environments share, then each environment by itself.
pub(crate) fn first_time(ground: &Ground<'_>) -> FirstTime {
    let mut all = FirstTime::default();
    let wants_code = ground.setting("iac") != NO_INFRASTRUCTURE_CODE;
    let data = database::resources(ground);
    for platform in ground.platforms() {
        let wanted = |setup: &&Setup| wants_code || !setup.infrastructure;
        let (once, each): (Vec<&Setup>, Vec<&Setup>) =
            platform.environments.setup.iter().filter(wanted).partition(|setup| setup.once);
        for setup in once {
            all.add(ground, platform, &data, setup, PRODUCTION);
        }
        for environment in ground.deployed() {
            for setup in &each {
                all.add(ground, platform, &data, setup, environment);
            }
        }
    }
    all
}

impl FirstTime {
    fn add<'a>(
        &mut self,
        ground: &Ground<'a>,
        platform: &'a Platform,
        data: &[DataResource],
        setup: &Setup,
        environment: &str,
    ) {
        let suffix = if environment == PRODUCTION { String::new() } else { format!("-{environment}") };
        let blanks = ground.blanks(platform, environment).with("name", format!("{}{suffix}", ground.slug));
        let Some(line) = &setup.line else {
            self.notes.push(format!("{}.", capital(&blanks.sentence(&setup.purpose))));
            return;
        };
        if setup.images == Some(ImageShare::Further) {
            let services = release::services_on(ground, platform).collect();
            for service in release::first_of_each_image(services).skip(1) {
                let name = format!("{}-{}{suffix}", ground.slug, service.plan.unit());
                self.lines.push(release::of_service(ground, &blanks, service).with("name", name).line(line));
            }
            return;
        }
        if setup.engines.is_empty() {
            self.lines.push(blanks.line(line));
            return;
        }
        let of_platform = |resource: &&DataResource| {
            let at = resource.platform.as_ref().unwrap_or(&ground.platform.id);
            (resource.same_platform || resource.platform.is_some()) && *at == platform.id
        };
        for resource in data.iter().filter(of_platform).filter(|one| setup.engines.contains(&one.engine)) {
            let further = resource.further_plan_id.as_ref().filter(|_| environment != PRODUCTION);
            let plan = further.unwrap_or(&resource.plan_id);
            let blanks = blanks.clone().with("plan", plan.as_str()).with("engine", resource.engine.as_str());
            self.lines.push(blanks.line(line));
        }
    }
}
