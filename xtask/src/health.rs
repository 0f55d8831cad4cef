//! Generated health endpoints: every variant read by its language's own parser, and nine applications that start with theirs while
//! a real Postgres and a real Redis run, stop, hang and come back.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo;
use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::step::Step;
use crate::world::World;

/// A language: the ending of its files, the program that reads them, and how to have that program.
struct Language {
    ending: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
    /// Whether one call takes all files.
    together: bool,
    mend: &'static str,
}

const LANGUAGES: [Language; 6] = [
    Language {
        ending: "js",
        program: "node",
        arguments: &["--check"],
        together: false,
        mend: "Debian: apt-get install nodejs",
    },
    Language {
        ending: "py",
        program: "python3",
        arguments: &["-m", "py_compile"],
        together: true,
        mend: "Debian: apt-get install python3",
    },
    Language {
        ending: "rb",
        program: "ruby",
        arguments: &["-c"],
        together: true,
        mend: "Debian: apt-get install ruby",
    },
    Language {
        ending: "php",
        program: "php",
        arguments: &["-l"],
        together: false,
        mend: "Debian: apt-get install php-cli",
    },
    Language {
        ending: "go",
        program: "gofmt",
        arguments: &["-l"],
        together: true,
        mend: "Debian: apt-get install golang-go",
    },
    Language {
        ending: "rs",
        program: "rustfmt",
        arguments: &["--edition", "2024", "--check"],
        together: true,
        mend: "rustup component add rustfmt",
    },
];

/// The steps.
pub(crate) fn steps() -> Vec<Step> {
    vec![
        Step::new(
            "health-code",
            "every generated health endpoint is read by its language's own parser",
            parsed,
        ),
        Step::new(
            "health-runs",
            "generated health endpoints answer 200, then 503 when Postgres or Redis stops or hangs, while the live path stays 200",
            started,
        ),
    ]
}

/// Lets a test of emit write all variants, and hands them to the parsers.
fn parsed(world: &World) -> Outcome {
    let binary = cargo::build_siteplan(world)?;
    let test = ["test", "--locked", "--quiet", "--package", "siteplan-emit", "--test", "it", "health::every"];
    Program::new("cargo", world.root()).args(test).output()?;
    let target = binary.parent().and_then(Path::parent).unwrap_or(world.root());
    let written = target.join("tmp/health");
    let mut files = Vec::new();
    collect(&written, &mut files)?;
    for language in &LANGUAGES {
        let own: Vec<PathBuf> = files
            .iter()
            .filter(|file| file.extension().is_some_and(|ending| ending == language.ending))
            .map(|file| if language.ending == "js" { as_module(file) } else { Ok(file.clone()) })
            .collect::<Outcome<_>>()?;
        if own.is_empty() {
            return Err(Failure::new(format!(
                "no `.{}` file was written to {}",
                language.ending,
                written.display()
            )));
        }
        let each = if language.together { own.len() } else { 1 };
        for some in own.chunks(each) {
            let program = Program::new(language.program, world.root()).args(language.arguments).files(some);
            let said = program.output().map_err(|failure| failure.mend(language.mend))?;
            if language.program == "gofmt" && !said.trim().is_empty() {
                return Err(Failure::new(format!("gofmt would write these otherwise:\n{said}")));
            }
        }
        println!("{}: {} files", language.program, own.len());
    }
    Ok(())
}

/// Node tells modules from scripts by a file's ending alone: a copy has the right one.
fn as_module(file: &Path) -> Outcome<PathBuf> {
    let text = fs::read_to_string(file).map_err(|error| unusable(file, &error))?;
    if text.contains("module.exports") {
        return Ok(file.to_owned());
    }
    let copy = file.with_extension("checked.mjs");
    fs::write(&copy, text).map_err(|error| unusable(&copy, &error))?;
    Ok(copy)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    let entries = fs::read_dir(folder).map_err(|error| unusable(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| unusable(folder, &error))?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(())
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot use `{}`: {error}", path.display()))
}

/// The applications of `xtask/checks/health`.
fn started(world: &World) -> Outcome {
    let binary = cargo::build_siteplan(world)?;
    let driver = world.root().join("xtask/checks/health/run.py");
    let program = Program::new("python3", world.root())
        .args([driver])
        .args(["--siteplan".into(), binary.into_os_string()]);
    let said = program.output().map_err(|failure| {
        failure.mend(
            "Debian: apt-get install postgresql redis-server golang-go golang-github-lib-pq-dev golang-github-gin-gonic-gin-dev python3-venv nodejs npm",
        )
    })?;
    print!("{said}");
    Ok(())
}
