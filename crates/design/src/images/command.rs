//! Command lines of a repository → the same inside an image, and the words of the one that starts it.

use siteplan_catalog::Catalog;
use siteplan_model::design::ServicePlan;

/// A command line as it runs in the image that siteplan plans: what only the build stage holds is left out.
pub(crate) fn inside(catalog: &Catalog, plan: &ServicePlan, line: &str) -> String {
    let other = catalog.migration_tools.values().find_map(|tool| {
        let [from, to] = tool.image.as_ref()?.command.as_ref()?;
        line.starts_with(from.as_str()).then(|| to.clone())
    });
    if let Some(other) = other {
        return other;
    }
    let Some(recipe) = super::recipe(catalog, plan) else { return line.to_owned() };
    let parts = line.split(" && ").map(|part| {
        let fits = recipe.rewrite.iter().find_map(|rewrite| {
            let rest = part.strip_prefix(rewrite.from.as_str())?;
            let word = rest.split_whitespace().count() == 1 && !rest.starts_with('-');
            let alone = rewrite.script.is_none() || word;
            (alone && !rest.starts_with('-')).then(|| format!("{}{rest}", rewrite.to))
        });
        fits.unwrap_or_else(|| part.to_owned())
    });
    parts.collect::<Vec<_>>().join(" && ")
}

/// The words of a container's command: the program itself where the line is nothing else, else a shell that becomes it.
pub(super) fn words(line: &str) -> Vec<String> {
    let line = line.trim();
    let syntax = |c: char| "$&|;<>`*?~(){}[]#!\\\n\r".contains(c);
    let assigns = line.split_whitespace().next().is_some_and(|first| first.contains('='));
    let simple = !line.contains(syntax) && !is_builtin(line);
    if let Some(mut words) = shlex::split(line).filter(|words| simple && !words.is_empty()) {
        if assigns {
            words.insert(0, "env".to_owned());
        }
        return words;
    }
    let several = line.contains(['&', '|', ';', '\n', '(', '{']) && !only_variables(line);
    let becomes =
        if several || assigns || is_builtin(line) { line.to_owned() } else { format!("exec {line}") };
    vec!["sh".to_owned(), "-c".to_owned(), becomes]
}

/// Whether the braces of a line belong to variables and nothing else makes it more than one command.
fn only_variables(line: &str) -> bool {
    !line.contains(['&', '|', ';', '\n', '(']) && line.matches('{').count() == line.matches("${").count()
}

fn is_builtin(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    ["cd", "exec", "export", "set", "source", ".", "if", "for", "while", "test", "["].contains(&first)
}

/// The program of a start line as a path from the repository's root, where it is one of the repository's own.
pub(super) fn program(folder: &str, line: &str) -> Option<String> {
    let first = line.split_whitespace().next()?;
    let own = first.contains('/') && !first.starts_with('/') && super::layers::is_plain(first);
    if !own {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in first.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{program, words};

    #[test]
    fn a_command_is_the_program_itself_where_it_can_be() {
        assert_eq!(words("npm start"), ["npm", "start"]);
        assert_eq!(words("node dist/main.js --name 'a b'"), ["node", "dist/main.js", "--name", "a b"]);
        assert_eq!(
            words("uvicorn app:app --port ${PORT:-8000}"),
            ["sh", "-c", "exec uvicorn app:app --port ${PORT:-8000}"]
        );
        assert_eq!(words("PHX_SERVER=true bin/app start"), ["env", "PHX_SERVER=true", "bin/app", "start"]);
        assert_eq!(words("A=$B bin/app"), ["sh", "-c", "A=$B bin/app"]);
        assert_eq!(words("a && b"), ["sh", "-c", "a && b"]);
        assert_eq!(words("a 'unclosed"), ["sh", "-c", "exec a 'unclosed"]);
        assert_eq!(words("cd x"), ["sh", "-c", "cd x"]);
    }

    #[test]
    fn a_program_of_the_repository_is_found_from_its_root() {
        assert_eq!(program("", "./bin/api --serve").as_deref(), Some("bin/api"));
        assert_eq!(program("crates/web", "../../target/release/web").as_deref(), Some("target/release/web"));
        assert_eq!(program("a", "../../x/y"), None);
        assert_eq!(program("", "java -jar x"), None);
        assert_eq!(program("", "/bin/sh"), None);
        assert_eq!(program("", "./bin/$(x)"), None);
    }
}
