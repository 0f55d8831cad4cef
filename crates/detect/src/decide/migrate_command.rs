//! A migration tool and a component's scripts → the command that applies migrations.

use siteplan_catalog::signals::{Ecosystem, Signals};
use siteplan_model::fact::Evidence;
use siteplan_model::survey::MigrationsFact;

use super::package_managers::Managed;
use crate::component::Component;
use crate::evidence::{file, maybe_at};
use crate::tree::{name, relative};

/// The command that applies migrations: the repository's own script, else the tool's.
pub(crate) fn migrate_command(
    component: &Component<'_>,
    fact: &MigrationsFact,
    manager: Option<&Managed<'_>>,
    signals: &Signals,
) -> (Option<String>, Evidence) {
    let place = fact.fact.evidence.first().cloned().unwrap_or_else(|| file(component.shown(), "migrations"));
    for (path, manifest) in &component.manifests {
        for script_name in &signals.files.migration_scripts {
            let Some(script) = manifest.scripts.get(script_name) else { continue };
            // `prisma migrate dev` and `db push` change a database without the care that production needs.
            let careless = script.text.contains("migrate dev") || script.text.contains("db push");
            if let Some(manager) = manager.filter(|_| !careless && manifest.ecosystem == Ecosystem::Npm) {
                return (Some(manager.run(script_name)), maybe_at(path, script.line, &script.text));
            }
        }
    }
    let Some(tool) = signals.migrations.iter().find(|tool| tool.id == fact.fact.value) else {
        return (None, place);
    };
    let wrapper = tool
        .wrappers
        .iter()
        .find(|wrapper| component.production_dependencies(&wrapper.packages).next().is_some());
    // Without its configuration the tool is called from code, and has no command of its own.
    if wrapper.is_none()
        && !tool.files.is_empty()
        && component.matching(&tool.files).next().is_none()
        && !tool.telling
    {
        return (None, place);
    }
    if component.has("rel/overlays/bin/migrate") {
        let app = component.manifests.iter().find_map(|(_, manifest)| manifest.name.as_ref());
        let app = app.map_or("app", |(app, _)| app.as_str());
        return (
            Some(format!("_build/prod/rel/{app}/bin/migrate")),
            file(&component.path("rel/overlays/bin/migrate"), "release script"),
        );
    }
    let directory = fact
        .directory
        .as_deref()
        .and_then(|directory| relative(directory, &component.folder).or(Some(directory)));
    let command = wrapper.map_or(&tool.command, |wrapper| &wrapper.command);
    let mut line = command.replace("{directory}", directory.unwrap_or("migrations"));
    if let Some(manage) = component.files.iter().find(|path| name(path) == "manage.py") {
        let script = relative(manage, &component.folder).unwrap_or(manage);
        line = line.replace("manage.py", script);
    }
    if line.starts_with("bin/rails") && !component.has("bin/rails") {
        line = line.replace("bin/rails", "bundle exec rake");
    }
    let runs_in_manager = manager.is_some_and(|manager| {
        let script = matches!(manager.row.ecosystem, Ecosystem::Npm | Ecosystem::Pypi);
        script && tool.packages.contains_key(&manager.row.ecosystem)
    });
    if let Some(manager) = manager.filter(|_| runs_in_manager) {
        line = manager.exec(&line);
    }
    // Tools that an application links in run from its own process; there is no line of their own then.
    (if fact.at_start { None } else { Some(line) }, place)
}
