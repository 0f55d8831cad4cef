//! A service without an image → its `Dockerfile` and `.dockerignore`.

mod line;

use siteplan_model::design::{Design, ImagePlan, ImageStage, ImageStep};
use siteplan_model::file::{File, Part};

/// Name of the file that keeps things out of the build context.
const IGNORE: &str = ".dockerignore";

/// The files.
pub(crate) fn files(design: &Design) -> Vec<File> {
    let dockerfiles = design.images.iter().map(|image| File {
        part: Part::Image,
        path: image.dockerfile.clone(),
        contents: dockerfile(image),
        purpose: format!("container image of {}", image.services.join(", ")),
        syntax: "dockerfile".to_owned(),
    });
    let ignored = design.images.iter().find_map(|image| image.ignored.as_ref()).map(|patterns| File {
        part: Part::Image,
        path: IGNORE.to_owned(),
        contents: line::lines(patterns),
        purpose: "what stays out of the images' build context".to_owned(),
        syntax: "text".to_owned(),
    });
    dockerfiles.chain(ignored).collect()
}

fn dockerfile(image: &ImagePlan) -> String {
    let mut text: String = image.about.iter().map(|about| line::comment(about)).collect();
    for stage in &image.stages {
        text.push('\n');
        text.push_str(&from(stage));
        let mut variables: Vec<(&str, &str)> = Vec::new();
        for step in &stage.steps {
            if let ImageStep::Environment { name, value } = step {
                variables.push((name, value));
                continue;
            }
            text.push_str(&line::environment(&variables));
            variables.clear();
            text.push_str(&instruction(step));
        }
        text.push_str(&line::environment(&variables));
    }
    text
}

fn from(stage: &ImageStage) -> String {
    match &stage.name {
        Some(name) => format!("FROM {} AS {name}\n", stage.base),
        None => format!("FROM {}\n", stage.base),
    }
}

fn instruction(step: &ImageStep) -> String {
    match step {
        ImageStep::Comment(text) => line::comment(text),
        ImageStep::Argument { name, default } => line::argument(name, default.as_deref()),
        ImageStep::Environment { name, value } => line::environment(&[(name, value)]),
        ImageStep::Folder(path) => format!("WORKDIR {}\n", line::path(path)),
        ImageStep::Copy { from, sources, to, owner } => {
            line::copy(from.as_deref(), sources, to, owner.as_deref())
        }
        ImageStep::Run { line, waived } => line::run(line, waived),
        ImageStep::User(user) => format!("USER {user}\n"),
        ImageStep::Port(port) => format!("EXPOSE {port}\n"),
        ImageStep::Command(words) => format!("CMD {}\n", line::words(words)),
    }
}
