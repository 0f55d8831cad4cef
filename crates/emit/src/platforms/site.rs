//! The part of a design that one platform runs, as its files need to see it.

use siteplan_model::design::{DataResource, Deployer, Design, ImageStep, ServicePlan, VariablePlan};
use siteplan_model::file::File;
use siteplan_model::id::PlatformId;
use siteplan_model::survey::ServiceKind;

use crate::names::is_variable;

/// The variable from which the health endpoint takes the version that runs.
pub(super) const VERSION: &str = "APP_VERSION";

/// What stands for the commit in a definition, until the pipeline replaces it. No plain text of YAML begins with it, so it is
/// quoted, whatever the commit looks like.
const COMMIT_PLACE: &str = "@COMMIT";

/// The environment that users see.
pub(super) const PRODUCTION: &str = "production";
/// The environment of pull requests, which platforms make by themselves.
pub(super) const PREVIEW: &str = "preview";

/// One platform with the services that it runs.
pub(super) struct Site<'a> {
    pub(super) design: &'a Design,
    pub(super) platform: &'a PlatformId,
    /// The services in the topology's order.
    pub(super) services: Vec<Placed<'a>>,
}

/// A service with its number of instances in production.
pub(super) struct Placed<'a> {
    pub(super) plan: &'a ServicePlan,
    pub(super) instances: u32,
    /// Instances that run there although nobody asks; none where the platform may stop the last one.
    pub(super) kept: u32,
}

impl Placed<'_> {
    /// Whether it runs all the time, instead of on a schedule.
    pub(super) fn runs_always(&self) -> bool {
        self.plan.kind != ServiceKind::Cron
    }
}

