//! A Dockerfile as text → its stages, as far as building it here needs them.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Outcome};

/// One stage.
#[derive(Debug, Default)]
pub(super) struct Stage {
    pub(super) name: String,
    pub(super) base: String,
    pub(super) instructions: Vec<(String, String)>,
}

/// The stages of a file.
pub(super) fn stages(path: &Path) -> Outcome<Vec<Stage>> {
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", path.display())))?;
    Ok(parse(&text))
}

fn parse(text: &str) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for line in joined(text) {
        let (name, rest) = line.split_once(' ').unwrap_or((&line, ""));
        if name == "FROM" {
            let mut words = rest.split(" AS ");
            let base = words.next().unwrap_or_default().to_owned();
            let name = words.next().unwrap_or_default().to_owned();
            stages.push(Stage { name, base, instructions: Vec::new() });
        } else if let Some(stage) = stages.last_mut() {
            stage.instructions.push((name.to_owned(), rest.to_owned()));
        }
    }
    stages
}

/// Lines without comments, those that end in `\` together with the next.
fn joined(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut open = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_suffix('\\') {
            Some(part) => {
                open.push_str(part);
                open.push(' ');
            }
            None => lines.push(std::mem::take(&mut open) + line),
        }
    }
    lines
}

/// The shell line of a `RUN`.
pub(super) fn shell_line(rest: &str) -> String {
    let words: Vec<String> = serde_json::from_str(rest).unwrap_or_default();
    match words.as_slice() {
        [shell, flag, line] if shell == "sh" && flag == "-c" => line.clone(),
        _ => rest.to_owned(),
    }
}

/// Where a `COPY` comes from, its sources and its destination.
pub(super) fn copied(rest: &str) -> (Option<String>, Vec<String>, String) {
    let from = rest.split(' ').find_map(|word| word.strip_prefix("--from=")).map(str::to_owned);
    let paths = rest.split(' ').filter(|word| !word.starts_with("--"));
    let mut paths: Vec<String> = paths.map(str::to_owned).collect();
    let to = paths.pop().unwrap_or_default();
    (from, paths, to)
}

#[cfg(test)]
mod tests {
    use super::{copied, parse, shell_line};

    #[test]
    fn stages_are_read() {
        let stages = parse(
            "# x\nFROM a:1 AS build\nRUN a \\\n    && b\n\nFROM build\nCOPY --from=build --chown=1:1 /x /y\n",
        );
        assert_eq!(stages.len(), 2);
        assert_eq!(
            (stages[0].name.as_str(), stages[0].base.as_str(), stages[1].base.as_str()),
            ("build", "a:1", "build")
        );
        assert_eq!(stages[0].instructions, [("RUN".to_owned(), "a  && b".to_owned())]);
        let (from, sources, to) = copied(&stages[1].instructions[0].1);
        assert_eq!((from.as_deref(), sources[0].as_str(), to.as_str()), (Some("build"), "/x", "/y"));
        assert_eq!(shell_line("[\"sh\", \"-c\", \"a 'b\"]"), "a 'b");
    }
}
