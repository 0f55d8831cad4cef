//! POSIX scripts, one per job: for a CI that siteplan writes no file for, and for a person.

use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};
use siteplan_model::pipeline::{EnvValue, Job, Step};

use super::runtimes::{in_folder, quoted};
use crate::markdown::one_line;
use crate::names::{is_variable, plain};

/// The scripts, in the order in which they are run.
pub(super) fn files(design: &Design) -> Vec<File> {
    design.delivery.pipeline.jobs.iter().map(|job| script(design, job)).collect()
}

fn script(design: &Design, job: &Job) -> File {
    let spec = one_line(design.spec_path.trim_matches('/'));
    let mut lines = vec![
        "#!/bin/sh".to_owned(),
        comment(&job.name),
        comment(&format!(
            "Written by siteplan from {spec}/siteplan.toml: change the answers there and run `siteplan plan`."
        )),
        "set -eu".to_owned(),
        "cd -- \"$(dirname -- \"$0\")/..\"".to_owned(),
    ];
    lines.extend(
        job.env
            .iter()
            .filter(|(name, _)| is_variable(name))
            .filter_map(|(name, value)| variable(name, value)),
    );
    for service in &job.services {
        let need = format!("Needs {} at localhost, port {}.", service.image, service.port);
        lines.extend([String::new(), comment(&need)]);
    }
    lines.extend(job.steps.iter().flat_map(step));
    File {
        part: Part::Pipeline,
        path: format!("deploy/{}.sh", plain(&job.id)),
        contents: format!("{}\n", lines.join("\n")),
        purpose: format!("run with `sh deploy/{}.sh`: {}", plain(&job.id), one_line(&job.name)),
        syntax: "sh".to_owned(),
    }
}

fn comment(text: &str) -> String {
    format!("# {}", one_line(text))
}

fn variable(name: &str, value: &EnvValue) -> Option<String> {
    match value {
        EnvValue::Literal(text) => Some(format!("export {name}={}", quoted(text))),
        EnvValue::Secret(stored) | EnvValue::Variable(stored) if is_variable(stored) => {
            let need = format!(": \"${{{stored}:?set it before you run this}}\"");
            Some(if stored == name {
                format!("{need}\nexport {name}")
            } else {
                format!("{need}\nexport {name}=\"${stored}\"")
            })
        }
        _ => None,
    }
}

fn step(step: &Step) -> Vec<String> {
    match step {
        Step::Checkout { .. }
        | Step::AwaitWorkflow { .. }
        | Step::Script { .. }
        | Step::Upload { .. }
        | Step::Download { .. } => Vec::new(),
        Step::Runtime { runtime, version, .. } => {
            vec![String::new(), comment(&format!("Needs {runtime} {version}."))]
        }
        Step::CloudLogin { cloud } => vec![String::new(), comment(&format!("Needs a sign-in to {cloud}."))],
        Step::Run { name, command, directory } => {
            let line = command.replace('\0', "");
            vec![String::new(), comment(name), in_folder(directory, &line)]
        }
    }
}
