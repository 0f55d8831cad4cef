//! A recipe of the catalog and the services of one image → its stages.

use siteplan_catalog::image::{
    CopyWhat, Folder, ImageRecipe, RepositoryCommand, StageRecipe, StepRecipe, StepWhen,
};
use siteplan_model::design::{ImageStage, ImageStep};
use siteplan_model::survey::ServiceKind;

use super::layers::{Layer, clean, is_plain, join, layer};
use super::{ROOT, argument_default, command, public};
use crate::ground::Ground;
use crate::prose;
use crate::services::PlacedService;

/// The recipe of the server of static files.
const STATIC: &str = "static";

/// The stage from which the last one takes what was built.
const BUILD: &str = "build";

/// The linter's rule that wants versions of Debian packages.
const UNPINNED_PACKAGES: &str = "DL3008";

/// The services of one image with the recipe of their language.
pub(super) struct Image<'i, 'g, 'a> {
    pub(super) ground: &'i Ground<'a>,
    pub(super) group: &'i [&'g PlacedService<'a>],
    pub(super) folder: String,
    pub(super) recipe: Option<&'i ImageRecipe>,
}

/// What a recipe's blanks and conditions stand for.
struct Filling<'r> {
    recipe: &'r ImageRecipe,
    version: String,
    tag: String,
    layer: Option<Layer>,
}

