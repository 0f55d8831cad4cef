//! `Dockerfile`, `Containerfile` → stages, ports, start command, health check.

use crate::text::one_line;

/// Something said on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said<T> {
    pub(crate) value: T,
    pub(crate) line: u32,
}

/// One stage.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stage {
    pub(crate) base: String,
    /// Line of `FROM`.
    pub(crate) line: u32,
    pub(crate) name: Option<String>,
    pub(crate) expose: Vec<Said<u16>>,
    pub(crate) command: Option<Said<String>>,
    pub(crate) entrypoint: Option<Said<String>>,
    pub(crate) health: Option<Said<String>>,
    /// The user of what runs, without its group.
    pub(crate) user: Option<Said<String>>,
    /// `ENV` with its values, for the port.
    pub(crate) environment: Vec<Said<(String, String)>>,
    /// Folders that are to outlive the container.
    pub(crate) volumes: Vec<Said<String>>,
    /// Lines of `RUN`.
    pub(crate) runs: Vec<Said<String>>,
    /// What `COPY` and `ADD` take from the build's context.
    pub(crate) copies: Vec<String>,
    /// Lines of `COPY` that take from another stage or image.
    pub(crate) taken: Vec<String>,
}

/// A container build.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dockerfile {
    pub(crate) stages: Vec<Stage>,
}

impl Dockerfile {
    /// The stage that is shipped, followed by the stages that it is based on.
    pub(crate) fn shipped(&self) -> Vec<&Stage> {
        let mut chain: Vec<&Stage> = Vec::new();
        let mut at = self.stages.len().checked_sub(1);
        while let Some(index) = at {
            let stage = &self.stages[index];
            chain.push(stage);
            // A stage is built on one that stands above it; below it, or in itself, that name is an image's.
            at = self.stages[..index].iter().rposition(|one| one.name.as_deref() == Some(&stage.base));
        }
        chain
    }

    /// What the container runs: entry point and command together.
    pub(crate) fn start(&self) -> Option<Said<String>> {
        let chain = self.shipped();
        let command = chain.iter().find_map(|stage| stage.command.clone());
        let entrypoint = chain.iter().find_map(|stage| stage.entrypoint.clone());
        match (entrypoint, command) {
            // An init process or a script that prepares hands over to the command.
            (Some(entry), Some(command)) if hands_over(&entry.value) => Some(command),
            (Some(entry), Some(command)) => {
                Some(Said { value: format!("{} {}", entry.value, command.value), line: command.line })
            }
            (entry, command) => command.or(entry),
        }
    }

    /// Ports of the shipped image.
    pub(crate) fn ports(&self) -> Vec<Said<u16>> {
        self.shipped().iter().flat_map(|stage| stage.expose.clone()).collect()
    }
}

/// Whether an entry point only wraps the command (`tini --`, `docker-entrypoint.sh`).
fn hands_over(entry: &str) -> bool {
    let program = entry.split_whitespace().next().unwrap_or_default();
    let name = program.rsplit('/').next().unwrap_or_default();
    matches!(name, "tini" | "dumb-init" | "catatonit")
        || name.contains("entrypoint") && !entry.trim().contains(' ')
}

/// No more variables are looked at for one word.
const MOST_FILLED: usize = 200;
/// Nothing longer is filled in, or into.
const LONGEST_FILLED: usize = 1000;
/// No more ports are taken from one line.
const MOST_PORTS: usize = 100;

