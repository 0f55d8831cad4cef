//! Files in which a repository says itself how it is built and started (`nixpacks.toml`, `render.yaml`, `fly.toml`, …) → the
//! commands of its services. What they say wins over what a manifest suggests; where it contradicts a Procfile, both are kept.

use serde_json::Value;
use siteplan_catalog::signals::{Ecosystem, Signals, Statement};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{Conflict, ServiceKind};

use super::{Role, at_home, bare, role, take};
use crate::commands::{is_development_server, names_missing_file, without_migrations};
use crate::component::Component;
use crate::decide::ports::port_in_command;
use crate::decide::services::Found;
use crate::evidence::maybe_at;
use crate::readers::Record;
use crate::readers::structured::{at_path, scalar};
use crate::text::one_line;
use crate::tree::{Tree, folder, is_aside, name, resolve};

/// Applies them.
pub(super) fn add(found: &mut Vec<Found<'_>>, components: &[Component<'_>], tree: &Tree, signals: &Signals) {
    let mut settled: Vec<(String, &'static str)> = Vec::new();
    for row in &signals.statements {
        for path in tree.matching(&row.files).filter(|path| !is_aside(&signals.files, path)) {
            let Some(Record::Document(document)) = tree.record(path) else { continue };
            if row.needs.as_deref().is_some_and(|key| at_path(document, key).is_empty()) {
                continue;
            }
            let services = row.each.as_deref().map_or_else(|| vec![document], |key| at_path(document, key));
            for service in services {
                let said = Said { row, path, service, tree, signals };
                said.apply(found, components, &mut settled);
            }
        }
    }
}

/// What one file says of one service.
struct Said<'a> {
    row: &'a Statement,
    path: &'a str,
    service: &'a Value,
    tree: &'a Tree,
    signals: &'a Signals,
}

