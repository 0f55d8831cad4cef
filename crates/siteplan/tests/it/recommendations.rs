//! `recommend`, `cost` and `explain`: what they print is complete, agrees with itself, and can be argued with.

use serde_json::Value;

use crate::repository::{Repository, siteplan, stderr, stdout};

fn json(repository: &Repository, words: &[&str]) -> Value {
    let run = repository.run(&[words, &["--format", "json"]].concat()).code(0);
    serde_json::from_str(&stdout(&run)).expect("standard output is JSON")
}

fn text(repository: &Repository, words: &[&str]) -> String {
    stdout(&repository.command(words).env("LC_ALL", "C.UTF-8").env("TERM", "xterm").assert().code(0))
}

fn dollars(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no amount"))
}

#[test]
fn a_recommendation_begins_with_its_table_and_says_what_would_change_it() {
    let repository = Repository::small();
    let shown = text(&repository, &["recommend", "--defaults"]);
    let recommendation = json(&repository, &["recommend", "--defaults"]);
    let first = shown.lines().nth(1).expect("a table");
    let name = recommendation["options"][0]["name"].as_str().expect("a name");
    assert!(first.trim_start().starts_with(&format!("A  {}", &name[..5])), "{first}");
    assert!(first.contains("recommended"), "{first}");
    let place = |part: &str| shown.find(part).unwrap_or_else(|| panic!("no `{part}` in\n{shown}"));
    assert!(place(", because") < place("It would change"));
    assert!(place("It would change") < place("It rests on"));
    assert!(place("It rests on") < place("Best for"));
    for part in ["Pros", "Cons", "Avoid if", "Reasoning", "Cost ", "Complexity", "Reference"] {
        assert!(place("It rests on") < place(part), "{part}");
    }
    // A price that it rests on comes with the day on which it was read.
    let rests = shown.lines().find(|line| line.contains("It rests on")).expect("a line");
    assert!(rests.contains('$'), "{rests}");
    assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
}

#[test]
fn a_comparison_is_what_asking_twice_gives() {
    let repository = Repository::small();
    let changed = ["budget=enterprise", "scale=very-high"];
    let comparison = json(&repository, &["recommend", "--defaults", "--compare-with", &changed.join(",")]);
    let before = json(&repository, &["recommend", "--defaults"]);
    let sets = ["--set", changed[0], "--set", changed[1]];
    let after = json(&repository, &[&["recommend", "--defaults"][..], &sets].concat());
    assert_eq!(comparison["recommended"]["before"], before["recommended"]);
    assert_eq!(comparison["recommended"]["after"], after["recommended"]);
    assert_eq!(comparison["changed"]["scale"], "very-high");
    let platforms = comparison["platforms"].as_array().expect("a list");
    assert_eq!(platforms.len(), after["ranking"].as_array().expect("a list").len());
    for (index, platform) in platforms.iter().enumerate() {
        let ranked = &after["ranking"][index];
        assert_eq!(platform["platform"], ranked["platform"]);
        assert_eq!(platform["support"]["after"], ranked["support"]);
        assert_eq!(platform["monthly_usd"]["after"], ranked["monthly_usd"]);
        let old = platform["rank"]["before"].as_u64().expect("a rank");
        let old = &before["ranking"][usize::try_from(old).expect("small") - 1];
        assert_eq!(platform["platform"], old["platform"]);
        assert_eq!(platform["feasible"]["before"], old["feasible"]);
    }
    assert_ne!(before["recommended"], after["recommended"], "these answers must differ in what they ask for");
    let shown = text(&repository, &["recommend", "--defaults", "--compare-with", &changed.join(",")]);
    assert!(shown.starts_with("What budget = enterprise and scale = very-high changes"), "{shown}");
    assert!(shown.contains(" → "), "{shown}");

    let run = repository.run(&["recommend", "--defaults", "--compare-with", "bugdet=free"]).code(2);
    assert!(stderr(&run).contains("`--compare-with` names `bugdet`"), "{}", stderr(&run));
    assert!(stderr(&run).contains("did you mean `budget`?"), "{}", stderr(&run));
}

