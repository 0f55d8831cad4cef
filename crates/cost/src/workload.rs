//! Survey and context → what has to run, whatever platform it runs on.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::{Need, runs_several_instances};
use siteplan_model::brief::{AppType, Context, DatabaseHosting};
use siteplan_model::fact::Certainty;
use siteplan_model::survey::{CiDeploy, Service, ServiceKind, Survey};

/// What has to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// Components of the application; never empty.
    pub components: Vec<Component>,
    /// Databases that keep data.
    pub databases: Vec<EngineNeed>,
    /// Databases that live inside the application's process and on its disk.
    pub embedded: Vec<String>,
    /// Caches and queues.
    pub caches: Vec<EngineNeed>,
    /// What the application asks of a platform.
    pub needs: Vec<Need>,
    /// Large clouds whose own services the code calls.
    pub clouds: Vec<String>,
    /// Where it runs already.
    pub in_use: Vec<InUse>,
    /// Memory that one instance needs, in MB, when the Survey knows it.
    pub memory_mb: Option<u32>,
    /// Whether the components are assumed from the application type, not found.
    pub assumed: bool,
    /// Whether the schema of a database is migrated: a command was found that does, or all is still to be written.
    pub migrates: bool,
}

/// One component of the application.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Its name, unique in the workload.
    pub name: String,
    /// Its kind.
    pub kind: ServiceKind,
    /// Its language.
    pub language: Option<String>,
    /// Its framework.
    pub framework: Option<String>,
    /// Whether a production Dockerfile exists.
    pub has_image: bool,
    /// Whether a runtime at the edge calls its code for each request: it is no process that listens.
    pub handles_requests: bool,
    /// The folder whose database in a file it opens; none where its data, if it has any, is elsewhere.
    pub data_file: Option<String>,
    /// Index in `Survey::services`, if it was found.
    pub service: Option<usize>,
}

/// A platform on which the application runs already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InUse {
    /// Its id, which the catalog may not know.
    pub platform: String,
    /// Files of the repository that are made for it, each once, without those of CI systems.
    pub files: Vec<String>,
    /// Whether a job of the repository's CI releases there, so that the CI host holds what that takes.
    pub released_by_ci: bool,
}

/// A database or cache engine that is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineNeed {
    /// The engine, by the Survey's name.
    pub engine: String,
    /// The major version that the repository asks for.
    pub version: Option<String>,
    /// Whether it is assumed from the application type, not found.
    pub assumed: bool,
}

impl Workload {
    /// What has to run for an application of the context's type.
    ///
    /// The components are those of the Survey, as far as the answered type can mean them: no answer makes a found service
    /// disappear unless the type excludes it. Otherwise they are what the type means, in the Survey's language.
    pub fn of(
        catalog: &Catalog,
        survey: &Survey,
        context: &Context,
        database: Option<DatabaseHosting>,
        settings: &BTreeMap<String, String>,
    ) -> Self {
        let found = meant_of_found(survey, context.app_type);
        let mut components =
            if found.is_empty() { meant_components(survey, context.app_type) } else { found };
        let assumed = components.iter().all(|component| component.service.is_none());
        let keeps_data = context.app_type != AppType::Frontend && database != Some(DatabaseHosting::None);
        let all = if keeps_data { databases(survey, context.app_type) } else { Vec::new() };
        let is_embedded = |need: &EngineNeed| catalog.usage.embedded_engines.contains(&need.engine);
        let (embedded, databases): (Vec<_>, Vec<_>) = all.into_iter().partition(is_embedded);
        let embedded: Vec<String> = embedded.into_iter().map(|need| need.engine).collect();
        tell_data_files(&mut components, survey, &embedded, &databases);
        let caches = if context.app_type == AppType::Frontend { Vec::new() } else { caches(survey) };
        let needs = needs(survey, context.app_type, &components, !embedded.is_empty());
        // Who runs once has nobody to find.
        let several =
            runs_several_instances(context, settings) && components.iter().any(|one| one.data_file.is_none());
        let clustering = several && context.app_type != AppType::Frontend && survey.needs.clustering.value;
        let data = [
            (Need::Clustering, clustering),
            (Need::Database, !databases.is_empty()),
            (Need::Cache, !caches.is_empty()),
        ];
        let needs =
            needs.into_iter().chain(data).filter_map(|(need, present)| present.then_some(need)).collect();
        let clouds = if context.app_type == AppType::Frontend {
            Vec::new()
        } else {
            survey.clouds.iter().map(|cloud| cloud.value.clone()).collect()
        };
        let memory_mb = survey.needs.memory.value;
        let migrates = !databases.is_empty()
            && (survey.services.is_empty()
                || survey.services.iter().any(|service| service.commands.migrate.is_some()));
        let in_use = in_use(survey);
        Self { components, databases, embedded, caches, needs, clouds, in_use, memory_mb, assumed, migrates }
    }

