//! What the repository itself says about starting: the container's command, checked against what is on disk.

use siteplan_catalog::signals::{FileRules, Signals};

use super::{Context, Field, Planned};
use crate::evidence::at;
use crate::readers::compose::image_parts;
use crate::readers::dockerfile::{Dockerfile, Said};
use crate::tree::{Tree, folder, has_ending, name, resolve};

/// Endings of files that a command may name.
const SCRIPT_ENDINGS: &[&str] = &[
    ".js", ".mjs", ".cjs", ".ts", ".py", ".rb", ".php", ".sh", ".pl", ".exs", ".jar", ".dll", ".toml",
    ".ini", ".cfg",
];
/// Endings of programs that an interpreter runs, so that what follows is not the program's own arguments.
const SCRIPTS_BY_INTERPRETER: &[&str] = &["js", "py", "rb", "php"];
/// Folders that a build fills, so that files in them need not be there yet.
const OUTPUTS: &[&str] =
    &["dist", "build", "out", "bin", "target", "lib", ".next", ".output", "publish", "release", "public"];

/// Whether a command starts a development server.
pub(crate) fn is_development_server(rules: &FileRules, command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    let bare = |program: &str, dev: &[String]| {
        words.iter().position(|word| *word == program || word.ends_with(&format!("/{program}"))).is_some_and(
            |at| {
                let next = words.get(at + 1).copied().unwrap_or("");
                next.is_empty()
                    || next.starts_with('-')
                    || next.starts_with('&')
                    || dev.iter().any(|word| word == next)
            },
        )
    };
    rules.development_servers.iter().any(|text| command.contains(text.as_str()))
        || rules.development_programs.iter().any(|(program, dev)| bare(program, dev))
        || words.first() == Some(&"air")
}

/// Whether a line names a folder or something in it (`cd web`, `--prefix web`, `./web/build.sh`).
pub(crate) fn names_folder(line: &str, folder: &str) -> bool {
    let words = line.split([' ', '=', ';', '&', '(', ')', '"', '\'']);
    words
        .map(|word| word.trim_start_matches("./").trim_end_matches('/'))
        .any(|word| word == folder || word.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
}

/// The first file that a command names although neither disk nor build can hold it.
pub(crate) fn names_missing_file(tree: &Tree, base: &str, command: &str) -> Option<String> {
    let words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'', ';'])).peekable();
    let mut after_option = false;
    for word in words {
        let option = word.starts_with('-');
        let script = SCRIPT_ENDINGS.iter().any(|ending| word.ends_with(ending)) || word.starts_with("./");
        let odd = word.contains(['$', '*', ':', '=', '{', '(', '@']) || word.starts_with("http");
        if !option && script && !odd && !after_option {
            let plain =
                word.trim_start_matches("/app/").trim_start_matches("/usr/src/app/").trim_start_matches("./");
            let built =
                plain.split('/').any(|part| OUTPUTS.contains(&part)) || has_ending(plain, &["jar", "dll"]);
            let found = resolve(base, plain).is_some_and(|path| tree.has(&path)) || tree.has(plain);
            if word.starts_with('/') && plain.starts_with('/') {
                return Some(word.to_owned());
            }
            if !built && !found {
                return Some(word.to_owned());
            }
        }
        after_option = option && !word.contains('=') && word != "-m";
    }
    None
}

/// A start command without the steps that apply migrations: those are a step of their own, before a release.
pub(crate) fn without_migrations(signals: &Signals, command: &str) -> String {
    let mut rest = unwrapped(command.trim()).trim_start_matches("exec ");
    while let Some((step, after)) = rest.split_once("&&").or_else(|| rest.split_once(';')) {
        let migrates = signals.migrations.iter().any(|tool| {
            let words: Vec<&str> = tool.command.split_whitespace().take(3).collect();
            let essential = words
                .iter()
                .filter(|word| !matches!(**word, "python" | "php" | "bundle" | "exec" | "npx"))
                .copied();
            let known = essential.collect::<Vec<_>>().join(" ");
            step.contains(&known)
        });
        let wrapped = signals.migrations.iter().flat_map(|tool| &tool.wrappers);
        let migrates = migrates || wrapped.into_iter().any(|wrapper| step.contains(&wrapper.command));
        let prepares = [
            "db:prepare",
            "db:migrate",
            "manage.py collectstatic",
            "artisan config:cache",
            "artisan optimize",
        ];
        if !migrates && !prepares.iter().any(|one| step.contains(one)) {
            break;
        }
        rest = after.trim();
    }
    rest.to_owned()
}

/// The line that a shell is started for (`bash -c "line"`).
fn unwrapped(command: &str) -> &str {
    let shells = ["sh -c ", "bash -c ", "/bin/sh -c ", "/bin/bash -c ", "bash -lc "];
    let Some(inner) = shells.iter().find_map(|shell| command.strip_prefix(shell)) else { return command };
    let inner = inner.trim();
    let quoted = ['"', '\''].iter().find_map(|quote| inner.strip_prefix(*quote)?.strip_suffix(*quote));
    quoted.filter(|line| !line.contains(['"', '\'', '\\'])).unwrap_or(command)
}

/// Takes the container's command where nothing nearer to the source says how to start.
pub(super) fn start(context: &Context<'_, '_>, planned: &mut Planned) {
    let Some((path, dockerfile)) = context.dockerfile else { return };
    let Some(start) = container_start(context, dockerfile) else { return };
    if usable(context, &start.value) {
        planned.set(
            Field::Start,
            without_migrations(context.signals, &start.value),
            at(path, start.line, &start.value),
        );
    }
}