#[test]
fn the_lines_of_a_bill_add_up_and_the_total_is_the_one_that_was_compared() {
    let repository = Repository::small();
    let recommendation = json(&repository, &["recommend", "--defaults"]);
    let costs = json(&repository, &["cost", "--defaults"]);
    assert_eq!(costs["schema"], "siteplan/cost@1");
    let platform = &costs["platforms"][0];
    assert_eq!(platform["platform"], recommendation["recommended"]);
    assert_eq!(platform["recommended"], true);
    assert_eq!(platform["total"], recommendation["options"][0]["monthly_usd"]);
    let lines = platform["lines"].as_array().expect("a list");
    assert!(lines.len() >= 3, "{lines:?}");
    for level in ["low", "expected", "high"] {
        let sum: f64 = lines.iter().map(|line| dollars(&line["monthly"][level])).sum();
        let total = dollars(&platform["total"][level]);
        // Each line is shown to the cent.
        assert!((sum - total).abs() < 0.02 * f64::from(u32::try_from(lines.len()).expect("few")), "{level}");
        let environments = platform["by_environment"].as_object().expect("a map").values();
        let sum: f64 = environments.map(|range| dollars(&range[level])).sum();
        assert!((sum - total).abs() < 0.05, "{level}: {sum} {total}");
    }
    for line in lines {
        assert!(line["source"].as_str().is_some_and(|url| url.starts_with("https://")), "{line}");
    }
    let shown = text(&repository, &["cost", "--defaults"]);
    for part in ["together", "By environment", "As the load grows", "today", "10×", "Budget", "█", "users:"]
    {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
    assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
}

#[test]
fn who_knows_a_number_better_moves_the_bill() {
    let repository = Repository::small();
    let total = |words: &[&str]| {
        let costs = json(&repository, &[&["cost", "--defaults"][..], words].concat());
        dollars(&costs["platforms"][0]["total"]["expected"])
    };
    let platform = json(&repository, &["recommend", "--defaults"])["recommended"].as_str().map(str::to_owned);
    let platform = platform.expect("an id");
    let usual = total(&["--platform", &platform]);
    let busy =
        total(&["--platform", &platform, "--set", "users=500000", "--set", "transfer_kb_per_request=900"]);
    assert!(busy > usual * 2.0, "{usual} {busy}");
}

#[test]
fn platforms_stand_side_by_side_in_the_order_that_was_asked_for() {
    let repository = Repository::small();
    let costs = json(&repository, &["cost", "--defaults", "--compare", "vercel,render,fly,render"]);
    let ids: Vec<&str> = costs["platforms"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|p| p["platform"].as_str())
        .collect();
    assert_eq!(ids, ["vercel", "render", "fly"]);
    for platform in costs["platforms"].as_array().expect("a list") {
        let alone = json(
            &repository,
            &["cost", "--defaults", "--platform", platform["platform"].as_str().expect("an id")],
        );
        assert_eq!(alone["platforms"][0]["total"], platform["total"]);
    }
    let shown = text(&repository, &["cost", "--defaults", "--compare", "vercel,render,fly"]);
    for part in ["Vercel", "Render", "Fly.io", "together", "budget", "█"] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
    let run = repository.run(&["cost", "--defaults", "--compare", "vercel,rendr"]).code(2);
    assert!(stderr(&run).contains("did you mean `render`?"), "{}", stderr(&run));
    let run = repository.run(&["cost", "--defaults", "--platform", "flyio"]).code(2);
    assert!(stderr(&run).contains("`flyio`"), "{}", stderr(&run));
}

#[test]
fn a_terminal_without_unicode_is_given_ascii() {
    let repository = Repository::small();
    for (variable, value) in [("LC_ALL", "C"), ("TERM", "dumb")] {
        let mut command = repository.command(&["cost", "--defaults", "--compare", "vercel,render"]);
        command.env("LC_ALL", "C.UTF-8").env("TERM", "xterm").env(variable, value);
        let shown = stdout(&command.assert().code(0));
        assert!(shown.contains("###") && !shown.contains('█'), "{shown}");
        assert!(shown.is_ascii(), "{shown}");
    }
}

#[test]
fn a_value_is_explained_for_a_planned_application_and_for_a_repository() {
    let planned =
        siteplan().args(["explain", "render", "simplicity"]).env("LC_ALL", "C.UTF-8").assert().code(0);
    let shown = stdout(&planned);
    for part in [
        "Render · simplicity",
        " ± ",
        "Facts",
        "Parameters of the method",
        "Worked out",
        "Sources",
        "https://",
    ] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
    assert!(stderr(&planned).contains("planned application"), "{}", stderr(&planned));

    let repository = Repository::small();
    let explained = json(&repository, &["explain", "render", "fit", ".", "--set", "expertise=advanced"]);
    assert_eq!(explained["schema"], "siteplan/explanation@1");
    assert_eq!(explained["answers"]["expertise"], "advanced");
    let names: Vec<&str> =
        explained["inputs"].as_array().expect("a list").iter().filter_map(|i| i["name"].as_str()).collect();
    assert!(names.contains(&"where postgres is"), "the repository needs Postgres: {names:?}");
    let last = explained["terms"].as_array().expect("a list").last().expect("a term").clone();
    assert_eq!(last["value"], explained["value"]);

    let run = siteplan().args(["explain", "render", "simplicty"]).assert().code(2);
    assert!(stderr(&run).contains("did you mean `simplicity`?"), "{}", stderr(&run));
    let run = siteplan().args(["explain", "rendr", "simplicity"]).assert().code(2);
    assert!(stderr(&run).contains("did you mean `render`?"), "{}", stderr(&run));
}

#[test]
fn a_cost_is_the_one_that_was_compared_with_what_somebody_stated_in_it() {
    let repository = Repository::small();
    for stated in [&["gpu=yes"][..], &["regions=europe,north-america"], &["gpu=no", "compliance=hipaa"]] {
        let sets: Vec<&str> = stated.iter().flat_map(|one| ["--set", one]).collect();
        let asked = ["--defaults", "--set", "budget=enterprise"];
        let recommendation = json(&repository, &[&["recommend"][..], &asked, &sets].concat());
        for option in recommendation["options"].as_array().expect("a list") {
            let platform = ["--platform", option["platform"].as_str().expect("an id")];
            let costs = json(&repository, &[&["cost"][..], &asked, &sets, &platform].concat());
            assert_eq!(costs["platforms"][0]["total"], option["monthly_usd"], "{stated:?} {platform:?}");
        }
    }
}