/// Reads a container build file.
pub(crate) fn read(text: &str) -> Dockerfile {
    let mut dockerfile = Dockerfile::default();
    let mut arguments: Vec<(String, String)> = Vec::new();
    for (line, instruction) in logical_lines(text) {
        let (word, rest) = instruction.split_once(char::is_whitespace).unwrap_or((&instruction, ""));
        let rest = rest.trim();
        let word = word.to_ascii_uppercase();
        if word == "FROM" {
            dockerfile.stages.push(stage(rest, line, &arguments));
            continue;
        }
        if word == "ARG" {
            if let Some((name, value)) = rest.split_once('=') {
                arguments.push((name.to_owned(), value.trim_matches('"').to_owned()));
            }
            continue;
        }
        let Some(stage) = dockerfile.stages.last_mut() else { continue };
        match word.as_str() {
            "EXPOSE" => {
                for port in rest.split_whitespace().take(MOST_PORTS) {
                    let filled = fill(port, &stage.environment, &arguments);
                    if let Ok(value) = filled.split('/').next().unwrap_or_default().parse() {
                        stage.expose.push(Said { value, line });
                    }
                }
            }
            "CMD" => stage.command = command(rest).map(|value| Said { value, line }),
            "ENTRYPOINT" => {
                stage.entrypoint = command(rest).map(|value| Said { value, line });
                // An entry point resets the command that an earlier stage gave.
            }
            "HEALTHCHECK" => stage.health = Some(Said { value: one_line(rest), line }),
            "COPY" | "ADD" => {
                stage.copies.extend(copied(rest));
                if rest.contains("--from=") {
                    stage.taken.push(one_line(rest));
                }
            }
            "RUN" => stage.runs.push(Said { value: one_line(rest), line }),
            "VOLUME" => {
                let list: Option<Vec<String>> = serde_json::from_str(rest).ok();
                let list = list.unwrap_or_else(|| rest.split_whitespace().map(str::to_owned).collect());
                stage.volumes.extend(list.into_iter().map(|value| Said { value, line }));
            }
            "ENV" => environment(rest, line, &mut stage.environment),
            "USER" => {
                let filled = fill(rest, &stage.environment, &arguments);
                let user = filled.split(':').next().unwrap_or_default().trim().trim_matches('"').to_owned();
                stage.user = (!user.is_empty()).then_some(Said { value: user, line });
            }
            _ => {}
        }
    }
    dockerfile
}

/// The sources of a `COPY` out of the context; one out of another stage has none.
fn copied(rest: &str) -> Vec<String> {
    let listed: Option<Vec<String>> = serde_json::from_str(rest).ok();
    let words = listed.unwrap_or_else(|| rest.split_whitespace().map(str::to_owned).collect());
    if words.iter().any(|word| word.starts_with("--from=")) {
        return Vec::new();
    }
    let mut sources: Vec<String> = words.into_iter().filter(|word| !word.starts_with("--")).collect();
    sources.pop();
    sources
}

fn stage(rest: &str, line: u32, arguments: &[(String, String)]) -> Stage {
    let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
    let base = fill(words.first().copied().unwrap_or_default(), &[], arguments);
    let name = match words.as_slice() {
        [_, as_word, name, ..] if as_word.eq_ignore_ascii_case("as") => Some((*name).to_owned()),
        _ => None,
    };
    Stage { base, line, name, ..Stage::default() }
}

/// Lines with their continuations joined and comments left out.
fn logical_lines(text: &str) -> Vec<(u32, String)> {
    let mut lines: Vec<(u32, String)> = Vec::new();
    let mut continues = false;
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.starts_with('#') || (trimmed.is_empty() && continues) {
            continue;
        }
        let (part, more) = match trimmed.strip_suffix('\\').or_else(|| trimmed.strip_suffix('`')) {
            Some(part) => (part.trim_end(), true),
            None => (trimmed, false),
        };
        match lines.last_mut() {
            Some((_, last)) if continues => {
                last.push(' ');
                last.push_str(part);
            }
            _ if part.is_empty() => {}
            _ => lines.push((number, part.to_owned())),
        }
        continues = more;
    }
    lines
}

