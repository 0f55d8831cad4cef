//! What the repository itself says about starting: the container's command, checked against what is on disk.

use siteplan_catalog::signals::FileRules;

use super::{Context, Field, Planned};
use crate::evidence::at;
use crate::tree::{Tree, folder, resolve};

/// Endings of files that a command may name.
const SCRIPT_ENDINGS: &[&str] = &[".js", ".mjs", ".cjs", ".ts", ".py", ".rb", ".php", ".sh", ".pl", ".exs", ".jar", ".dll", ".toml", ".ini", ".cfg"];
/// Folders that a build fills, so that files in them need not be there yet.
const OUTPUTS: &[&str] = &["dist", "build", "out", "bin", "target", "lib", ".next", ".output", "publish", "release", "public"];

/// Whether a command starts a development server.
pub(crate) fn is_development_server(rules: &FileRules, command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    let bare = |program: &str, dev: &[&str]| {
        words.iter().position(|word| *word == program || word.ends_with(&format!("/{program}"))).is_some_and(|at| {
            let next = words.get(at + 1).copied().unwrap_or("");
            next.is_empty() || next.starts_with('-') || next.starts_with('&') || dev.contains(&next)
        })
    };
    rules.development_servers.iter().any(|text| command.contains(text.as_str()))
        || bare("vite", &["dev", "serve"])
        || bare("astro", &["dev"])
        || bare("snowpack", &["dev"])
        || bare("parcel", &["serve"])
        || words.first() == Some(&"air")
}

/// The first file that a command names although neither disk nor build can hold it.
pub(crate) fn names_missing_file(tree: &Tree, base: &str, command: &str) -> Option<String> {
    let mut words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'', ';'])).peekable();
    let mut after_option = false;
    while let Some(word) = words.next() {
        let option = word.starts_with('-');
        let script = SCRIPT_ENDINGS.iter().any(|ending| word.ends_with(ending)) || word.starts_with("./");
        let odd = word.contains(['$', '*', ':', '=', '{', '(', '@']) || word.starts_with("http");
        if !option && script && !odd && !after_option {
            let bare = word.trim_start_matches("/app/").trim_start_matches("/usr/src/app/").trim_start_matches("./");
            let built = bare.split('/').any(|part| OUTPUTS.contains(&part)) || bare.ends_with(".jar") || bare.ends_with(".dll");
            let found = resolve(base, bare).is_some_and(|path| tree.has(&path)) || tree.has(bare);
            if word.starts_with('/') && bare.starts_with('/') {
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

/// Takes the container's command where nothing nearer to the source says how to start.
pub(super) fn start(context: &Context<'_, '_>, planned: &mut Planned) {
    let Some((path, dockerfile)) = context.dockerfile else { return };
    let Some(start) = dockerfile.start() else { return };
    if usable(context, &start.value) {
        planned.set(Field::Start, start.value.clone(), at(path, start.line, &start.value));
    }
}

/// Whether a container's command works outside of its image too, as far as the tree tells.
pub(super) fn usable(context: &Context<'_, '_>, command: &str) -> bool {
    !is_development_server(&context.signals.files, command)
        && names_missing_file(context.tree, &context.component.folder, command).is_none()
        && !command.split_whitespace().next().is_some_and(|program| is_image_path(program, context))
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
    use super::{is_development_server, names_missing_file};
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
    fn files_must_be_there_unless_a_build_makes_them() {
        let mut tree = Tree::default();
        tree.paths.insert("server.js".to_owned());
        assert_eq!(names_missing_file(&tree, "", "node server.js"), None);
        assert_eq!(names_missing_file(&tree, "", "node dist/main.js"), None);
        assert_eq!(names_missing_file(&tree, "", "node other.js").as_deref(), Some("other.js"));
        assert_eq!(names_missing_file(&tree, "", "./start.sh").as_deref(), Some("./start.sh"));
    }
}
