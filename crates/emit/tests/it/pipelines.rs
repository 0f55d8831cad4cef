//! The pipeline of each CI host.

use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};
use serde_json::Value;
use siteplan_emit::pipeline_files;
use siteplan_model::design::Design;

use crate::{hostile, sample};

const HOSTS: [&str; 3] = ["github", "gitlab", "bitbucket"];

fn only(design: &Design) -> String {
    let files = pipeline_files(design);
    let pipeline = files.into_iter().find(|file| file.syntax == "yaml");
    pipeline.map(|file| file.contents).expect("the host has a file of its own")
}

#[test]
fn next_on_render_on_each_host() {
    for host in HOSTS {
        insta::assert_snapshot!(host, only(&sample::on_host(&sample::next_on_render(), host)));
    }
}

#[test]
fn an_identity_token_signs_in_on_each_host() {
    for host in HOSTS {
        insta::assert_snapshot!(
            format!("ecs-{host}"),
            only(&sample::on_host(&sample::api_and_worker_on_ecs(), host))
        );
    }
}

#[test]
fn elsewhere_and_by_hand_there_are_scripts() {
    for design in [sample::on_host(&sample::next_on_render(), "other"), sample::front_end_on_vercel()] {
        let files = pipeline_files(&design);
        let text: Vec<String> =
            files.iter().map(|file| format!("{}\n{}", file.path, file.contents)).collect();
        insta::assert_snapshot!(format!("scripts-{}", design.application.slug), text.join("\n---\n"));
    }
}

fn parse(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"))
}

/// The kinds of all values, without their text and without the keys, which may be names of services or branches.
fn shape(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::String(String::new()),
        Value::Array(items) => Value::Array(items.iter().map(shape).collect()),
        Value::Object(fields) => Value::Array(fields.values().map(shape).collect()),
        other => other.clone(),
    }
}

fn strings<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, into)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, into)),
        _ => {}
    }
}

/// What GitHub evaluates in a string, with the expressions that siteplan writes taken out.
fn foreign_expressions(text: &str) -> bool {
    let own = text.replace("${{ '${{' }}", "");
    own.contains("${{")
        && !["${{ vars.", "${{ secrets.", "${{ github."].iter().any(|known| own.starts_with(known))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_value_is_syntax_of_a_pipeline(text in hostile::text()) {
        for design in [sample::next_on_render(), sample::api_and_worker_on_ecs()] {
            for host in HOSTS {
                let design = sample::on_host(&design, host);
                let plain = parse(&only(&hostile::everywhere(&design, "x")));
                let hostile = parse(&only(&hostile::everywhere(&design, &text)));
                if host != "gitlab" {
                    prop_assert_eq!(shape(&plain), shape(&hostile));
                }
                let mut hostile = hostile;
                // A branch filter is never evaluated.
                hostile.as_object_mut().map(|workflow| workflow.remove("on"));
                let mut all = Vec::new();
                strings(&hostile, &mut all);
                prop_assert!(host != "github" || !all.iter().any(|string| foreign_expressions(string)), "{all:?}");
                prop_assert!(all.iter().any(|string| string.contains(text.as_str().trim())) || text.contains("${{") || text.contains('\0') || text.contains('\''), "{all:?}");
            }
        }
    }
}