impl<'a> Site<'a> {
    /// The region, which the design states for its own platform only: a companion takes its usual one.
    pub(super) fn region(&self) -> Option<&'a str> {
        let own = *self.platform == self.design.platform.id;
        self.design.platform.region.as_deref().filter(|_| own)
    }

    /// The project files of the services that users reach, each path once: services of one folder share their file.
    pub(super) fn project_files(&self, project: impl Fn(&'a ServicePlan) -> File) -> Vec<File> {
        let mut files: Vec<File> = Vec::new();
        for placed in self.services.iter().filter(|placed| placed.plan.kind.serves_http()) {
            let file = project(placed.plan);
            if files.iter().all(|known| known.path != file.path) {
                files.push(file);
            }
        }
        files
    }

    /// One site for each platform that runs a service, the design's own first.
    pub(super) fn all(design: &'a Design) -> Vec<Self> {
        let mut sites = vec![Self { design, platform: &design.platform.id, services: Vec::new() }];
        for component in &design.topology.components {
            let Some(plan) = &component.service else { continue };
            let platform = plan.platform.as_ref().unwrap_or(&design.platform.id);
            let at = sites.iter().position(|site| site.platform == platform).unwrap_or_else(|| {
                sites.push(Self { design, platform, services: Vec::new() });
                sites.len() - 1
            });
            sites[at].services.push(Placed {
                plan,
                instances: component.instances.max(1),
                kept: component.instances,
            });
        }
        sites
    }

    /// The environments that something deploys to, in order.
    pub(super) fn environments(&self) -> impl Iterator<Item = &'a str> {
        self.design
            .environments
            .list
            .iter()
            .map(|environment| environment.name.as_str())
            .filter(|name| *name != PREVIEW)
    }

    /// Whether each pull request gets an environment.
    pub(super) fn has_previews(&self) -> bool {
        self.design.environments.list.iter().any(|environment| environment.name == PREVIEW)
    }

    /// The service that users reach first: the first that serves HTTP.
    pub(super) fn main(&self) -> Option<&Placed<'a>> {
        self.services.iter().find(|service| service.plan.kind.serves_http()).or_else(|| self.services.first())
    }

    /// A name for one of several resources in one account: the application's for its only or only public service, else
    /// with the service's; then the environment's, unless it is production.
    pub(super) fn resource_name(&self, service: &ServicePlan, environment: &str) -> String {
        let public = self.services.iter().filter(|placed| placed.plan.kind.serves_http()).count();
        let is_alone = self.services.len() == 1 || (public == 1 && service.kind.serves_http());
        let slug = &self.design.application.slug;
        let base = if is_alone { slug.clone() } else { format!("{slug}-{}", service.slug) };
        with_environment(&base, environment)
    }

    /// The command that the platform runs before each release, if this service runs it, and neither a person nor the
    /// pipeline does it in its place.
    pub(super) fn migration(&self, service: &'a ServicePlan) -> Option<&'a str> {
        let plan = self.design.database.as_ref()?.migrations.as_ref()?;
        if plan.automatic && !plan.past_hook { service.migrate.as_deref() } else { None }
    }

    /// The variable that tells the running version, and what the pipeline replaces by the commit: absent where the application
    /// has one of this name.
    pub(super) fn version(&self) -> Option<(&'static str, &'static str)> {
        let is_taken = self.design.environments.variables.iter().any(|variable| variable.name == VERSION);
        (!is_taken).then_some((VERSION, COMMIT_PLACE))
    }

    /// The variables of a service that something must say: all of them, for static files only what the build reads.
    pub(super) fn variables(&self, service: &ServicePlan) -> impl Iterator<Item = &'a VariablePlan> {
        let is_static = service.kind == ServiceKind::Static;
        self.design.environments.variables.iter().filter(move |variable| {
            is_variable(&variable.name)
                && is_said(variable)
                && (!is_static || variable.when.contains("build"))
        })
    }

    /// The variables of everything that runs, static files aside.
    pub(super) fn running_variables(&self) -> impl Iterator<Item = &'a VariablePlan> {
        let runs = self.services.iter().any(|placed| placed.plan.kind != ServiceKind::Static);
        let variables = self.design.environments.variables.iter();
        variables.filter(move |variable| runs && is_variable(&variable.name))
    }

    /// The variables that some environment must be given by hand: secrets, and what is required and nowhere written down.
    pub(super) fn held_variables(&self) -> impl Iterator<Item = &'a VariablePlan> {
        let unwritten = |variable: &VariablePlan| {
            self.environments().any(|environment| literal(variable, environment).is_none())
        };
        self.running_variables()
            .filter(move |variable| (variable.secret || variable.required) && unwritten(variable))
    }

    /// The services that are reached from outside, each with its host name: the application's for what users reach first,
    /// one below it for any other.
    pub(super) fn hosts(&self, application: &str) -> Vec<(&Placed<'a>, String)> {
        let main = self.main().map(|placed| placed.plan.slug.as_str());
        let served = self.services.iter().filter(|placed| placed.plan.kind.serves_http());
        let host = |placed: &Placed<'_>| match &placed.plan.slug {
            slug if main == Some(slug) => application.to_owned(),
            slug => format!("{slug}.{application}"),
        };
        served.map(|placed| (placed, host(placed))).collect()
    }

    /// The variables of a service without its port: each service has its own, whatever the repository's one default is.
    pub(super) fn variables_but_port(&self, service: &ServicePlan) -> impl Iterator<Item = &'a VariablePlan> {
        self.variables(service).filter(|variable| variable.name != "PORT")
    }

    /// The numbers of user and group that a written image of a service runs as.
    pub(super) fn image_user(&self, service: &ServicePlan) -> Option<(u32, u32)> {
        let dockerfile = service.dockerfile_path();
        let image = self.design.images.iter().find(|image| image.dockerfile == dockerfile)?;
        let steps = image.stages.last()?.steps.iter().rev();
        let user = steps.into_iter().find_map(|step| match step {
            ImageStep::User(user) => Some(user.as_str()),
            _ => None,
        })?;
        let (user, group) = user.split_once(':').unwrap_or((user, user));
        Some((user.parse().ok()?, group.parse().ok()?))
    }

    /// The path that the platform's only check asks a service at.
    pub(super) fn probe_path(&self, service: &'a ServicePlan) -> Option<&'a str> {
        let is_server = matches!(service.kind, ServiceKind::Web | ServiceKind::Api);
        service.probe_path.as_deref().filter(|_| is_server && self.design.health.included)
    }

    /// Whether the platform deploys by itself once the checks of a commit have passed.
    pub(super) fn deploys_by_itself(&self) -> bool {
        self.design.delivery.deployer == Deployer::PlatformAfterChecks
    }

    /// A comment for a file with schedules that nobody stated, by the sign that begins a comment.
    pub(super) fn schedule_note(&self, sign: &str) -> String {
        let assumed = self.services.iter().any(|placed| placed.plan.schedule_assumed);
        if assumed {
            format!(
                "{sign} The repository does not say when its jobs run: the schedule at 3:00 is assumed, set the real one.\n"
            )
        } else {
            String::new()
        }
    }

    /// The data service of the platform's own offer that gives a variable its value.
    pub(super) fn data_of(&self, variable: &VariablePlan) -> Option<&'a DataResource> {
        let engine = variable.data.as_ref().filter(|_| variable.wired)?;
        self.own_data().find(|data| data.engine == *engine)
    }

    /// The data services that the platform's file can declare.
    pub(super) fn own_data(&self) -> impl Iterator<Item = &'a DataResource> {
        let main = &self.design.platform.id;
        let is_here = move |data: &&DataResource| {
            data.same_platform && data.platform.as_ref().unwrap_or(main) == self.platform
        };
        self.design.data.iter().filter(is_here)
    }

    /// The value of a variable that may be written down; for a file that all environments share, only if they agree.
    pub(super) fn shared_literal(&self, variable: &'a VariablePlan) -> Option<&'a str> {
        let mut values = self.environments().map(|environment| literal(variable, environment));
        let first = values.next()??;
        values.all(|value| value == Some(first)).then_some(first)
    }

    /// The branch that deploys.
    pub(super) fn branch(&self) -> &'a str {
        &self.design.delivery.branch
    }
}

