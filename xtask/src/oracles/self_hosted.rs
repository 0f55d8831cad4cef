//! Files of servers that a team runs itself: Compose, Caddy, cron, Kamal.

use std::slice::from_ref;

use super::shell;
use crate::failure::Outcome;
use crate::plans::PlannedFile;
use crate::waivers::Finding;
use crate::world::World;

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// A Compose file, or a table for the `crontab` of a server's user.
pub(crate) fn is_compose(path: &str) -> bool {
    let mut parts = name(path).split('.');
    is_crontab(path) || (parts.next() == Some("compose") && parts.next_back() == Some("yaml"))
}

fn is_crontab(path: &str) -> bool {
    name(path).starts_with("crontab-")
}

/// The schema of the Compose specification, and a checker of such tables.
pub(crate) fn compose(world: &World, files: &[PlannedFile]) -> Outcome {
    let tools = world.tools()?;
    let (tables, projects): (Vec<_>, Vec<_>) = files.iter().partition(|file| is_crontab(&file.path));
    if !projects.is_empty() {
        let check = tools.python("check-jsonschema", &world.work());
        check.args(["--color=never", "--builtin-schema", "vendor.compose-spec"]).files(&projects).output()?;
    }
    for table in tables {
        let check = tools.python("checkcrontab", &world.work());
        check.args(["--no-colors", "--user"]).files(from_ref(table)).output()?;
    }
    Ok(())
}

/// A Caddyfile.
pub(crate) fn is_caddyfile(path: &str) -> bool {
    name(path) == "Caddyfile"
}

/// Caddy reads the file and sets everything up that it asks for, without serving.
pub(crate) fn caddyfile(world: &World, files: &[PlannedFile]) -> Outcome {
    for file in files {
        let caddy = world.tools()?.python("caddy", &world.work());
        caddy.args(["validate", "--adapter", "caddyfile", "--config"]).files(from_ref(file)).output()?;
    }
    Ok(())
}

/// Kamal's configuration, or the names of its secrets.
pub(crate) fn is_kamal(path: &str) -> bool {
    is_kamal_secrets(path)
        || (path.starts_with("config/deploy") && path.split('.').next_back() == Some("yml"))
}

fn is_kamal_secrets(path: &str) -> bool {
    path.starts_with(".kamal/secrets")
}

/// What makes YAML wrong or ambiguous; taste and the length of lines aside.
const YAML_RULES: &str =
    "{extends: relaxed, rules: {line-length: disable, key-duplicates: enable, empty-values: enable}}";

/// Kamal fills a template in before it reads the YAML; the template must be YAML as well. The secrets are read by a
/// parser of shell assignments.
pub(crate) fn kamal(world: &World, files: &[PlannedFile]) -> Outcome<Vec<Finding>> {
    let tools = world.tools()?;
    let (secrets, configurations): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| is_kamal_secrets(&file.path));
    if !configurations.is_empty() {
        let lint = tools.python("yamllint", &world.work()).args(["--strict", "--config-data", YAML_RULES]);
        lint.files(&configurations).output()?;
    }
    shell::checked(world, &["--shell=sh"], &secrets)
}
