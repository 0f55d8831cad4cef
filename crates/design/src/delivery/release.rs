//! The platforms' commands for one environment: what a pipeline's steps run and a person types.

use siteplan_catalog::platform::{CommandTemplate, ImageShare, Platform, Prints, Until};
use siteplan_catalog::small::Tool;
use siteplan_model::design::Command;

use super::held;
use crate::command::{Blanks, SET_COMMIT, needs_commit};
use crate::ground::{Ground, PRODUCTION};
use crate::prose::code;
use crate::services::{PlacedService, every, migration_hook, migration_in_hook, without_hook};
use crate::{images, prose};

/// The services that a platform runs.
pub(crate) fn services_on<'g, 'a>(
    ground: &'g Ground<'a>,
    platform: &'a Platform,
) -> impl Iterator<Item = &'g PlacedService<'a>> {
    ground.services.iter().filter(move |service| service.platform.id == platform.id)
}

/// Templates of a platform filled for an environment, once or for each service as they say.
pub(crate) fn filled<'a>(
    ground: &Ground<'a>,
    platform: &'a Platform,
    environment: &str,
    templates: &[CommandTemplate],
) -> Vec<Command> {
    filled_with(ground, platform, &ground.blanks(platform, environment), templates)
}

/// The same with other blanks.
pub(crate) fn filled_with<'a, 't>(
    ground: &Ground<'a>,
    platform: &'a Platform,
    blanks: &Blanks,
    templates: impl IntoIterator<Item = &'t CommandTemplate>,
) -> Vec<Command> {
    steps_with(ground, platform, blanks, templates).into_iter().map(Step::into_command).collect()
}

/// A filled template.
pub(crate) struct Step<'t> {
    /// The command.
    pub(crate) command: Command,
    /// How the wait ends, where it is repeated.
    pub(crate) until: Option<&'t Until>,
    /// The service whose address it prints.
    pub(crate) addressed: Option<String>,
    /// The variable of the digest that it prints.
    pub(crate) digest: Option<String>,
}

impl Step<'_> {
    /// The command as a person types it.
    fn into_command(self) -> Command {
        if let Some(variable) = self.digest {
            let line = format!("{variable}=\"$({} | sed -n 's/^.*@//p')\"", self.command.line);
            return Command { line, ..self.command };
        }
        let Some(until) = self.until else { return self.command };
        let words: Vec<String> = until.good.iter().map(|word| prose::code(word)).collect();
        let purpose =
            format!("{}: repeat this until it prints {}", self.command.purpose, prose::either(&words));
        Command { purpose, ..self.command }
    }
}

/// Templates of a platform filled, with what a script needs to know of them.
pub(crate) fn steps_with<'a, 't>(
    ground: &Ground<'a>,
    platform: &'a Platform,
    blanks: &Blanks,
    templates: impl IntoIterator<Item = &'t CommandTemplate>,
) -> Vec<Step<'t>> {
    let mut steps = Vec::new();
    let several = services_on(ground, platform).count() > 1;
    for template in templates {
        let services: Vec<_> =
            services_on(ground, platform).filter(|service| service.is_of(&template.kinds)).collect();
        let chosen: Vec<_> = match template.images {
            None if template.each_service => services,
            None => services.into_iter().take(1).collect(),
            Some(ImageShare::First) => first_of_each_image(services).take(1).collect(),
            Some(ImageShare::Further) => first_of_each_image(services).skip(1).collect(),
        };
        let names_service = template.each_service || template.images == Some(ImageShare::Further);
        if template.each_secret {
            for name in held::secret_names(ground) {
                let line = blanks.clone().with("secret", name.as_str()).line(&template.line);
                let purpose = format!("{}: {}", template.purpose, prose::code(&name));
                steps.push(Step {
                    command: Command { purpose, line },
                    until: None,
                    addressed: None,
                    digest: None,
                });
            }
            continue;
        }
        for service in chosen {
            let blanks = of_service(ground, blanks, service);
            let purpose = if several && names_service {
                format!("{} ({})", template.purpose, service.plan.slug)
            } else {
                template.purpose.clone()
            };
            steps.push(Step {
                command: Command { purpose, line: blanks.line(&template.line) },
                until: template.until.as_ref(),
                digest: (template.prints == Some(Prints::Digest)).then(|| blanks.line("DIGEST_{SERVICE}")),
                addressed: (template.prints == Some(Prints::Address)).then(|| service.plan.slug.clone()),
            });
        }
    }
    steps
}

