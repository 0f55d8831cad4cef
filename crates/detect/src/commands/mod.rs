//! A component with its package manager and frameworks → the shell lines that act on it, per ecosystem.
//!
//! No line names a script or file that is not there, and none starts a development server.

mod compiled;
mod jvm;
mod node;
mod php;
mod python;
mod ruby;
mod stated;
mod usual;

use siteplan_catalog::signals::{Ecosystem, Signals};
use siteplan_model::fact::{Evidence, EvidenceByField};
use siteplan_model::survey::{Commands, Conflict, ServiceKind};

use crate::component::Component;
use crate::decide::frameworks::Shape;
use crate::decide::package_managers::Managed;
use crate::readers::dockerfile::Dockerfile;
use crate::readers::manifest::Trait;
use crate::tree::Tree;

pub(crate) use php::web_root;
pub(crate) use python::{is_entry, makes, module_of, python_script};
pub(crate) use ruby::script as ruby_script;
pub(crate) use stated::{is_development_server, names_folder, names_missing_file, without_migrations};

/// Everything that commands are made from.
pub(crate) struct Context<'c, 't> {
    pub(crate) component: &'c Component<'t>,
    pub(crate) components: &'c [Component<'t>],
    pub(crate) tree: &'t Tree,
    pub(crate) signals: &'c Signals,
    pub(crate) manager: Option<&'c Managed<'c>>,
    pub(crate) shape: Option<&'c Shape<'c>>,
    pub(crate) kind: ServiceKind,
    /// The production container build, with its path.
    pub(crate) dockerfile: Option<(&'t str, &'t Dockerfile)>,
    /// Source file or folder of the one program that is meant, where a component has several.
    pub(crate) program: Option<&'c str>,
    /// The name under which the build makes that program, and the path that the manifest gives for it.
    pub(crate) target: Option<(&'c str, Option<&'c str>)>,
    pub(crate) port: Option<u16>,
}

/// Commands with their evidence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Planned {
    pub(crate) commands: Commands,
    pub(crate) evidence: EvidenceByField,
    /// Where several answers are as good.
    pub(crate) conflicts: Vec<Conflict>,
}

/// A field of [`Commands`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field {
    Install,
    Build,
    Test,
    Start,
    Lint,
}

impl Planned {
    /// Sets a field that is still open.
    pub(crate) fn set(&mut self, field: Field, line: impl Into<String>, evidence: Evidence) {
        let (slot, name) = match field {
            Field::Install => (&mut self.commands.install, "commands.install"),
            Field::Build => (&mut self.commands.build, "commands.build"),
            Field::Test => (&mut self.commands.test, "commands.test"),
            Field::Start => (&mut self.commands.start, "commands.start"),
            Field::Lint => (&mut self.commands.lint, "commands.lint"),
        };
        if slot.is_none() {
            *slot = Some(line.into());
            self.evidence.insert(name.to_owned(), vec![evidence]);
        }
    }
}

/// Plans the commands of a component in one ecosystem.
pub(crate) fn plan(context: &Context<'_, '_>, ecosystem: Option<Ecosystem>) -> Planned {
    let mut planned = Planned::default();
    install(context, &mut planned);
    match ecosystem {
        Some(Ecosystem::Npm) => node::plan(context, &mut planned),
        Some(Ecosystem::Pypi) => python::plan(context, &mut planned),
        Some(Ecosystem::Gem) => ruby::plan(context, &mut planned),
        Some(Ecosystem::Go | Ecosystem::Crate | Ecosystem::Nuget | Ecosystem::Hex)
            if context.manager.is_none_or(|manager| manager.row.usual.start.is_none()) =>
        {
            compiled::plan(context, ecosystem, &mut planned);
        }
        Some(Ecosystem::Maven) => jvm::plan(context, &mut planned),
        Some(Ecosystem::Composer) => php::plan(context, &mut planned),
        _ => {}
    }
    usual::plan(context, ecosystem, &mut planned);
    if context.kind != ServiceKind::Static {
        stated::arguments(context, &mut planned);
        stated::start(context, &mut planned);
    }
    planned
}

/// The commands that the scripts of a workspace's root give; nothing is made up for the root itself.
pub(crate) fn of_root(context: &Context<'_, '_>) -> Planned {
    let mut planned = Planned::default();
    install(context, &mut planned);
    node::of_root(context, &mut planned);
    planned
}

/// Whether a component joins others together.
pub(crate) fn is_workspace(component: &Component<'_>) -> bool {
    component.has("pnpm-workspace.yaml")
        || component.manifests.iter().any(|(_, manifest)| manifest.traits.contains(&Trait::WorkspaceRoot))
}

fn install(context: &Context<'_, '_>, planned: &mut Planned) {
    let Some(manager) = context.manager else { return };
    let (line, evidence) = match (&manager.lock, manager.evidence.first()) {
        (Some(lock), _) => (manager.row.install_locked.clone(), crate::evidence::file(lock, "lock file")),
        (None, Some(seen)) => (manager.row.install.clone(), seen.clone()),
        (None, None) => {
            (manager.row.install.clone(), crate::evidence::file(context.component.shown(), "no lock file"))
        }
    };
    // Some workspaces are installed as a whole by a tool of their own.
    if manager.row.ecosystem == Ecosystem::Npm {
        for runner in context.signals.task_runners.iter().filter(|row| row.install.is_some()) {
            let path = runner.files.iter().find(|path| context.tree.has(path));
            if let (Some(path), Some(line)) = (path, &runner.install) {
                planned.set(Field::Install, line.clone(), crate::evidence::file(path, &runner.id));
            }
        }
    }
    // The programs below know better where the general line would not work.
    match manager.row.id.as_str() {
        "pip" => python::pip_install(context, planned),
        "yarn" if is_modern_yarn(context) => {
            planned.set(Field::Install, "yarn install --immutable", evidence);
        }
        "maven" | "gradle" => {}
        _ => planned.set(Field::Install, line, evidence),
    }
}

/// Yarn 2 and later call the flag for a frozen lock file otherwise.
fn is_modern_yarn(context: &Context<'_, '_>) -> bool {
    context.tree.has(".yarnrc.yml") || context.component.has(".yarnrc.yml")
}

/// The way up from a component to the root (`../../`).
pub(crate) fn way_up(folder: &str) -> String {
    folder.split('/').filter(|part| !part.is_empty()).map(|_| "../").collect()
}
