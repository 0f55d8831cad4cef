//! `go.mod` → [`Manifest`].

use siteplan_catalog::signals::Ecosystem;

use super::manifest::{Manifest, Scope};

/// Reads a `go.mod`; what is only needed indirectly is left out, unless everything is marked so: such a file was never tidied.
pub(crate) fn read(text: &str) -> Manifest {
    let tidied = text.lines().any(|line| {
        line.contains(" v") && !line.contains("// indirect") && !line.trim_start().starts_with("//")
    });
    let mut manifest = Manifest::new(Ecosystem::Go);
    let mut in_require = false;
    for (number, line) in (1..).zip(text.lines()) {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let words: Vec<&str> = code.split_whitespace().collect();
        match words.as_slice() {
            ["module", name] => manifest.name = Some((name.trim_matches('"').to_owned(), Some(number))),
            ["go", version] => manifest.pin("go", version, Some(number)),
            ["require", "("] => in_require = true,
            [")"] => in_require = false,
            ["require", name, version] => {
                manifest.depend(name, Some(version), Scope::Production, Some(number));
            }
            [name, version] if in_require && !(tidied && comment.contains("indirect")) => {
                manifest.depend(name, Some(version), Scope::Production, Some(number));
            }
            _ => {}
        }
    }
    manifest
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn indirect_requirements_are_left_out() {
        let text = "module example.com/shop\n\ngo 1.23\n\nrequire (\n\tgithub.com/lib/pq v1.10.9\n\ta.b/c v1 // indirect\n)\n";
        let manifest = read(text);
        assert_eq!(manifest.dependencies.len(), 1);
        assert_eq!(manifest.dependencies[0].line, Some(6));
        assert_eq!(manifest.pins[0].version, "1.23");
        let never = read("module a\n\nrequire (\n\tgithub.com/valyala/fasthttp v1.47.0 // indirect\n)\n");
        assert_eq!(never.dependencies[0].name, "github.com/valyala/fasthttp");
    }
}