/// Blanks for one service of a platform.
pub(crate) fn of_service(ground: &Ground<'_>, blanks: &Blanks, service: &PlacedService<'_>) -> Blanks {
    blanks
        .clone()
        .for_service(&service.plan.slug)
        .with("image", format!("{}/{}", ground.slug, service.plan.slug))
        .with("path", service.plan.path.as_str())
        .with("dockerfile", service.plan.dockerfile_path())
        .with("context", service.plan.build_context())
        .with("unit", service.plan.unit())
        .with("ha", if service.placed.instances > 1 { "true" } else { "false" })
        .with("every", service.plan.schedule.as_deref().map_or("daily", every))
        .with("start", service.plan.commands.start.as_deref().unwrap_or_default())
        .with_build_arguments(&images::build_arguments(ground, service, PRODUCTION))
}

/// The first service of each unit of release, in their order.
pub(crate) fn first_of_each_image<'g, 'a>(
    services: Vec<&'g PlacedService<'a>>,
) -> impl Iterator<Item = &'g PlacedService<'a>> {
    let mut seen = std::collections::BTreeSet::new();
    services.into_iter().filter(move |service| seen.insert(service.plan.unit()))
}

/// Commands that release everything to an environment, in order, companions first: the main platform's services may
/// call them.
pub(crate) fn release(ground: &Ground<'_>, environment: &str) -> Vec<Command> {
    ground
        .platforms()
        .into_iter()
        .rev()
        .flat_map(|platform| filled(ground, platform, environment, &platform.deploy.commands))
        .collect()
}

/// The programs that the platforms' commands call, each once, in the order in which they are installed.
pub(crate) fn tools<'a>(ground: &Ground<'a>) -> impl Iterator<Item = &'a Tool> + use<'a> {
    let mut ids: Vec<&str> = Vec::new();
    for id in ground.platforms().into_iter().flat_map(|platform| &platform.deploy.tools) {
        if !ids.contains(&id.as_str()) {
            ids.push(id);
        }
    }
    let known = &ground.catalog.tools;
    ids.into_iter().filter_map(|id| known.get(id))
}

/// What installing a program does, and the line for it.
pub(crate) fn installing(tool: &Tool) -> (String, String) {
    let version = tool.version.value.as_str();
    let check = match (&tool.checked, &tool.unchecked) {
        (Some(checked), _) => checked.clone(),
        (None, Some(why)) => format!("not checked: {why}"),
        (None, None) => "not checked".to_owned(),
    };
    let purpose = format!("install {} {version} where it is missing ({check})", tool.name);
    (purpose, Blanks::default().with("version", version).line(&tool.line))
}

/// How a machine gets several runtimes.
pub(crate) fn runtime_installer(ground: &Ground<'_>) -> Option<Command> {
    let catalog = ground.catalog;
    let (purpose, line) = installing(catalog.tools.get(&catalog.runtimes.installer)?);
    Some(Command { purpose, line })
}

/// Commands that install the platforms' tools and let them in.
pub(crate) fn install(ground: &Ground<'_>, environment: &str) -> Vec<Command> {
    let installs = tools(ground).map(|tool| {
        let (purpose, line) = installing(tool);
        let present = tool.present.clone().unwrap_or_else(|| format!("command -v {} > /dev/null", tool.id));
        Command { purpose, line: format!("{present} || ( {line} )") }
    });
    let keys = ground
        .platforms()
        .into_iter()
        .flat_map(|platform| filled(ground, platform, environment, &platform.deploy.prepare));
    installs.chain(keys).collect()
}