    /// The components whose data lies in a file of their own process.
    pub fn with_data_files(&self) -> impl Iterator<Item = (usize, &Component)> {
        self.components.iter().enumerate().filter(|(_, component)| component.data_file.is_some())
    }

    /// Whether some component's data lies in a file of its own process.
    pub fn keeps_data_in_files(&self) -> bool {
        self.with_data_files().next().is_some()
    }

    /// The kinds of its components, one for each.
    pub fn kinds(&self) -> impl Iterator<Item = ServiceKind> + Clone {
        self.components.iter().map(|component| component.kind)
    }

    /// Whether a need is present.
    pub fn has(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }

    /// The component that users meet first.
    pub fn main(&self) -> &Component {
        self.components.iter().find(|c| c.kind.serves_http()).unwrap_or(&self.components[0])
    }
}

/// The platforms of which more than a hint shows that the application runs there.
fn in_use(survey: &Survey) -> Vec<InUse> {
    let known = survey.platforms_in_use.iter().filter(|fact| fact.certainty > Certainty::Low);
    known
        .map(|fact| {
            let paths = || fact.evidence.iter().map(|seen| &seen.path);
            let files: BTreeSet<&String> = paths().filter(|path| !survey.ci_files.contains(path)).collect();
            let releases = |job: &CiDeploy| {
                job.means.as_ref() == Some(&fact.value) || paths().any(|path| *path == job.path)
            };
            InUse {
                platform: fact.value.clone(),
                files: files.into_iter().cloned().collect(),
                released_by_ci: survey.ci_deploys.iter().any(releases),
            }
        })
        .collect()
}

fn found_components(survey: &Survey) -> Vec<Component> {
    let mut taken = BTreeSet::new();
    let component = |(index, service): (usize, &Service)| {
        let mut name = service.name.clone();
        while !taken.insert(name.clone()) {
            name = format!("{}-{}", service.name, service.kind);
            if taken.contains(&name) {
                name = format!("{name}-{index}");
            }
        }
        Component {
            name,
            kind: placed_as(service),
            language: service.language.clone(),
            framework: service.framework.clone(),
            has_image: service.dockerfile.is_some(),
            handles_requests: survey.request_handlers.iter().any(|folder| folder.value == service.path),
            data_file: None,
            service: Some(index),
        }
    };
    survey.services.iter().enumerate().map(component).collect()
}

/// How a service runs: one that keeps its own schedule runs all the time, and so does one that is called scheduled while nobody
/// states a schedule (the `clock` of a Procfile). A worker whose program ends is a job, whoever starts it.
fn placed_as(service: &Service) -> ServiceKind {
    let stays = service.own_clock || (service.schedule.is_none() && !service.ends);
    match service.kind {
        ServiceKind::Cron if stays => ServiceKind::Worker,
        ServiceKind::Worker if service.ends => ServiceKind::Cron,
        kind => kind,
    }
}

/// The found components that an answered type can mean; none if it means something else than what was found.
fn meant_of_found(survey: &Survey, app_type: AppType) -> Vec<Component> {
    let all = found_components(survey);
    if survey.app_type.as_ref().is_some_and(|fact| fact.value == app_type) {
        return all;
    }
    let count = |wanted: &[ServiceKind]| all.iter().filter(|one| wanted.contains(&one.kind)).count();
    let servers = count(&[ServiceKind::Web, ServiceKind::Api]);
    let keeps: &[ServiceKind] = match app_type {
        AppType::Frontend => &[ServiceKind::Static],
        AppType::Workers => &[ServiceKind::Worker, ServiceKind::Cron],
        AppType::WebApi | AppType::Monolith | AppType::FullStack if servers > 0 => ServiceKind::ALL,
        AppType::Microservices if servers > 1 => ServiceKind::ALL,
        _ => &[],
    };
    all.into_iter().filter(|one| keeps.contains(&one.kind)).collect()
}