impl Said<'_> {
    /// The text of the first of some keys; a list is joined to one line.
    fn text(&self, keys: &[String]) -> Option<String> {
        keys.iter().flat_map(|key| at_path(self.service, key)).find_map(command)
    }

    fn seen(&self, what: &str) -> Evidence {
        maybe_at(self.path, None, what)
    }

    /// The folder that the service is in. A file in a folder of settings (`.do/app.yaml`) speaks for the one above.
    fn folder(&self) -> Option<String> {
        let own = folder(self.path);
        let base = if name(own).starts_with('.') { folder(own) } else { own };
        match self.text(&self.row.folder) {
            Some(below) => resolve(base, below.trim_matches('/')),
            None => Some(base.to_owned()),
        }
    }

    fn apply(
        &self,
        found: &mut Vec<Found<'_>>,
        components: &[Component<'_>],
        settled: &mut Vec<(String, &'static str)>,
    ) {
        let kind = self.text(&self.row.kind).unwrap_or_default();
        if self.row.other_kinds.contains(&kind) {
            return;
        }
        let Some(home) = self.folder() else { return };
        let Some(component) = components.iter().find(|one| one.folder == home) else { return };
        let named = self.text(&self.row.name).unwrap_or_default();
        if let Some(line) = self.text(&self.row.release).filter(|line| self.usable(component, line)) {
            take(found, component, Role::Release, "release", &line, self.seen(&line), Certainty::High);
        }
        let start = self.text(&self.row.start).map(|line| without_migrations(self.signals, &line));
        let start = start.filter(|line| self.usable(component, line));
        if self.row.worker_kinds.contains(&kind) {
            if let Some(line) = start {
                let role = match role("", &line, &self.signals.files) {
                    cron @ Role::Job(ServiceKind::Cron) => cron,
                    _ => Role::Job(ServiceKind::Worker),
                };
                take(found, component, role, &named, &line, self.seen(&line), Certainty::High);
            }
            return;
        }
        if !kind.is_empty() {
            self.answers(found, component, &kind);
        }
        for (process, line) in self.processes() {
            let (component, line) = at_home(component, components, &line);
            if self.usable(component, line) {
                let line = without_migrations(self.signals, line);
                let role = match process.as_str() {
                    "app" | "web" => Role::Serve,
                    other => role(other, &line, &self.signals.files),
                };
                take(found, component, role, &process, &line, self.seen(&line), Certainty::High);
            }
        }
        let stated = start.unwrap_or_default();
        let (there, line) = at_home(component, components, &stated);
        self.lines(found, component, there, Some(line.to_owned()).filter(|line| !line.is_empty()), settled);
    }

    /// A program of which nothing else is known answers HTTP where a platform is told to route to it.
    fn answers(&self, found: &mut [Found<'_>], component: &Component<'_>, kind: &str) {
        let unknown = found.iter_mut().find(|one| {
            one.service.path == component.shown()
                && one.service.kind == ServiceKind::Worker
                && one.certainty == Certainty::Low
        });
        if let Some(one) = unknown {
            one.service.kind = ServiceKind::Api;
            one.service.evidence.insert("kind".to_owned(), vec![self.seen(&format!("type {kind}"))]);
            one.certainty = Certainty::Medium;
        }
    }

    /// The lines of the component's main service, each from the first file that has one.
    fn lines(
        &self,
        found: &mut Vec<Found<'_>>,
        stated_in: &Component<'_>,
        component: &Component<'_>,
        start: Option<String>,
        settled: &mut Vec<(String, &'static str)>,
    ) {
        let path = component.shown();
        let main = found
            .iter()
            .position(|one| one.service.path == path && one.service.kind.serves_http())
            .or_else(|| found.iter().position(|one| one.service.path == path && one.own_code));
        let Some(main) = main else {
            // Nothing but this file says that something runs here.
            if let Some(line) = start.filter(|_| found.is_empty()) {
                let kind = match role("", &line, &self.signals.files) {
                    Role::Serve => ServiceKind::Api,
                    _ => ServiceKind::Worker,
                };
                let name = super::own_name(component, None, "app");
                found.push(bare(component, kind, &name, &line, self.seen(&line), Certainty::Medium));
            }
            return;
        };
        let own = stated_in.folder == component.folder;
        let one = &mut found[main];
        let lines = [
            ("commands.install", self.text(&self.row.install).filter(|_| own)),
            ("commands.build", self.text(&self.row.build).filter(|_| own)),
            ("commands.start", start.filter(|_| one.service.kind != ServiceKind::Static)),
        ];
        for (field, line) in lines {
            let Some(line) = line.filter(|line| self.usable(component, line)) else { continue };
            let key = (path.to_owned(), field);
            if settled.contains(&key) {
                continue;
            }
            settled.push(key);
            let seen = self.seen(&line);
            let before = one.service.evidence.insert(field.to_owned(), vec![seen.clone()]);
            let slot = match field {
                "commands.install" => &mut one.service.commands.install,
                "commands.build" => &mut one.service.commands.build,
                _ => &mut one.service.commands.start,
            };
            let rival = slot.replace(line.clone()).filter(|rival| *rival != line);
            let stated =
                before.and_then(|seen| seen.into_iter().next()).filter(|seen| is_process_list(&seen.path));
            if let (Some(rival), Some(other)) = (rival, stated) {
                one.conflicts.push(Conflict {
                    field: field.to_owned(),
                    values: vec![line.clone(), rival],
                    evidence: vec![seen.clone(), other],
                });
            }
            // The line that starts the service decides, unless a container or platform opens a port of its own.
            let doubtful = one
                .port
                .as_ref()
                .and_then(|port| port.evidence.first())
                .is_none_or(|seen| !seen.seen.starts_with("EXPOSE ") && !seen.seen.starts_with("port "));
            if let Some(port) = port_in_command(&line)
                .filter(|_| field == "commands.start" && doubtful && one.service.kind.serves_http())
            {
                one.service.port = Some(port);
                one.service.evidence.insert("port".to_owned(), vec![seen.clone()]);
                one.port = Some(Fact::new(port, Certainty::High, vec![seen]));
            }
        }
    }

    /// Named processes, as in a Procfile.
    fn processes(&self) -> Vec<(String, String)> {
        let tables = self.row.processes.iter().flat_map(|key| at_path(self.service, key));
        let entries = tables.filter_map(Value::as_object).flatten();
        entries
            .filter_map(|(name, value)| {
                let line = command(value).or_else(|| command(value.get("command")?))?;
                Some((name.clone(), line))
            })
            .collect()
    }

    /// Whether a line can work: no development server, no file or script that is not there.
    fn usable(&self, component: &Component<'_>, line: &str) -> bool {
        !line.is_empty()
            && !is_development_server(&self.signals.files, line)
            && names_missing_file(self.tree, &component.folder, line).is_none()
            && !names_missing_script(component, line)
    }
}

/// A command: a text, or a list of them that run one after the other.
fn command(value: &Value) -> Option<String> {
    let line = match value {
        Value::Array(lines) => {
            let lines: Vec<String> = lines
                .iter()
                .filter_map(|line| scalar(line).or_else(|| scalar(line.get("cmd")?)))
                .filter(|line| line != "...")
                .collect();
            lines.join(" && ")
        }
        other => scalar(other)?,
    };
    let line = one_line(&line);
    (!line.is_empty()).then_some(line)
}

/// Whether a line runs a script that the component's manifest does not have.
fn names_missing_script(component: &Component<'_>, line: &str) -> bool {
    let Some((_, manifest)) = component.manifest(Ecosystem::Npm) else { return false };
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["npm" | "pnpm" | "yarn" | "bun", "run", script, ..] => {
            !script.starts_with('-') && !manifest.scripts.contains_key(*script)
        }
        ["npm" | "pnpm" | "yarn" | "bun", "start"] => !manifest.scripts.contains_key("start"),
        _ => false,
    }
}

/// Whether a file lists processes by name.
fn is_process_list(path: &str) -> bool {
    name(path) == "Procfile"
}
