//! `catalog`, `explain`, `schema`, `completions`: what siteplan knows, for people and programs.

use crate::repository::{siteplan, stderr, stdout};

#[test]
fn everything_in_the_catalog_can_be_listed_shown_and_explained() {
    let list = siteplan().args(["catalog", "list", "--format", "json"]).assert().code(0);
    let things: serde_json::Value = serde_json::from_str(&stdout(&list)).expect("standard output is JSON");
    let things = things.as_array().expect("a list");
    assert!(things.len() > 20, "{} things", things.len());
    for thing in things.iter().take(3) {
        let id = thing["id"].as_str().expect("an id");
        let shown = siteplan().args(["catalog", "show", id]).assert().code(0);
        assert!(stdout(&shown).contains("https://"), "{}", stdout(&shown));
        siteplan().args(["explain", id]).assert().code(0);
    }
    siteplan().args(["catalog", "validate"]).assert().code(0);
}

#[test]
fn questions_settings_criteria_and_figures_are_explained() {
    for (word, expected) in [
        ("budget", "What is your budget"),
        ("users", "--set users="),
        ("production_approval", "automatic, manual"),
        ("headroom", "criterion"),
        ("render.limits.memory_mb", "[1] https://"),
        ("render.limits", "limits.regions"),
    ] {
        let run = siteplan().args(["explain", word]).assert().code(0);
        assert!(stdout(&run).contains(expected), "{word}:\n{}", stdout(&run));
    }
    let run = siteplan().args(["explain", "bugdet"]).assert().code(2);
    assert!(stderr(&run).contains("did you mean `budget`?"), "{}", stderr(&run));
    let run = siteplan().args(["catalog", "show", "rendr"]).assert().code(2);
    assert!(stderr(&run).contains("did you mean `render`?"), "{}", stderr(&run));
}

#[test]
fn every_schema_is_json_and_every_completion_a_script() {
    for name in ["brief", "survey", "recommendation", "design", "explanation", "catalog"] {
        let run = siteplan().args(["schema", name]).assert().code(0);
        let schema: serde_json::Value = serde_json::from_str(&stdout(&run)).expect("standard output is JSON");
        assert!(schema["$schema"].is_string(), "{name}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let run = siteplan().args(["completions", shell]).assert().code(0);
        assert!(stdout(&run).contains("siteplan"), "{shell}");
    }
}

#[test]
fn a_company_adds_its_own_platform_by_adding_a_file() {
    let shown = siteplan().args(["catalog", "show", "render"]).assert().code(0);
    assert!(stdout(&shown).starts_with("Render"));
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog/data/platforms/render.toml");
    let own = std::fs::read_to_string(data).expect("the data exists");
    let own = own.replace("id = \"render\"", "id = \"ours\"").replace("name = \"Render\"", "name = \"Ours\"");
    std::fs::create_dir(folder.path().join("platforms")).expect("a folder can be made");
    std::fs::write(folder.path().join("platforms/ours.toml"), own).expect("a file can be written");
    let run = siteplan().args(["catalog", "show", "ours", "--catalog"]).arg(folder.path()).assert().code(0);
    assert!(stdout(&run).starts_with("Ours"));
}