/// What an application type means when nothing better is known.
fn meant_components(survey: &Survey, app_type: AppType) -> Vec<Component> {
    let main = survey.main_service();
    let primary = survey.languages.iter().find(|language| language.primary);
    let language = main
        .and_then(|service| service.language.clone())
        .or_else(|| primary.map(|language| language.fact.value.clone()));
    let framework = main.and_then(|service| service.framework.clone());
    let component = |name: &str, kind: ServiceKind| Component {
        name: name.to_owned(),
        kind,
        language: language.clone(),
        framework: if kind.serves_http() { framework.clone() } else { None },
        has_image: main.is_some_and(|service| service.dockerfile.is_some()),
        handles_requests: false,
        data_file: None,
        service: None,
    };
    let name = |kind: ServiceKind| match kind {
        ServiceKind::Static => "site",
        ServiceKind::Web if app_type == AppType::Microservices => "gateway",
        _ => kind.as_str(),
    };
    app_type.means().iter().map(|kind| component(name(*kind), *kind)).collect()
}

/// Tells each component whose data is a file of its own: it opens an engine inside its process, and no database server that is
/// used beside it. Where nobody knows who opens the only engine there is, every process of the application may.
fn tell_data_files(
    components: &mut [Component],
    survey: &Survey,
    embedded: &[String],
    servers: &[EngineNeed],
) {
    let known = survey.services.iter().any(|one| one.databases.iter().any(|name| embedded.contains(name)));
    for component in components.iter_mut().filter(|component| component.kind != ServiceKind::Static) {
        let service = component.service.and_then(|index| survey.services.get(index)).filter(|_| known);
        let opens = match service {
            Some(service) => {
                let on_server = servers.iter().any(|server| service.databases.contains(&server.engine));
                service.databases.iter().any(|name| embedded.contains(name)) && !on_server
            }
            None => !embedded.is_empty() && servers.is_empty(),
        };
        let folder = service.map_or(".", |service| service.path.as_str());
        component.data_file = opens.then(|| folder.to_owned());
    }
}

fn databases(survey: &Survey, app_type: AppType) -> Vec<EngineNeed> {
    let found: Vec<EngineNeed> = survey
        .databases
        .iter()
        .filter(|database| !database.optional)
        .map(|database| EngineNeed {
            engine: database.fact.value.clone(),
            version: database.version.clone(),
            assumed: false,
        })
        .collect();
    let planned = survey.is_empty() && !matches!(app_type, AppType::Workers | AppType::Frontend);
    if found.is_empty() && planned {
        vec![EngineNeed { engine: ASSUMED_ENGINE.to_owned(), version: None, assumed: true }]
    } else {
        found
    }
}

/// The engine of an application that is only planned: every platform and managed service of the catalog offers it.
pub const ASSUMED_ENGINE: &str = "postgres";

fn caches(survey: &Survey) -> Vec<EngineNeed> {
    survey
        .caches
        .iter()
        .filter(|cache| !cache.optional)
        .map(|cache| EngineNeed {
            engine: cache.fact.value.clone(),
            version: cache.version.clone(),
            assumed: false,
        })
        .collect()
}

/// Needs beyond data services, present or not.
fn needs(
    survey: &Survey,
    app_type: AppType,
    components: &[Component],
    keeps_data_on_disk: bool,
) -> [(Need, bool); 6] {
    let found = &survey.needs;
    let kind = |kind| components.iter().any(|component| component.kind == kind);
    let server = app_type != AppType::Frontend;
    [
        (Need::Websockets, server && found.websockets.value),
        (Need::Workers, kind(ServiceKind::Worker) || (server && found.workers.value)),
        (Need::Cron, kind(ServiceKind::Cron) || (server && found.cron.value)),
        (Need::LongRequests, server && found.long_requests.value),
        (Need::FileStorage, keeps_data_on_disk || (server && found.disk())),
        (Need::Gpu, server && found.gpu.value),
    ]
}
