//! The pages for people: what they name exists, and they name nothing of the machine that they were written on.

use crate::{root, text};

const PAGES: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// First parts of a path in this repository; another path in backticks is that of somebody's application.
const OURS: [&str; 7] = ["crates/", "xtask/", "examples/", "docs/", ".ci/", ".cargo/", "target/"];

#[test]
fn every_path_that_a_page_names_exists() {
    let mut missing = Vec::new();
    for page in PAGES {
        for path in paths(&text(page)) {
            // `render/mod.rs` may stand for any platform: the part before a placeholder must exist.
            let known = path.split(['<', '*', '{']).next().unwrap_or_default();
            let known =
                if known == path { known } else { known.rsplit_once('/').map_or("", |(folder, _)| folder) };
            if !known.starts_with("target/") && !root().join(known).exists() {
                missing.push(format!("{page}: `{path}`"));
            }
        }
    }
    assert!(missing.is_empty(), "correct the page or the path:\n{}", missing.join("\n"));
}

#[test]
fn architecture_names_every_crate() {
    let page = text("ARCHITECTURE.md");
    for entry in std::fs::read_dir(root().join("crates")).expect("crates can be listed") {
        let name = entry.expect("crates can be listed").file_name().to_string_lossy().into_owned();
        assert!(
            page.contains(&format!("`crates/{name}`")),
            "ARCHITECTURE.md does not say what crates/{name} is"
        );
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut missing = Vec::new();
    for page in PAGES {
        for target in text(page).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") && !root().join(file).exists() {
                missing.push(format!("{page}: {target}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// What stands in backticks and is a path of this repository, outside fenced blocks.
fn paths(page: &str) -> Vec<String> {
    let mut fenced = false;
    let mut paths = Vec::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let spans = line.split('`').skip(1).step_by(2);
            paths.extend(spans.filter(|span| is_ours(span)).map(str::to_owned));
        }
    }
    paths
}

fn is_ours(span: &str) -> bool {
    !span.contains(' ') && OURS.iter().any(|first| span.starts_with(first))
}

#[test]
fn paths_are_found_in_prose_only() {
    let page = "See `crates/model` and `cargo test crates/x`.\n```text\n`crates/none`\n```\nAlso `specs/a.md`, `xtask/src`.\n";
    assert_eq!(paths(page), ["crates/model", "xtask/src"]);
}
