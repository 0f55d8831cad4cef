//! The generated files → the table that names all of them, and the texts that the document shows.

use serde::Serialize;
use siteplan_model::file::{File, Part};

/// No platform file with more lines is shown.
const LONGEST: usize = 160;
/// The platform files that are shown have no more lines together.
const TOGETHER: usize = 360;

/// What the document says of the files.
#[derive(Serialize)]
pub(super) struct Listing<'a> {
    /// All of them, in their order.
    pub(super) table: Vec<Row<'a>>,
    /// The pipeline, whole.
    pub(super) pipeline: Vec<&'a File>,
    /// The platform's main files, whole.
    pub(super) platform: Vec<&'a File>,
    /// Whether some text is not shown.
    pub(super) leaves_out: bool,
}

/// One line of the table.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    path: &'a str,
    purpose: &'a str,
    part: &'static str,
    lines: usize,
}

impl<'a> Listing<'a> {
    pub(super) fn new(files: &'a [File]) -> Self {
        let of_pipeline = |file: &&File| file.part == Part::Pipeline;
        // Where the CI host has a file of its own, that is shown; else the scripts are all there is. Their runbook says
        // what the document says.
        let shown =
            if files.iter().any(|file| of_pipeline(&file) && file.syntax == "yaml") { "yaml" } else { "sh" };
        let pipeline: Vec<&File> =
            files.iter().filter(of_pipeline).filter(|file| file.syntax == shown).collect();
        let mut room = TOGETHER;
        let mut platform = Vec::new();
        for file in files.iter().filter(|file| file.part == Part::Platform) {
            let lines = file.contents.lines().count();
            if lines <= LONGEST.min(room) {
                room -= lines;
                platform.push(file);
            }
        }
        let row = |file: &'a File| Row {
            path: &file.path,
            purpose: &file.purpose,
            part: part(file.part),
            lines: file.contents.lines().count(),
        };
        let table: Vec<Row<'_>> = files.iter().map(row).collect();
        let leaves_out = pipeline.len() + platform.len() < files.len();
        Self { table, pipeline, platform, leaves_out }
    }
}

/// The word for a part that `siteplan generate --only` knows.
fn part(part: Part) -> &'static str {
    match part {
        Part::Document => "document",
        Part::Pipeline => "pipeline",
        Part::Rollback => "rollback",
        Part::Platform => "platform",
        Part::Image => "image",
        Part::Health => "health",
        Part::Environment => "environment",
    }
}

#[cfg(test)]
mod tests {
    use siteplan_model::file::{File, Part};

    use super::{LONGEST, Listing, TOGETHER};

    fn file(part: Part, path: &str, lines: usize) -> File {
        File {
            part,
            path: path.to_owned(),
            contents: "line\n".repeat(lines),
            purpose: "a file".to_owned(),
            syntax: "yaml".to_owned(),
        }
    }

    #[test]
    fn the_pipeline_is_shown_whole_and_long_stacks_by_name() {
        let files = [
            file(Part::Pipeline, "deploy.yml", 2 * LONGEST),
            file(Part::Platform, "long.tf", LONGEST + 1),
            file(Part::Platform, "a.yaml", LONGEST),
            file(Part::Platform, "b.yaml", LONGEST),
            file(Part::Platform, "c.yaml", TOGETHER - 2 * LONGEST + 1),
            file(Part::Platform, "d.yaml", TOGETHER - 2 * LONGEST),
            file(Part::Image, "Dockerfile", 3),
        ];
        let listing = Listing::new(&files);
        let shown = |files: &[&File]| files.iter().map(|file| file.path.clone()).collect::<Vec<_>>();
        assert_eq!(shown(&listing.pipeline), ["deploy.yml"]);
        assert_eq!(shown(&listing.platform), ["a.yaml", "b.yaml", "d.yaml"]);
        assert_eq!(listing.table.len(), files.len());
        assert!(listing.leaves_out);
    }
}
