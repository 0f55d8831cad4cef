//! The repository's command lines → lines that work where they run.

use siteplan_catalog::Catalog;
use siteplan_catalog::figure::Figure;
use siteplan_catalog::platform::{Ability, Platform};
use siteplan_cost::Quote;
use siteplan_cost::workload::Component;
use siteplan_model::design::ServicePlan;
use siteplan_model::survey::{ProcessFile, Survey};

use crate::command::Blanks;

/// The component whose service carries the migration tool, else the main one.
pub(super) fn migrating_component(survey: &Survey, quote: &Quote) -> Option<usize> {
    survey.migrations.as_ref()?;
    let components = &quote.workload.components;
    let carries = |component: &Component| {
        component.service.and_then(|i| survey.services.get(i)).is_some_and(|s| s.migrations.is_some())
    };
    components
        .iter()
        .position(|component| component.kind.serves_http() && carries(component))
        .or_else(|| components.iter().position(carries))
        .or_else(|| components.iter().position(|component| component.kind.serves_http()))
        .or_else(|| (!components.is_empty()).then_some(0))
}

/// The platform's own hook for migrations; none where the repository has the file of processes to itself and that names none.
pub(crate) fn migration_hook<'a>(survey: &Survey, platform: &'a Platform) -> Option<&'a Figure<String>> {
    let hook = platform.migrate.hook.as_ref()?;
    without_hook(survey, platform).is_none().then_some(hook)
}

/// The repository's own file of processes, where the platform looks for the hook and it is not.
pub(crate) fn without_hook<'a>(survey: &'a Survey, platform: &Platform) -> Option<&'a ProcessFile> {
    let (hook, path) = (platform.migrate.hook.as_ref()?, platform.migrate.process_file.as_ref()?);
    let own = survey.process_files.iter().find(|file| file.path == *path)?;
    (!own.processes.contains(&hook.value)).then_some(own)
}

/// The command that migrates the database, with where it comes from.
pub(crate) fn migrate_command(catalog: &Catalog, survey: &Survey) -> Option<(String, String)> {
    // What the application does when it starts nobody does before.
    let found = survey.migrations.as_ref().filter(|found| !found.at_start)?;
    let of_a_service = survey.services.iter().find_map(|service| service.commands.migrate.clone());
    let own = of_a_service.or_else(|| survey.commands.migrate.clone()).or_else(|| found.command.clone());
    if let Some(command) = own {
        return Some((addressed(catalog, survey, &command), "the repository's own command".to_owned()));
    }
    let tool = catalog.migration_tools.get(found.fact.value.as_str())?;
    let directory = found.directory.clone().unwrap_or_else(|| ".".to_owned());
    let line = Blanks::default().with("directory", directory).line(&tool.deploy.value);
    let carrier =
        survey.services.iter().find(|service| service.migrations.is_some()).or_else(|| survey.main_service());
    let command = as_managed(catalog, carrier.and_then(|service| service.package_manager.as_deref()), &line);
    Some((addressed(catalog, survey, &command), format!("the documented command of {}", tool.name)))
}

/// A command with the variable that the application itself finds its database by, in the place of the usual name.
fn addressed(catalog: &Catalog, survey: &Survey, command: &str) -> String {
    const USUAL: &str = "DATABASE_URL";
    let reads = |name: &str| survey.environment.iter().any(|variable| variable.name == name);
    if !command.contains(&format!("${USUAL}")) || reads(USUAL) {
        return command.to_owned();
    }
    let engines = survey.databases.iter().filter_map(|fact| catalog.runtimes.engine(&fact.fact.value));
    let other = engines.flat_map(|facts| &facts.variables).find(|name| reads(name));
    other
        .map_or_else(|| command.to_owned(), |name| command.replace(&format!("${USUAL}"), &format!("${name}")))
}

/// A documented command line as a package manager runs it (`npx x` → `pnpm exec x`, `x` → `uv run x`). Lines that name
/// a program of the repository itself stay.
pub(crate) fn as_managed(catalog: &Catalog, manager: Option<&str>, line: &str) -> String {
    let managers = &catalog.signals.package_managers;
    let template = manager.and_then(|id| managers.iter().find(|known| known.id == id)?.exec.as_deref());
    let prefixes = managers.iter().filter_map(|known| known.exec.as_deref()?.strip_suffix("{command}"));
    let own = |line: &str| {
        line.split_whitespace().next().is_some_and(|program| program.contains('/') || program.contains('='))
    };
    let Some(template) = template.filter(|_| !own(line)) else { return line.to_owned() };
    let bare = prefixes
        .filter(|prefix| !prefix.is_empty())
        .find_map(|prefix| line.strip_prefix(prefix))
        .unwrap_or(line);
    template.replace("{command}", bare)
}

/// A command as the platform starts it. Some package managers install into an environment of their own: where the platform
/// builds and does not find its programs by itself, the manager stands in front of them; where it does, the manager may be
/// missing and does not. The repository's own image starts as it says.
pub(crate) fn at_runtime(catalog: &Catalog, platform: &Platform, plan: &ServicePlan, line: &str) -> String {
    let managers = &catalog.signals.package_managers;
    let manager = plan.package_manager.as_deref().and_then(|id| managers.iter().find(|known| known.id == id));
    let prefix = manager
        .filter(|manager| manager.isolates)
        .and_then(|manager| manager.exec.as_deref()?.strip_suffix("{command}"));
    let Some(prefix) = prefix.filter(|_| !plan.needs_image) else { return line.to_owned() };
    let finds = platform.runs.finds_programs.as_ref().is_some_and(|finds| finds.value == Ability::Yes);
    let parts = line.split(" && ").map(|part| {
        if finds {
            part.strip_prefix(prefix).filter(|rest| !rest.starts_with('-')).unwrap_or(part).to_owned()
        } else {
            isolated(prefix, part)
        }
    });
    parts.collect::<Vec<_>>().join(" && ")
}

/// One simple command behind a prefix, unless it names no installed program.
fn isolated(prefix: &str, part: &str) -> String {
    const OF_THE_SHELL: [&str; 6] = ["cd", "exec", "export", "set", "sh", "bash"];
    let manager = prefix.split_whitespace().next().unwrap_or_default();
    let program = part.split_whitespace().next().unwrap_or_default();
    let is_installed = !program.is_empty()
        && program != manager
        && !program.contains(['/', '=', '$'])
        && !OF_THE_SHELL.contains(&program);
    match part.strip_prefix("exec ") {
        Some(rest) => format!("exec {}", isolated(prefix, rest)),
        None if is_installed => format!("{prefix}{part}"),
        None => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::isolated;

    #[test]
    fn a_manager_stands_in_front_of_installed_programs_only() {
        for (line, expected) in [
            ("uvicorn app:app --port $PORT", "uv run uvicorn app:app --port $PORT"),
            ("python -m app.worker", "uv run python -m app.worker"),
            ("exec gunicorn app", "exec uv run gunicorn app"),
            ("uv run gunicorn app", "uv run gunicorn app"),
            ("cd backend", "cd backend"),
            ("./start.sh", "./start.sh"),
            ("PORT=80 gunicorn app", "PORT=80 gunicorn app"),
        ] {
            assert_eq!(isolated("uv run ", line), expected);
        }
    }
}