/// A command in its exec form (a JSON array) or shell form, as one line.
fn command(rest: &str) -> Option<String> {
    let words: Option<Vec<String>> = serde_json::from_str(rest).ok();
    let text = match words {
        Some(words) => match words.as_slice() {
            [shell, flag, script] if shell.ends_with("sh") && flag.starts_with('-') => one_line(script),
            words => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
        },
        None => one_line(rest),
    };
    (!text.is_empty()).then_some(text)
}

/// A word as a shell would need it.
fn quoted(word: &str) -> String {
    let plain =
        word.chars().all(|c| !c.is_whitespace() && !matches!(c, ';' | '&' | '|' | '<' | '>' | '(' | ')'));
    if plain && !word.is_empty() { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

fn environment(rest: &str, line: u32, into: &mut Vec<Said<(String, String)>>) {
    if let Some((name, value)) = rest.split_once(char::is_whitespace).filter(|(name, _)| !name.contains('='))
    {
        into.push(Said { value: (name.to_owned(), value.trim().trim_matches('"').to_owned()), line });
        return;
    }
    for pair in rest.split_whitespace() {
        if let Some((name, value)) = pair.split_once('=') {
            into.push(Said { value: (name.to_owned(), value.trim_matches('"').to_owned()), line });
        }
    }
}

/// `$NAME` and `${NAME}` filled in from what the file itself says.
fn fill(text: &str, environment: &[Said<(String, String)>], arguments: &[(String, String)]) -> String {
    let mut text = text.to_owned();
    let pairs = environment.iter().map(|said| &said.value).chain(arguments);
    // A value that stands for two of the next, and so on, is longer than any memory.
    for (name, value) in pairs.take(MOST_FILLED).filter(|(_, value)| value.len() <= LONGEST_FILLED) {
        if !text.contains('$') || text.len() > LONGEST_FILLED {
            break;
        }
        text = text.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_shipped_stage_inherits() {
        let text = "FROM node:20 AS base\nENV PORT=8080\nEXPOSE $PORT\nFROM base AS build\nRUN a && \\\n  # c\n  b\n\
            FROM base\nCMD [\"node\", \"server.js\"]\n";
        let dockerfile = read(text);
        assert_eq!(dockerfile.ports()[0].value, 8080);
        let start = dockerfile.start().expect("a command");
        assert_eq!((start.value.as_str(), start.line), ("node server.js", 9));
        assert_eq!(dockerfile.stages[1].runs[0].value, "a && b");
    }

    #[test]
    fn what_is_copied_comes_from_the_context() {
        let text = "FROM a AS b\nCOPY --chown=1 apps/web packages ./\nADD [\"my dir\", \"/x\"]\nFROM c\nCOPY --from=b /out /out\n";
        let dockerfile = read(text);
        assert_eq!(dockerfile.stages[0].copies, ["apps/web", "packages", "my dir"]);
        assert!(dockerfile.stages[1].copies.is_empty());
    }

    #[test]
    fn values_that_double_each_other_stay_short() {
        let doubling: String =
            (0..60).map(|n| format!("ARG A{n}=${{A{0}}}${{A{0}}}\n", n + 1)).collect::<Vec<_>>().concat();
        let dockerfile = read(&format!("{doubling}FROM ${{A0}}\nEXPOSE ${{A0}}\n"));
        assert!(dockerfile.stages[0].base.len() < 100_000);
    }

    #[test]
    fn a_stage_is_never_its_own_base() {
        let dockerfile = read("FROM b AS a\nFROM a AS b\nEXPOSE 80\nFROM b AS b\n");
        assert_eq!(dockerfile.shipped().iter().map(|stage| stage.line).collect::<Vec<_>>(), [4, 2, 1]);
        assert_eq!(dockerfile.ports().len(), 1);
    }

    #[test]
    fn a_shell_wrapper_is_unwrapped() {
        let dockerfile = read("FROM x\nCMD [\"sh\", \"-c\", \"exec app --port $PORT\"]");
        assert_eq!(dockerfile.start().expect("a command").value, "exec app --port $PORT");
    }
}