/// Whether somebody gives a variable a value: not where the code runs without one and nobody asked for another.
fn is_said(variable: &VariablePlan) -> bool {
    variable.secret || variable.required || variable.data.is_some() || !variable.literals.is_empty()
}

/// Whether an environment must be given a value by hand: not where the variable belongs to a feature that may stay off.
pub(super) fn is_indispensable(variable: &VariablePlan) -> bool {
    variable.required || variable.data.is_some()
}

/// The value of a variable in one environment, if it may be written down.
pub(super) fn literal<'a>(variable: &'a VariablePlan, environment: &str) -> Option<&'a str> {
    if variable.secret { None } else { variable.literals.get(environment).map(String::as_str) }
}

/// The id of the plan that an environment has.
pub(super) fn data_plan<'a>(data: &'a DataResource, environment: &str) -> &'a str {
    let further = data.further_plan_id.as_ref().filter(|_| environment != PRODUCTION);
    further.unwrap_or(&data.plan_id)
}

/// A name with the environment's, unless it is production.
pub(super) fn with_environment(base: &str, environment: &str) -> String {
    if environment == PRODUCTION { base.to_owned() } else { format!("{base}-{environment}") }
}

/// The cron expression of a scheduled service.
pub(super) fn schedule(service: &ServicePlan) -> Option<&str> {
    service.schedule.as_deref().filter(|_| service.kind == ServiceKind::Cron)
}

/// The port that a service is told to listen on.
pub(super) fn port(service: &ServicePlan) -> Option<String> {
    let listens = service.kind.serves_http() && service.kind != ServiceKind::Static && service.port > 0;
    listens.then(|| service.port.to_string())
}

/// Install and build as one line, in the service's folder.
pub(super) fn build_line(service: &ServicePlan) -> Option<String> {
    let lines: Vec<&str> = [&service.commands.install, &service.commands.build]
        .into_iter()
        .filter_map(Option::as_deref)
        .collect();
    (!lines.is_empty()).then(|| from_root(service, &lines.join(" && ")))
}

/// Frameworks whose browser code chooses the page by the address, so that one page answers every path.
const ROUTING_IN_BROWSER: &[&str] = &[
    "angular",
    "angularjs",
    "aurelia",
    "create-react-app",
    "ember",
    "ionic",
    "lit",
    "mithril",
    "preact",
    "quasar",
    "react",
    "riot",
    "solid",
    "svelte",
    "vite",
    "vue",
];

/// Whether a path without a file of its own belongs to the page at the root.
pub(super) fn routes_in_browser(service: &ServicePlan) -> bool {
    let framework = service.framework.as_deref();
    service.kind == ServiceKind::Static && framework.is_some_and(|id| ROUTING_IN_BROWSER.contains(&id))
}

/// The runtime that builds a language, by the name that most platforms give it.
pub(super) fn runtime(language: Option<&str>) -> Option<&str> {
    match language? {
        "typescript" | "javascript" | "node" => Some("node"),
        other => Some(other),
    }
}

/// The folder of a service, if it is not the root.
pub(super) fn folder(service: &ServicePlan) -> Option<&str> {
    let path = service.path.trim_start_matches("./").trim_end_matches('/');
    (!matches!(path, "" | ".")).then_some(path)
}

/// The folder of a service that a platform builds by itself, if it may look at nothing else.
pub(super) fn own_folder(service: &ServicePlan) -> Option<&str> {
    folder(service).filter(|_| !service.whole_repository)
}

/// A line of a service in its folder, where the platform runs it at the root because the whole repository is built.
pub(super) fn from_root(service: &ServicePlan, line: &str) -> String {
    match folder(service).filter(|_| service.whole_repository && !service.needs_image) {
        Some(folder) => format!("cd {} && {line}", shlex::try_quote(folder).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// A value as JSON for people.
pub(super) fn json<T: serde::Serialize>(value: &T) -> String {
    format!("{:#}\n", serde_json::to_value(value).expect("maps, lists and strings always serialise"))
}