/// What a container runs: its command, behind the program that the image brings where the build names none.
pub(super) fn container_start(context: &Context<'_, '_>, dockerfile: &Dockerfile) -> Option<Said<String>> {
    let start = dockerfile.start()?;
    let chain = dockerfile.shipped();
    let base = chain.last().map(|stage| image_parts(&stage.base).0)?;
    let runtime = context.signals.runtimes.iter().find(|row| row.images.contains(&base));
    let brought = runtime.and_then(|row| row.entrypoint.as_deref());
    let given = chain.iter().any(|stage| stage.entrypoint.is_some());
    Some(match brought.filter(|program| !given && !start.value.starts_with(*program)) {
        Some(program) => Said { value: format!("{program} {}", start.value), line: start.line },
        None => start,
    })
}

/// Takes the arguments with which the container starts the same program.
pub(super) fn arguments(context: &Context<'_, '_>, planned: &mut Planned) {
    let Some((path, dockerfile)) = context.dockerfile else { return };
    let (Some(start), Some(ours)) = (dockerfile.start(), planned.commands.start.as_deref()) else { return };
    let said = without_migrations(context.signals, &start.value);
    let mut words = said.split_whitespace();
    let (Some(theirs), Some(own)) = (words.next(), ours.split_whitespace().next()) else { return };
    let built = own.contains('/') && !has_ending(own, SCRIPTS_BY_INTERPRETER);
    let arguments: Vec<&str> = words.collect();
    // Paths are those of the image; what a shell would have to work out is not taken over.
    let plain = arguments.iter().all(|word| {
        !word.starts_with('/') && !word.contains("=/") && !word.contains(['&', '|', ';', '`', '>', '<'])
    });
    if built && plain && !arguments.is_empty() && name(theirs) == name(own) {
        planned.commands.start = Some(format!("{own} {}", arguments.join(" ")));
        planned.evidence.insert("commands.start".to_owned(), vec![at(path, start.line, &start.value)]);
    }
}

/// Whether a container's command works outside of its image too, as far as the tree tells.
pub(super) fn usable(context: &Context<'_, '_>, command: &str) -> bool {
    !is_development_server(&context.signals.files, &scripts_behind(context, command))
        && names_missing_file(context.tree, &context.component.folder, command).is_none()
        && !command.split_whitespace().next().is_some_and(|program| is_image_path(program, context))
}

/// A command with the script of the manifest that it calls.
fn scripts_behind(context: &Context<'_, '_>, command: &str) -> String {
    let last = command.split_whitespace().last().unwrap_or_default();
    let calls = context.manager.is_some_and(|manager| command == manager.run(last));
    let mut manifests = context.component.manifests.iter().filter(|_| calls);
    let script = manifests.find_map(|(_, manifest)| manifest.scripts.get(last));
    script.map_or_else(|| command.to_owned(), |script| format!("{command} && {}", script.text))
}

/// A program that only the image has: `/start.sh`, `/usr/local/bin/app`.
fn is_image_path(program: &str, context: &Context<'_, '_>) -> bool {
    if !program.starts_with('/') {
        return false;
    }
    let inside = program.trim_start_matches("/app/").trim_start_matches('/');
    let home = context.dockerfile.map_or("", |(path, _)| folder(path));
    !(context.component.has(inside) || resolve(home, inside).is_some_and(|path| context.tree.has(&path)))
}

#[cfg(test)]
mod tests {
    use super::{is_development_server, names_missing_file, without_migrations};
    use crate::tree::Tree;
    use siteplan_catalog::signals::Signals;

    #[test]
    fn development_servers_are_known() {
        let rules = Signals::builtin().expect("built-in").files;
        for command in ["next dev", "vite", "vite --host", "nodemon index.js", "uvicorn a:b --reload"] {
            assert!(is_development_server(&rules, command), "{command}");
        }
        for command in ["next start", "vite build", "vite preview", "node server.js", "gunicorn a:b"] {
            assert!(!is_development_server(&rules, command), "{command}");
        }
    }

    #[test]
    fn migrations_are_no_part_of_the_start() {
        let signals = Signals::builtin().expect("built-in");
        let rest = |command: &str| without_migrations(&signals, command);
        assert_eq!(rest("poetry run alembic upgrade head && uvicorn a:b"), "uvicorn a:b");
        assert_eq!(rest("python manage.py migrate && gunicorn a.wsgi"), "gunicorn a.wsgi");
        assert_eq!(rest("npm run build && node a.js"), "npm run build && node a.js");
        assert_eq!(rest("bash -c \"python manage.py migrate && gunicorn a.wsgi\""), "gunicorn a.wsgi");
        assert_eq!(rest("flask db upgrade; gunicorn a:b"), "gunicorn a:b");
    }

    #[test]
    fn files_must_be_there_unless_a_build_makes_them() {
        let mut tree = Tree::default();
        tree.take("server.js".to_owned(), None);
        assert_eq!(names_missing_file(&tree, "", "node server.js"), None);
        assert_eq!(names_missing_file(&tree, "", "node dist/main.js"), None);
        assert_eq!(names_missing_file(&tree, "", "node other.js").as_deref(), Some("other.js"));
        assert_eq!(names_missing_file(&tree, "", "./start.sh").as_deref(), Some("./start.sh"));
    }
}
