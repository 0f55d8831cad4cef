//! The commands of a Survey → the files that they name although they are not there and no build makes them.

use std::path::Path;

use siteplan_model::survey::{Commands, Survey};

/// Endings of files that a person writes; what has one of them and is named must exist.
const WRITTEN: &[&str] = &["py", "rb", "ru", "php", "ts", "tsx", "js", "mjs", "cjs", "sh", "ex", "exs", "go"];
/// First folders into which builds write.
const MADE: &[&str] = &[
    "dist",
    "build",
    "out",
    "output",
    ".output",
    ".next",
    ".nuxt",
    "target",
    "bin",
    "_build",
    "lib",
    "public",
    "server",
    "node_modules",
    ".mastra",
    ".svelte-kit",
    "vendor",
];

/// Each absent file, with the command that names it.
pub(crate) fn absent(survey: &Survey, root: &Path) -> Vec<String> {
    let services = survey.services.iter().map(|service| (service.path.as_str(), &service.commands));
    let mut absent: Vec<String> = services
        // The commands of the whole are those of its main service, in whose folder they run.
        .chain(survey.main_service().map(|service| (service.path.as_str(), &survey.commands)))
        .flat_map(|(folder, commands)| of_service(root, folder, commands))
        .collect();
    absent.sort();
    absent.dedup();
    absent
}

fn of_service(root: &Path, folder: &str, commands: &Commands) -> Vec<String> {
    let builds = commands.build.is_some();
    let all = [&commands.install, &commands.build, &commands.test, &commands.start, &commands.migrate];
    let mut absent = Vec::new();
    for command in all.into_iter().flatten() {
        let words = command.split([' ', '\'', '"', ';', '=', '(', ')']).filter(|word| is_written(word));
        for word in words {
            let first = word.trim_start_matches("./").split('/').next().unwrap_or_default();
            let made = builds && MADE.contains(&first);
            if !made && !root.join(folder).join(word).exists() && !root.join(word).exists() {
                absent.push(format!("`{command}` names `{word}`, which is not there"));
            }
        }
    }
    absent
}

fn is_written(word: &str) -> bool {
    let ending = word.rsplit_once('.').map(|(stem, ending)| (stem.trim_start_matches(['.', '/']), ending));
    let plain = !word.contains(['*', '$', '<', ':']) && !word.starts_with(['-', '/']);
    plain && ending.is_some_and(|(stem, ending)| !stem.is_empty() && WRITTEN.contains(&ending))
}
