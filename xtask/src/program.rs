//! A program to run: shown as a person would type it, its output streamed or kept.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::failure::{Failure, Outcome};

/// Of a program's output, what a failure repeats.
const LINES_SHOWN: usize = 80;
/// Of a program's files, what its command shows.
const FILES_SHOWN: usize = 3;

/// A program with everything that it is given.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    name: OsString,
    arguments: Vec<OsString>,
    files: Vec<PathBuf>,
    folder: PathBuf,
    environment: Vec<(OsString, OsString)>,
    path_first: Option<PathBuf>,
}

impl Program {
    /// A program that runs in a folder.
    pub(crate) fn new(name: impl Into<OsString>, folder: &Path) -> Self {
        Self {
            name: name.into(),
            arguments: Vec::new(),
            files: Vec::new(),
            folder: folder.to_owned(),
            environment: Vec::new(),
            path_first: None,
        }
    }

    /// With further arguments.
    pub(crate) fn args<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// With the files that it looks at, after all arguments.
    pub(crate) fn files<F: AsRef<Path>>(mut self, files: &[F]) -> Self {
        self.files.extend(files.iter().map(|file| file.as_ref().to_owned()));
        self
    }

    /// With a variable in its environment.
    pub(crate) fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// With a folder in which it finds other programs before all others.
    pub(crate) fn path_first(self, folder: PathBuf) -> Self {
        Self { path_first: Some(folder), ..self }
    }

    /// As the standard library wants it. Nothing that steers siteplan or this task is inherited.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.name);
        command.args(&self.arguments).args(&self.files).current_dir(&self.folder).stdin(Stdio::null());
        for (name, _) in env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"SITEPLAN_") {
                command.env_remove(name);
            }
        }
        command.env_remove("SOURCE_DATE_EPOCH");
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        if let Some(first) = &self.path_first {
            let inherited = env::var_os("PATH").unwrap_or_default();
            let folders = [first.clone()].into_iter().chain(env::split_paths(&inherited));
            command.env("PATH", env::join_paths(folders).unwrap_or(inherited.clone()));
        }
        command
    }

    /// Runs it with its output passed on.
    pub(crate) fn stream(&self) -> Outcome {
        let status = self.command().status().map_err(|error| self.not_run(&error))?;
        if status.success() { Ok(()) } else { Err(self.failed(status, "")) }
    }

    /// Runs it and gives what it wrote to standard output; a failure repeats both streams.
    pub(crate) fn output(&self) -> Outcome<String> {
        self.output_with(&[])
    }

    /// The same for a program whose exit code says that it found something.
    pub(crate) fn output_with(&self, found: &[i32]) -> Outcome<String> {
        let output = self.command().output().map_err(|error| self.not_run(&error))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() || output.status.code().is_some_and(|code| found.contains(&code)) {
            return Ok(text);
        }
        let both = format!("{text}{}", String::from_utf8_lossy(&output.stderr));
        Err(self.failed(output.status, &both))
    }

    /// What is wrong when it cannot even start.
    pub(crate) fn not_run(&self, error: &io::Error) -> Failure {
        let name = self.name.display();
        let failure = Failure::new(format!("cannot run `{name}`: {error}")).reproduce(self);
        let mend = match self.name.to_str() {
            Some("npm" | "node") => {
                "install Node.js 20 or newer with npm (Debian: apt-get install nodejs npm)"
            }
            Some("python3") => "install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)",
            Some("cargo") => "install the Rust toolchain: https://rustup.rs",
            _ => return failure,
        };
        failure.mend(mend)
    }

    fn failed(&self, status: ExitStatus, output: &str) -> Failure {
        Failure::new(format!("{}`{}` failed: {status}", shortened(output), self.name.display()))
            .reproduce(self)
    }
}

impl fmt::Display for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "(cd {} &&", quoted(&self.folder.to_string_lossy()))?;
        for (name, value) in &self.environment {
            write!(formatter, " {}={}", name.display(), quoted(&value.to_string_lossy()))?;
        }
        if let Some(first) = &self.path_first {
            write!(formatter, " PATH={}:\"$PATH\"", quoted(&first.to_string_lossy()))?;
        }
        write!(formatter, " {}", quoted(&self.name.to_string_lossy()))?;
        for argument in &self.arguments {
            write!(formatter, " {}", quoted(&argument.to_string_lossy()))?;
        }
        for file in self.files.iter().take(FILES_SHOWN) {
            write!(formatter, " {}", quoted(&file.to_string_lossy()))?;
        }
        if self.files.len() > FILES_SHOWN {
            write!(formatter, " ... {} files in all", self.files.len())?;
        }
        formatter.write_str(")")
    }
}

/// The head and the tail of a long text.
fn shortened(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut shown: Vec<String> = lines.iter().take(LINES_SHOWN).map(|line| format!("{line}\n")).collect();
    if lines.len() > LINES_SHOWN {
        let tail = &lines[lines.len().saturating_sub(5).max(LINES_SHOWN)..];
        shown.push(format!("... {} lines in all\n", lines.len()));
        shown.extend(tail.iter().map(|line| format!("{line}\n")));
    }
    shown.concat()
}

/// A word for a POSIX shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Program, shortened};

    #[test]
    fn a_program_is_shown_as_a_person_would_type_it() {
        let files = ["a.md", "b.md", "c.md", "d.md"];
        let program = Program::new("lint", Path::new("/some where")).args(["--set", "it's"]).files(&files);
        assert_eq!(
            program.env("KEY", "value").to_string(),
            r"(cd '/some where' && KEY=value lint --set 'it'\''s' a.md b.md c.md ... 4 files in all)"
        );
    }

    #[test]
    fn a_long_output_keeps_its_head_and_its_tail() {
        let text = (0..500).map(|line| line.to_string()).collect::<Vec<_>>().join("\n");
        let short = shortened(&text);
        assert!(short.starts_with("0\n1\n"), "{short}");
        assert!(short.ends_with("498\n499\n"), "{short}");
        assert!(short.contains("... 500 lines in all"), "{short}");
        assert_eq!(shortened("one\ntwo"), "one\ntwo\n");
    }
}