impl Image<'_, '_, '_> {
    /// The stages, or why there are none.
    pub(super) fn stages(&self) -> Result<Vec<ImageStage>, String> {
        let is_static = self.first().is_some_and(|service| service.plan.kind == ServiceKind::Static);
        let own = self.recipe.map(|recipe| self.filling(recipe)).transpose()?;
        if let Some(own) = &own {
            self.lacks_nothing(own.recipe)?;
        }
        let mut stages = Vec::new();
        if is_static {
            let server =
                self.ground.catalog.images.get(STATIC).ok_or("There is no server for static files")?;
            if self.builds().next().is_some() {
                let own = own.as_ref().ok_or("There is no recipe for its build")?;
                self.output().ok_or("The folder that its build fills is not known")?;
                let before = own.recipe.stage.iter().filter(|stage| stage.name.is_some());
                stages.extend(before.filter_map(|stage| self.stage(own, stage, None)));
            }
            let filling = self.filling(server)?;
            let last = server.stage.last().and_then(|stage| self.stage(&filling, stage, Some(Vec::new())));
            stages.extend(last);
        } else {
            let own = own.as_ref().ok_or("There is no recipe for it")?;
            let start = self.group.iter().find_map(|service| service.plan.commands.start.as_deref());
            let start = start.ok_or("No command that starts it was found")?;
            let last = own.recipe.stage.len().saturating_sub(1);
            let all = own.recipe.stage.iter().enumerate();
            stages.extend(all.filter_map(|(at, stage)| {
                self.stage(own, stage, (at == last).then(|| command::words(start)))
            }));
        }
        if let (Some(tool), Some(own)) = (super::tool::of(self.ground, self.group), &own) {
            tool.add(&own.recipe.id, &own.version, &mut stages);
        }
        Ok(stages)
    }

    fn first(&self) -> Option<&PlacedService<'_>> {
        self.group.first().copied()
    }

    fn builds(&self) -> impl Iterator<Item = &str> {
        unique(self.group.iter().filter_map(|service| service.plan.commands.build.as_deref()))
    }

    /// The folder of static files below the service's own, where it can be written.
    fn output(&self) -> Option<String> {
        let output = clean(self.first()?.plan.static_output.as_deref()?);
        is_plain(&output).then_some(output)
    }

    fn filling<'r>(&self, recipe: &'r ImageRecipe) -> Result<Filling<'r>, String> {
        let stated = recipe.runtime.as_ref().and_then(|_| self.first()?.plan.language_version.clone());
        let default = || recipe.default_version.as_ref().map(|version| version.value.clone());
        let version = stated.or_else(default).ok_or("Its version is not known")?;
        let writable = |version: &&String| version.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
        let tag =
            Some(&version).filter(writable).and_then(|version| recipe.tag(version)).ok_or_else(|| {
                let known: Vec<String> =
                    recipe.tags.value.keys().map(|version| prose::code(version)).collect();
                format!(
                    "It asks for version {}, and siteplan knows images of {}",
                    prose::code(&version),
                    prose::list(&known)
                )
            })?;
        let layer = layer(self.ground.survey, recipe, &self.folder, &version);
        Ok(Filling { recipe, version, tag, layer })
    }

    /// Whether every command of the repository can be run in the image.
    fn lacks_nothing(&self, recipe: &ImageRecipe) -> Result<(), String> {
        let commands = self.group.iter().flat_map(|service| {
            let commands = &service.plan.commands;
            [commands.build.as_deref(), commands.start.as_deref()]
        });
        let programs = commands
            .flatten()
            .flat_map(|line| line.split(" && "))
            .filter_map(|part| part.split_whitespace().next());
        match programs.into_iter().find(|program| recipe.lacks.iter().any(|lacking| lacking == program)) {
            Some(program) => {
                Err(format!("Its build calls {}, which the base image does not hold", prose::code(program)))
            }
            None => Ok(()),
        }
    }

    /// One stage; the last one also says what runs.
    fn stage(
        &self,
        filling: &Filling<'_>,
        stage: &StageRecipe,
        runs: Option<Vec<String>>,
    ) -> Option<ImageStage> {
        if !self.holds(filling, stage.when) {
            return None;
        }
        let owner = runs.is_some().then(|| filling.recipe.user.value.clone());
        let mut steps: Vec<ImageStep> = Vec::new();
        let taken = || stage.steps.iter().filter(|step| self.is_taken(filling, step));
        let packages: Vec<&str> =
            unique(taken().flat_map(|step| &step.packages).map(String::as_str)).collect();
        let mut installed = false;
        let mut at: Option<String> = None;
        for step in taken() {
            if !step.packages.is_empty() {
                if !installed {
                    steps.extend(debian(&packages));
                }
                installed = true;
            }
            if let Some(folder) = step.folder {
                let folder = self.place(filling, folder);
                if at.as_ref() != Some(&folder) {
                    steps.push(ImageStep::Folder(folder.clone()));
                }
                at = Some(folder);
            }
            self.step(filling, step, owner.as_deref(), &mut steps);
        }
        if let Some(words) = runs {
            self.running(filling, words, &mut steps);
        }
        Some(ImageStage { name: stage.name.clone(), base: self.filled(filling, &stage.base), steps })
    }

    fn holds(&self, filling: &Filling<'_>, when: Option<StepWhen>) -> bool {
        match when {
            None => true,
            Some(StepWhen::Layer) => filling.layer.is_some(),
            Some(StepWhen::Build) => self.builds().next().is_some(),
            Some(StepWhen::Scripts) => {
                let manifest = join(&self.folder, "package.json");
                self.ground.survey.build_files.contains(&manifest)
            }
        }
    }

    fn is_taken(&self, filling: &Filling<'_>, step: &StepRecipe) -> bool {
        let uses = |engine: &String| {
            self.group
                .iter()
                .any(|service| service.found.is_some_and(|found| found.databases.contains(engine)))
        };
        self.holds(filling, step.when) && step.engine.as_ref().is_none_or(uses)
    }

    /// The folder of a service, a lock file or the root inside the image.
    fn place(&self, filling: &Filling<'_>, folder: Folder) -> String {
        let below = match folder {
            Folder::Root => "",
            Folder::Service => self.folder.as_str(),
            Folder::Lock => filling.layer.as_ref().map_or("", |layer| layer.folder.as_str()),
        };
        if below.is_empty() { ROOT.to_owned() } else { format!("{ROOT}/{below}") }
    }

    /// A text of the catalog with its blanks filled.
    fn filled(&self, filling: &Filling<'_>, text: &str) -> String {
        let port = self.first().map_or(0, |service| service.plan.port);
        let below = if self.folder.is_empty() { String::new() } else { format!("/{}", self.folder) };
        text.replace("{tag}", &filling.tag)
            .replace("{version}", &filling.version)
            .replace("{port}", &port.to_string())
            .replace("/{folder}", &below)
    }

    fn step(
        &self,
        filling: &Filling<'_>,
        step: &StepRecipe,
        owner: Option<&str>,
        steps: &mut Vec<ImageStep>,
    ) {
        if let Some(comment) = &step.comment {
            steps.push(ImageStep::Comment(comment.clone()));
        }
        for (name, value) in &step.env {
            let value = self.filled(filling, value);
            // A service in the root has one folder twice.
            let value =
                if name == "PATH" { unique(value.split(':')).collect::<Vec<_>>().join(":") } else { value };
            steps.push(ImageStep::Environment { name: name.clone(), value });
        }
        if let Some(line) = &step.run {
            steps.push(ImageStep::Run { line: self.filled(filling, line), waived: step.waived.clone() });
        }
        if let Some(path) = &step.take {
            steps.push(ImageStep::Copy {
                from: step.from.clone(),
                sources: vec![path.clone()],
                to: step.to.clone().unwrap_or_else(|| path.clone()),
                owner: owner.map(str::to_owned),
            });
        }
        if step.public.is_some() {
            steps.extend(self.arguments());
        }
        if let Some(what) = step.command {
            for line in self.lines(filling.recipe, what) {
                run(line, steps);
            }
        }
        match step.copy {
            Some(CopyWhat::Manifests) => steps.extend(manifests(filling)),
            Some(CopyWhat::Sources) => steps.push(context(".", &format!("{ROOT}/"), owner)),
            Some(CopyWhat::Programs) => steps.extend(self.programs(owner)),
            Some(CopyWhat::Site) => steps.push(self.site()),
            None => {}
        }
    }

    /// The repository's own lines for a command, each once. A package manager's documented one may be another in an image.
    fn lines(&self, recipe: &ImageRecipe, what: RepositoryCommand) -> Vec<String> {
        let managers = &self.ground.catalog.signals.package_managers;
        let usual =
            |line: &str| managers.iter().any(|known| known.install_locked == line || known.install == line);
        let of = |service: &&PlacedService<'_>| {
            let commands = &service.plan.commands;
            match what {
                RepositoryCommand::Build => commands.build.clone(),
                RepositoryCommand::Install => {
                    let line = commands.install.clone()?;
                    Some(if usual(&line) { recipe.install.clone().unwrap_or(line) } else { line })
                }
            }
        };
        let mut lines: Vec<String> = Vec::new();
        for line in self.group.iter().filter_map(of) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// The variables that the build reads and whose values anybody may see.
    fn arguments(&self) -> Vec<ImageStep> {
        let argument = public(self.ground).map(|variable| ImageStep::Argument {
            name: variable.name.clone(),
            default: argument_default(variable),
        });
        argument.collect()
    }

    /// The programs that the build made, beside the files of the repository; all that it left where they are not known.
    fn programs(&self, owner: Option<&str>) -> Vec<ImageStep> {
        let all = || vec![built(ROOT, ROOT, owner)];
        let known: Option<Vec<String>> = self
            .group
            .iter()
            .filter_map(|service| service.plan.commands.start.as_deref())
            .map(|start| command::program(&self.folder, start))
            .collect();
        // A build of several steps leaves more than programs.
        let plain = self.builds().all(|line| !line.contains("&&") && !line.contains(';'));
        let Some(programs) = known.filter(|programs| plain && !programs.is_empty()) else { return all() };
        let mut steps = vec![context(".", &format!("{ROOT}/"), owner)];
        for program in unique(programs.iter().map(String::as_str)) {
            let path = format!("{ROOT}/{program}");
            steps.push(built(&path, &path, owner));
        }
        steps
    }

    fn site(&self) -> ImageStep {
        const SERVED: &str = "/srv/";
        let output = self.output();
        let folder = output.map_or_else(|| self.folder.clone(), |output| join(&self.folder, &output));
        if self.builds().next().is_some() {
            return built(&format!("{ROOT}/{folder}/"), SERVED, None);
        }
        context(if folder.is_empty() { "." } else { &folder }, SERVED, None)
    }

    /// What runs, as whom, and where it listens.
    fn running(&self, filling: &Filling<'_>, words: Vec<String>, steps: &mut Vec<ImageStep>) {
        let over_http = self.first().filter(|service| service.plan.kind.serves_http());
        if let Some(service) = over_http.filter(|_| !words.is_empty()) {
            steps.push(ImageStep::Environment {
                name: "PORT".to_owned(),
                value: service.plan.port.to_string(),
            });
        }
        steps.push(ImageStep::User(filling.recipe.user.value.clone()));
        steps.extend(over_http.map(|service| ImageStep::Port(service.plan.port)));
        if !words.is_empty() {
            steps.push(ImageStep::Command(words));
        }
    }
}

