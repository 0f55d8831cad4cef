//! What a repository tells of the people behind it, and that nothing is proposed where it tells nothing.

use siteplan_model::brief::{BudgetBand, Expertise, ScaleBand};
use siteplan_model::fact::Certainty;

use crate::tree::surveyed;

const PACKAGE: (&str, &str) = ("package.json", r#"{"dependencies": {"express": "4"}}"#);

#[test]
fn plans_speak_of_a_budget() {
    let render = |plan: &str| {
        let text = format!("services:\n- type: web\n  plan: {plan}\n- type: worker\n  plan: free\n");
        surveyed(&[PACKAGE, ("render.yaml", &text)]).proposals.budget
    };
    let found = render("pro plus").expect("a budget");
    assert_eq!((found.value, found.evidence[0].path.as_str()), (BudgetBand::Enterprise, "render.yaml"));
    assert_eq!(found.evidence[0].seen, "services.*.plan = pro plus");
    assert_eq!(render("starter").map(|fact| fact.value), Some(BudgetBand::Small));
    assert_eq!(render("free").map(|fact| fact.value), Some(BudgetBand::Free));
    assert!(surveyed(&[PACKAGE]).proposals.budget.is_none());
}

#[test]
fn what_scales_by_load_speaks_of_a_scale() {
    let scaler = "kind: Deployment\n---\nkind: HorizontalPodAutoscaler\nspec:\n  maxReplicas: 9\n";
    let found = surveyed(&[PACKAGE, ("k8s/hpa.yaml", scaler)]).proposals.scale.expect("a scale");
    assert_eq!((found.value, found.evidence[0].line), (ScaleBand::High, Some(3)));
    let few = "services:\n- type: web\n  scaling:\n    maxInstances: 3\n";
    let found = surveyed(&[PACKAGE, ("render.yaml", few)]).proposals.scale.expect("a scale");
    assert_eq!(found.value, ScaleBand::Medium);
    assert!(surveyed(&[PACKAGE]).proposals.scale.is_none());
}

#[test]
fn who_neither_tests_nor_ships_begins() {
    let expertise = |files: &[(&str, &str)]| surveyed(files).proposals.expertise.map(|fact| fact.value);
    assert_eq!(expertise(&[PACKAGE, ("a.js", "app.listen(1)\n")]), Some(Expertise::Beginner));
    assert_eq!(expertise(&[PACKAGE, ("a.test.js", "")]), None);
    let documents = [PACKAGE, ("specs/DEPLOYMENT_TDD.md", "# x"), ("specs/.siteplan/plan.json", "{}")];
    assert_eq!(expertise(&documents), Some(Expertise::Beginner));
    assert_eq!(expertise(&[("package.json", r#"{"scripts": {"test": "node --test"}}"#)]), None);
    assert_eq!(expertise(&[PACKAGE, ("main.tf", "")]), Some(Expertise::Advanced));
    assert_eq!(expertise(&[("notes.txt", "")]), None);
}

#[test]
fn several_practices_speak_of_many_users_and_one_does_not() {
    let proposals = |packages: &[&str]| {
        let list: Vec<String> = packages.iter().map(|name| format!("\"{name}\": \"1\"")).collect();
        let text = format!("{{\"dependencies\": {{{}}}}}", list.join(", "));
        surveyed(&[
            ("package.json", &text),
            ("Dockerfile", "FROM node:22\nCMD [\"node\", \"a.js\"]\n"),
            ("a.js", "app.listen(1)\n"),
        ])
        .proposals
    };
    let one = proposals(&["express", "@sentry/node", "@sentry/profiling-node"]);
    assert!(one.scale.is_none() && one.budget.is_none(), "two packages of one kind are one practice");
    let two = proposals(&["express", "@sentry/node", "prom-client"]);
    assert_eq!(two.scale.as_ref().map(|fact| fact.value), Some(ScaleBand::Medium));
    assert_eq!(two.budget.as_ref().map(|fact| fact.value), Some(BudgetBand::Medium));
    assert_eq!(two.scale.expect("a scale").evidence.len(), 2, "each kind is shown");
    assert_ne!(two.expertise.map(|fact| fact.value), Some(Expertise::Advanced));
    let many = ["express", "@sentry/node", "prom-client", "kafkajs", "unleash-client", "express-rate-limit"];
    let many = proposals(&many);
    assert_eq!(many.scale.map(|fact| fact.value), Some(ScaleBand::High));
    assert_eq!(many.budget.map(|fact| fact.value), Some(BudgetBand::Enterprise));
    assert_eq!(many.expertise.map(|fact| fact.value), Some(Expertise::Advanced));
}

#[test]
fn who_tests_in_ci_knows_a_platform() {
    let ci = (
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - run: npm test\n",
    );
    let expertise = |files: &[(&str, &str)]| surveyed(files).proposals.expertise.map(|fact| fact.value);
    assert_eq!(expertise(&[PACKAGE, ci, ("a.test.js", "")]), Some(Expertise::Intermediate));
    assert_eq!(expertise(&[PACKAGE, ci]), None);
}

#[test]
fn who_writes_an_image_for_production_has_deployed_before() {
    let of = |name: &str| {
        let image = (name, "FROM node:22\nCOPY . .\nCMD [\"node\", \"a.js\"]\n");
        surveyed(&[PACKAGE, image, ("a.js", "app.listen(1)\n")]).proposals.expertise
    };
    let proposed = of("Dockerfile").expect("a proposal");
    assert_eq!((proposed.value, proposed.certainty), (Expertise::Intermediate, Certainty::Low));
    assert_eq!(proposed.evidence[0].path, "Dockerfile");
    assert!(of("Dockerfile.dev").is_none(), "an image for development ships nothing");
}

/// Platforms as `id certainty`, and the values of the doubt.
fn in_use(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let survey = surveyed(files);
    let shown = |fact: &siteplan_model::fact::Fact<String>| format!("{} {:?}", fact.value, fact.certainty);
    let doubt = survey.conflicts.iter().find(|conflict| conflict.field == "platforms_in_use");
    (
        survey.platforms_in_use.iter().map(shown).collect(),
        doubt.map(|one| one.values.clone()).unwrap_or_default(),
    )
}

const BUTTON: (&str, &str) = (
    "app.json",
    r#"{"name": "a", "repository": "https://e.example/a", "addons": ["heroku-postgresql"], "success_url": "/"}"#,
);
const NETLIFY: (&str, &str) = ("netlify.toml", "[build]\ncommand = \"npm run build\"\n");
const NODE: (&str, &str) =
    ("package.json", r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}}"#);

#[test]
fn of_several_platforms_files_none_is_in_use() {
    let (platforms, doubt) = in_use(&[NODE, BUTTON, NETLIFY]);
    assert_eq!(platforms, ["heroku Low", "netlify Low"]);
    assert_eq!(doubt, ["none", "heroku", "netlify"]);
    let render = ("render.yaml", "services:\n- type: web\n  name: a\n");
    assert_eq!(in_use(&[NODE, NETLIFY, render]).0, ["netlify Low", "render Low"]);
    // Each in its own folder: a front end and a back end.
    let (platforms, doubt) = in_use(&[NODE, ("web/netlify.toml", NETLIFY.1), render]);
    assert_eq!((platforms, doubt.len()), (vec!["netlify High".to_owned(), "render High".to_owned()], 0));
}

#[test]
fn what_a_button_offers_is_weak_and_what_deploys_is_strong() {
    assert_eq!(in_use(&[NODE, BUTTON]).0, ["heroku Medium"]);
    let formation =
        ("app.json", r#"{"formation": {"web": {"size": "standard-1x"}}, "addons": ["heroku-postgresql"]}"#);
    assert_eq!(in_use(&[NODE, formation]).0, ["heroku High"]);
    let render = ("render.yaml", "services:\n- type: web\n  name: a\n");
    let readme =
        ("README.md", "[![Deploy](https://render.com/images/b.svg)](https://render.com/deploy?repo=x)\n");
    assert_eq!(in_use(&[NODE, render]).0, ["render High"]);
    assert_eq!(in_use(&[NODE, render, readme]).0, ["render Medium"]);
    let ci = (
        ".github/workflows/deploy.yml",
        "on: push\njobs:\n  deploy:\n    steps:\n      - run: npx netlify deploy --prod\n",
    );
    let (platforms, doubt) = in_use(&[NODE, BUTTON, NETLIFY, ci]);
    assert_eq!((platforms[0].as_str(), platforms[1].as_str()), ("heroku Low", "netlify High"));
    assert_eq!(doubt, ["netlify", "heroku"]);
    let shown = |text: &str| in_use(&[NODE, BUTTON, NETLIFY, ("README.md", text)]).0.join(", ");
    assert_eq!(shown("Live at https://shop.netlify.app\n"), "heroku Low, netlify High");
    assert_eq!(shown("![stars](https://stats.netlify.app/x)\n"), "heroku Low, netlify Low");
    let cname = ("CNAME", "shop.netlify.app\n");
    assert_eq!(in_use(&[NODE, BUTTON, NETLIFY, cname]).0, ["heroku Low", "netlify High"]);
}