/// Commands that build and push the images.
pub(crate) fn images(ground: &Ground<'_>) -> Vec<Command> {
    ground
        .platforms()
        .into_iter()
        .flat_map(|platform| filled(ground, platform, PRODUCTION, &platform.deploy.image))
        .collect()
}

/// How the pipeline migrates, where the platform has no hook of its own.
pub(crate) enum Migration {
    /// Not from the pipeline: there is nothing to migrate, a person does it, or the platform's hook does.
    Elsewhere,
    /// With the platform's own line.
    Platform(Command),
    /// With the command itself, from the service's folder, which needs the database's address.
    Direct(Command),
}

/// How an environment is migrated before its release.
pub(crate) fn migration(ground: &Ground<'_>, environment: &str) -> Migration {
    let purpose = format!("apply the migrations to the {environment} database");
    migration_with(ground, |platform| ground.blanks(platform, environment), purpose)
}

/// How a script migrates the environment that it is called for.
pub(crate) fn migration_in_script(ground: &Ground<'_>) -> Migration {
    migration_with(ground, |platform| ground.script_blanks(platform), "apply the migrations".to_owned())
}

fn migration_with<'a>(
    ground: &Ground<'a>,
    blanks: impl Fn(&'a Platform) -> Blanks,
    purpose: String,
) -> Migration {
    let Some(service) = migrating(ground) else { return Migration::Elsewhere };
    let hook = migration_hook(ground.survey, service.platform);
    let (Some(command), true, None) = (&service.plan.migrate, ground.migrates_automatically(), hook) else {
        return Migration::Elsewhere;
    };
    match &service.platform.migrate.line {
        Some(template) => {
            let blanks =
                of_service(ground, &blanks(service.platform), service).with("migrate", command.as_str());
            Migration::Platform(Command {
                purpose: template.purpose.clone(),
                line: blanks.line(&template.line),
            })
        }
        None => Migration::Direct(Command { purpose, line: command.clone() }),
    }
}

/// What the reader must know where the repository's own file of processes keeps the platform from migrating.
pub(crate) fn lacking_hook(ground: &Ground<'_>) -> Option<String> {
    let service = migrating(ground)?;
    let (own, hook) =
        (without_hook(ground.survey, service.platform)?, service.platform.migrate.hook.as_ref()?);
    if !ground.migrates_automatically() {
        return None;
    }
    let command = migration_in_hook(ground, service)?;
    let (file, name) = (code(&own.path), &service.platform.name);
    Some(format!(
        "{file} is the repository's own and names no process {}: the pipeline migrates before each release, with the database's address among its secrets. To let {name} migrate, add the line {} to {file} and run `siteplan plan` again.",
        code(&hook.value),
        code(&format!("{}: {command}", hook.value))
    ))
}

/// The service that runs the migrations.
pub(crate) fn migrating<'g, 'a>(ground: &'g Ground<'a>) -> Option<&'g PlacedService<'a>> {
    ground.services.iter().find(|service| service.plan.migrate.is_some())
}

/// Everything that a person types to release to an environment by hand, in order.
pub(crate) fn by_hand(ground: &Ground<'_>, environment: &str) -> Vec<Command> {
    let mut commands = install(ground, environment);
    commands.extend(images(ground));
    match migration(ground, environment) {
        Migration::Elsewhere => {}
        Migration::Platform(command) | Migration::Direct(command) => commands.push(command),
    }
    commands.extend(release(ground, environment));
    commands.extend(crate::health::smoke_tests(ground, environment));
    if commands.iter().any(|command| needs_commit(&command.line)) {
        let set = Command { purpose: "name the commit to release".to_owned(), line: SET_COMMIT.to_owned() };
        commands.insert(0, set);
    }
    commands
}