fn manifests(filling: &Filling<'_>) -> Vec<ImageStep> {
    let files = filling.layer.iter().flat_map(|layer| &layer.files);
    let copy = files.map(|(folder, files)| ImageStep::Copy {
        from: None,
        sources: files.clone(),
        to: if folder.is_empty() { format!("{ROOT}/") } else { format!("{ROOT}/{folder}/") },
        owner: None,
    });
    copy.collect()
}

fn context(source: &str, to: &str, owner: Option<&str>) -> ImageStep {
    ImageStep::Copy {
        from: None,
        sources: vec![source.to_owned()],
        to: to.to_owned(),
        owner: owner.map(str::to_owned),
    }
}

fn built(source: &str, to: &str, owner: Option<&str>) -> ImageStep {
    ImageStep::Copy {
        from: Some(BUILD.to_owned()),
        sources: vec![source.to_owned()],
        to: to.to_owned(),
        owner: owner.map(str::to_owned),
    }
}

/// A command of the repository, in the layer of the one before it where both are plain words.
fn run(line: String, steps: &mut Vec<ImageStep>) {
    match steps.last_mut() {
        Some(ImageStep::Run { line: before, waived })
            if waived.is_empty() && is_chain(before) && is_chain(&line) =>
        {
            before.push_str(" && ");
            before.push_str(&line);
        }
        _ => steps.push(ImageStep::Run { line, waived: Vec::new() }),
    }
}

/// Whether a line is plain commands, each after the success of the one before.
fn is_chain(line: &str) -> bool {
    let plain = |part: &str| !part.contains(|c: char| c.is_control() || "\\;|&<>#\"'`$".contains(c));
    line.split(" && ").all(plain)
}

/// Debian packages in one layer, without the lists that it takes to find them.
fn debian(packages: &[&str]) -> [ImageStep; 2] {
    [
        ImageStep::Comment("A Debian release keeps one version of each package, the mended one.".to_owned()),
        ImageStep::Run {
            line: format!(
                "apt-get update && apt-get install --yes --no-install-recommends {} && rm -rf /var/lib/apt/lists/*",
                packages.join(" ")
            ),
            waived: vec![UNPINNED_PACKAGES.to_owned()],
        },
    ]
}

/// Each item once, in their order.
fn unique<'t>(items: impl Iterator<Item = &'t str>) -> impl Iterator<Item = &'t str> {
    let mut seen = std::collections::BTreeSet::new();
    items.filter(move |item| seen.insert(*item))
}
