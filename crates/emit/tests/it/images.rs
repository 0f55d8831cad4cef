//! Dockerfiles and `.env.example`: whatever a repository's texts hold, each stays the value that it is.

use proptest::prelude::*;
use siteplan_emit::files;
use siteplan_model::design::{ExampleEntry, ExampleFile, ImagePlan, ImageStage, ImageStep};
use siteplan_model::file::Part;

use crate::sample::next_on_render;

const INSTRUCTIONS: [&str; 9] = ["FROM", "ARG", "ENV", "WORKDIR", "COPY", "RUN", "USER", "EXPOSE", "CMD"];

/// The instructions of a Dockerfile as a builder reads them: comments left out, lines that end in `\` joined.
fn instructions(text: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut open: Option<String> = None;
    for line in text.split('\n') {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let whole = open.take().map_or_else(|| trimmed.to_owned(), |before| format!("{before} {trimmed}"));
        if let Some(rest) = whole.strip_suffix('\\') {
            open = Some(rest.trim_end().to_owned());
        } else {
            let (name, rest) = whole.split_once(' ').unwrap_or((whole.as_str(), ""));
            all.push((name.to_owned(), rest.to_owned()));
        }
    }
    assert!(open.is_none(), "the last line goes on");
    all
}

fn dockerfile(steps: Vec<ImageStep>, about: &str) -> String {
    let mut design = next_on_render();
    design.images = vec![ImagePlan {
        services: vec!["web".to_owned()],
        dockerfile: "web/Dockerfile".to_owned(),
        about: vec![about.to_owned()],
        stages: vec![ImageStage {
            name: Some("build".to_owned()),
            base: "node:24-bookworm".to_owned(),
            steps,
        }],
        ignored: Some(vec!["**/.env".to_owned()]),
    }];
    let files = files(&design);
    let paths: Vec<&str> =
        files.iter().filter(|file| file.part == Part::Image).map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["web/Dockerfile", ".dockerignore"]);
    files.into_iter().find(|file| file.path == "web/Dockerfile").unwrap().contents
}

fn copy(path: &str) -> ImageStep {
    ImageStep::Copy { from: None, sources: vec![path.to_owned()], to: "/app/".to_owned(), owner: None }
}

fn json(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

proptest! {
    #[test]
    fn texts_of_a_repository_stay_values(text in "(?s).{0,60}", other in r#"[\[\]{}$`'"\\\n\r #=;&|<>A-Z-]{0,40}"#) {
        for hostile in [text.as_str(), other.as_str()] {
            let steps = vec![
                ImageStep::Comment(hostile.to_owned()),
                ImageStep::Argument { name: "PUBLIC".to_owned(), default: Some(hostile.to_owned()) },
                copy(hostile),
                ImageStep::Run { line: hostile.to_owned(), waived: Vec::new() },
                ImageStep::Command(vec!["sh".to_owned(), "-c".to_owned(), hostile.to_owned()]),
            ];
            let file = dockerfile(steps, hostile);
            let read = instructions(&file);
            let names: Vec<&str> = read.iter().map(|(name, _)| name.as_str()).collect();
            prop_assert_eq!(&names, &["FROM", "ARG", "COPY", "RUN", "CMD"], "{}", file);
            let kept = hostile.replace('\0', "");
            prop_assert_eq!(&json(&read[4].1)[2], &kept);
            let run = &read[3].1;
            if run.starts_with("[\"sh\"") {
                let words = json(run);
                prop_assert_eq!(words[2].trim(), kept.trim());
            } else {
                prop_assert_eq!(run.split_whitespace().collect::<Vec<_>>(), kept.split_whitespace().collect::<Vec<_>>());
            }
            if read[2].1.starts_with('[') {
                prop_assert_eq!(&json(&read[2].1)[0], &kept.replace('$', "\\$"));
            }
        }
    }

    #[test]
    fn no_value_of_an_example_opens_another_line(value in "(?s).{0,40}", comment in "(?s).{0,40}") {
        let mut design = next_on_render();
        let entry = |name: &str| ExampleEntry { name: name.to_owned(), value: value.clone(), comment: comment.clone() };
        design.example = ExampleFile {
            path: ".env.example".to_owned(),
            exists: false,
            entries: vec![entry("A_NAME"), entry("NOT A NAME"), entry("B")],
        };
        let written = files(&design);
        let file = written.iter().find(|file| file.part == Part::Environment).unwrap();
        let names: Vec<&str> = file.contents.split('\n')
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| line.split_once('=').unwrap().0)
            .collect();
        prop_assert_eq!(names, ["A_NAME", "B"]);
    }
}

#[test]
fn a_dockerfile_reads_like_one_that_a_person_wrote() {
    let steps = vec![
        ImageStep::Folder("/app".to_owned()),
        copy("."),
        ImageStep::Run { line: "npm ci && npm run build".to_owned(), waived: Vec::new() },
        ImageStep::Run { line: "printf '%s\\n' \"$A\" > /b".to_owned(), waived: vec!["SC2016".to_owned()] },
        ImageStep::Environment { name: "A".to_owned(), value: "b c".to_owned() },
        ImageStep::Environment { name: "PATH".to_owned(), value: "/opt/venv/bin:$PATH".to_owned() },
        ImageStep::User("1000:1000".to_owned()),
        ImageStep::Port(3000),
        ImageStep::Command(vec!["npm".to_owned(), "start".to_owned()]),
    ];
    let expected = "\
# Image of web.

FROM node:24-bookworm AS build
WORKDIR /app
COPY . /app/
RUN npm ci \\
    && npm run build
# hadolint ignore=SC2016
RUN printf '%s\\n' \"$A\" > /b
ENV A=\"b c\" \\
    PATH=/opt/venv/bin:$PATH
USER 1000:1000
EXPOSE 3000
CMD [\"npm\", \"start\"]
";
    assert_eq!(dockerfile(steps, "Image of web."), expected);
    assert!(instructions(expected).iter().all(|(name, _)| INSTRUCTIONS.contains(&name.as_str())));
}

#[test]
fn a_file_of_the_team_is_left_alone() {
    let mut design = next_on_render();
    let entries =
        vec![ExampleEntry { name: "A".to_owned(), value: String::new(), comment: "Required".to_owned() }];
    design.example = ExampleFile { path: ".env.example".to_owned(), exists: true, entries };
    assert!(files(&design).iter().all(|file| file.part != Part::Environment));
}
