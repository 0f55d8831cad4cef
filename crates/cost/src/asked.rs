//! A quote and who releases → which of the things that a platform lists it asks for, and what the CI host must hold for it.

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_catalog::data_service::{DataKind, Operator};
use siteplan_catalog::platform::{Ability, Billing, Case, Cases, Platform, RunMode};
use siteplan_model::brief::Expertise;
use siteplan_model::survey::ServiceKind;

use crate::layout::platform_builds;
use crate::quote::{PlacedComponent, PlacedData, Quote};

/// Who releases what was pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Releaser {
    /// The platform, each push.
    Platform,
    /// A pipeline, what has passed its checks.
    Pipeline,
}

impl Releaser {
    /// A beginner lets the platform deploy where it can. Anybody else lets a pipeline release what has passed its checks.
    pub fn usual(expertise: Expertise, platform: &Platform) -> Self {
        match platform.effort.deploys_from_git.value {
            Ability::Yes if expertise == Expertise::Beginner => Self::Platform,
            Ability::Yes | Ability::Limited | Ability::No => Self::Pipeline,
        }
    }
}

impl Releaser {
    /// What a platform lists for it.
    pub fn case(self) -> Case {
        match self {
            Self::Platform => Case::Push,
            Self::Pipeline => Case::Pipeline,
        }
    }
}

/// The cases that hold for an application on one of its platforms.
pub fn cases(catalog: &Catalog, quote: &Quote, host: &Platform, releaser: Releaser) -> Cases {
    let of_team = |data: &&PlacedData| {
        let service = data.service.as_ref().and_then(|id| catalog.data_services.get(id));
        data.platform.as_ref() == Some(&host.id)
            && service.is_none_or(|service| service.operated_by == Operator::Team)
    };
    let lasting = |data: &PlacedData| {
        let service = data.service.as_ref().and_then(|id| catalog.data_services.get(id));
        service.map_or(!data.is_cache, |service| service.kind == DataKind::Database)
    };
    let workload = &quote.workload;
    let opens = |placed: &PlacedComponent| workload.components[placed.component].data_file.is_some();
    let in_files = host.capabilities.persistent_disk.value != Ability::No
        && (on(quote, host).any(opens) || quote.server == host.id && workload.has(Need::FileStorage));
    let on_servers = host.compute.billing.value == Billing::Server;
    let several = on(quote, host).any(|placed| placed.instances > 1);
    let from_image = |placed: &PlacedComponent| {
        let component = &workload.components[placed.component];
        let wants_image = host.runs.mode(component.kind).value == RunMode::Container;
        component.kind != ServiceKind::Static && (wants_image || !platform_builds(catalog, host, component))
    };
    let of_kinds = [Case::Several, Case::Schedule, Case::Background, Case::Http, Case::Code];
    let by_kind = cases_by_kind(quote, host);
    let held = [
        (Case::Image, on(quote, host).any(from_image)),
        (Case::Data, in_files || quote.data.iter().filter(of_team).any(lasting)),
        (Case::SharedData, on_servers && several && quote.data.iter().any(|data| of_team(&data))),
        (Case::Migrations, workload.migrates && quote.server == host.id),
        (releaser.case(), true),
    ];
    let by_kind = of_kinds.into_iter().filter(|case| by_kind.contains(*case));
    held.into_iter().filter_map(|(case, holds)| holds.then_some(case)).chain(by_kind).collect()
}

/// The cases that follow from the kinds of what runs on one of its platforms alone.
pub fn cases_by_kind(quote: &Quote, host: &Platform) -> Cases {
    let mut cases = [None; 5];
    let [several, schedule, background, http, code] = &mut cases;
    let kinds = on(quote, host).map(|placed| quote.workload.components[placed.component].kind);
    for (index, kind) in kinds.enumerate() {
        *several = (index > 0).then_some(Case::Several);
        let is_job = kind == ServiceKind::Cron;
        *schedule = schedule.or(is_job.then_some(Case::Schedule));
        *background = background.or((is_job || kind == ServiceKind::Worker).then_some(Case::Background));
        *http = http.or(kind.serves_http().then_some(Case::Http));
        *code = code.or((kind != ServiceKind::Static).then_some(Case::Code));
    }
    cases.into_iter().flatten().collect()
}

/// How many names the credentials have that a pipeline needs for a platform.
pub fn credentials(quote: &Quote, host: &Platform, cases: Cases) -> usize {
    let services = on(quote, host).count();
    let asked = host.deploy.credentials.iter().filter(|credential| credential.is_asked(cases));
    asked.map(|credential| if credential.is_of_each_service() { services } else { 1 }).sum()
}

/// Addresses that a platform assigns at the first deploy and that the pipeline's smoke test must be told.
pub fn assigned_addresses(quote: &Quote, host: &Platform, cases: Cases) -> usize {
    if !cases.contains(Case::Pipeline) || host.environments.url.is_some() {
        return 0;
    }
    on(quote, host).filter(|placed| quote.workload.components[placed.component].kind.serves_http()).count()
}

fn on<'q>(quote: &'q Quote, host: &'q Platform) -> impl Iterator<Item = &'q PlacedComponent> {
    quote.components.iter().filter(|placed| placed.platform == host.id)
}
