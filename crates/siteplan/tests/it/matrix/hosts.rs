//! The pipelines of one application on one platform, host against host: the same jobs in the same order, the same scripts with
//! the same words, and of the host exactly what the design says that it holds.

use std::collections::BTreeSet;

use serde_json::Value;
use siteplan_model::file::File;
use siteplan_model::pipeline::{Job as Designed, JobPurpose, Step};

use super::{CELLS, Cell, assert_all, yaml};

/// Variables that a host sets by itself, or that a file sets for its own use.
const OWN: [&str; 9] = [
    "CI_",
    "BITBUCKET_",
    "GITHUB_",
    "HOME",
    "PATH",
    "IDENTITY_TOKEN",
    "DEPLOY_BRANCH",
    "PULL_REQUEST",
    "ENVIRONMENT",
];

/// The scripts of a job in their order, each with its words; conditions are left out.
type Calls = Vec<String>;

/// A job by what it does.
#[derive(Debug, PartialEq, Eq)]
struct Job {
    name: String,
    calls: Calls,
}

fn file<'c>(cell: &'c Cell, path: &str) -> Option<&'c File> {
    cell.files.iter().find(|file| file.path == path)
}

/// The host's own file of the pipeline, read.
fn pipeline(cell: &Cell) -> Option<Value> {
    let text = &file(cell, &cell.design.delivery.pipeline_path)?.contents;
    yaml(text).ok()?.into_iter().reduce(|mut all, more| {
        if let (Some(all), Some(more)) = (all.as_object_mut(), more.as_object()) {
            all.extend(more.clone());
        }
        all
    })
}

/// The calls of scripts in shell lines.
fn calls(lines: &str) -> Calls {
    let ends = |c: char| ";&|})\n".contains(c);
    let mut calls = Vec::new();
    for (at, _) in lines.match_indices("deploy/") {
        let before = lines[..at].chars().next_back();
        let call = lines[at..].split(ends).next().unwrap_or_default().trim();
        // A file below a folder, or a word of a longer path, is no call.
        if before.is_none_or(char::is_whitespace) && call.split(' ').next() != Some("deploy/") {
            calls.push(call.replace("\"$ENVIRONMENT\"", "{environment}"));
        }
    }
    calls
}

fn texts(value: &Value) -> String {
    let lines = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    lines.collect::<Vec<_>>().join("\n")
}

/// The jobs that a push to the branch starts, of those that call a script.
fn pushed(cell: &Cell) -> Option<Vec<Job>> {
    let read = pipeline(cell)?;
    let jobs: Vec<Job> = match cell.host.as_str() {
        "github" => {
            let jobs = read["jobs"].as_object()?.values();
            let on_push =
                jobs.filter(|job| !job["if"].as_str().unwrap_or_default().contains("pull_request'"));
            on_push
                .map(|job| Job {
                    name: job["name"].as_str().unwrap_or_default().to_owned(),
                    calls: job["steps"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .flat_map(|step| calls(step["run"].as_str().unwrap_or_default()))
                        .collect(),
                })
                .collect()
        }
        "gitlab" => {
            let designed = |id: &str| cell.design.delivery.pipeline.jobs.iter().find(|job| job.id == id);
            read.as_object()?
                .iter()
                .filter(|(id, job)| {
                    job["stage"].is_string() && job["stage"] != "preview" && !id.starts_with("rollback")
                })
                .map(|(id, job)| Job {
                    name: designed(id).map(|job| job.name.clone()).unwrap_or_default(),
                    calls: calls(&texts(&job["script"])),
                })
                .collect()
        }
        "bitbucket" => {
            let branches = read["pipelines"]["branches"].as_object()?;
            let steps = branches.values().next()?.as_array()?.iter().map(|entry| &entry["step"]);
            steps
                .map(|step| Job {
                    name: step["name"].as_str().unwrap_or_default().to_owned(),
                    calls: calls(&texts(&step["script"])),
                })
                .collect()
        }
        _ => return None,
    };
    Some(jobs.into_iter().filter(|job| !job.calls.is_empty()).collect())
}

/// What a person starts to return each environment.
fn returns(cell: &Cell) -> Option<Vec<(String, Calls)>> {
    let delivery = &cell.design.delivery;
    let inputs = &delivery.rollback_pipeline.as_ref()?.triggers.inputs;
    let environments = inputs.iter().find(|input| !input.choices.is_empty())?.choices.clone();
    let with = |environment: &String, calls: Calls| {
        (environment.clone(), calls.iter().map(|call| call.replace("{environment}", environment)).collect())
    };
    if let Some(path) = &delivery.rollback_path {
        let read = yaml(&file(cell, path)?.contents).ok()?;
        let steps = read[0]["jobs"]["rollback"]["steps"].as_array()?;
        let all: Calls =
            steps.iter().flat_map(|step| calls(step["run"].as_str().unwrap_or_default())).collect();
        return Some(environments.iter().map(|environment| with(environment, all.clone())).collect());
    }
    let read = pipeline(cell)?;
    let of = |environment: &String| {
        let id = format!("rollback-{environment}");
        let steps = match cell.host.as_str() {
            "bitbucket" => {
                let entries = read["pipelines"]["custom"][&id].as_array()?;
                texts(&entries.iter().find(|entry| entry["step"].is_object())?["step"]["script"])
            }
            _ => texts(&read[&id]["script"]),
        };
        Some(with(environment, calls(&steps)))
    };
    environments.iter().map(of).collect()
}

/// All cells of one application on one platform in the same environments.
fn groups() -> Vec<Vec<&'static Cell>> {
    CELLS
        .chunk_by(|one, other| {
            (one.shape, &one.platform, one.environments) == (other.shape, &other.platform, other.environments)
        })
        .map(|group| group.iter().collect())
        .collect()
}

/// What differs between the hosts of any group.
fn assert_same<T: PartialEq + std::fmt::Debug>(what: impl Fn(&Cell) -> Option<T>) {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for group in groups() {
        let known: Vec<(&Cell, T)> = group.iter().filter_map(|cell| Some((*cell, what(cell)?))).collect();
        for pair in known.windows(2) {
            compared += 1;
            if pair[0].1 != pair[1].1 {
                wrong.push(format!("{}: {:?}\n  not {:?}", pair[1].0.label(), pair[1].1, pair[0].1));
            }
        }
    }
    assert!(compared > 500, "{compared} comparisons only");
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}

#[test]
fn every_host_runs_the_same_jobs_with_the_same_scripts_in_the_same_order() {
    assert_same(pushed);
    assert_all(|cell| {
        let Some(jobs) = pushed(cell) else { return Vec::new() };
        // What a platform cannot run has no script to release it.
        let does = |job: &&Designed| job.steps.iter().any(|step| matches!(step, Step::Script { .. }));
        let releases = cell.design.delivery.pipeline.jobs.iter().filter(does);
        let missing = releases.filter(|job| {
            job.purpose != JobPurpose::Preview && !jobs.iter().any(|known| known.name == job.name)
        });
        missing.map(|job| format!("nothing is called `{}`", job.name)).collect()
    });
}

#[test]
fn every_host_returns_each_environment_in_the_same_way() {
    assert_same(returns);
}

#[test]
fn every_host_has_the_same_scripts() {
    assert_same(|cell| {
        let scripts = cell.files.iter().filter(|file| file.syntax == "sh");
        Some(scripts.map(|file| (file.path.clone(), file.contents.clone())).collect::<Vec<_>>())
    });
}

fn is_name(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'
}

/// The names that follow a mark in a text.
fn after<'t>(text: &'t str, mark: &str) -> BTreeSet<&'t str> {
    let names = text.match_indices(mark).map(|(at, mark)| {
        let rest = &text[at + mark.len()..];
        &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())]
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// What the scripts that a text calls ask for, by the names that they print where one is missing.
fn asked<'c>(cell: &'c Cell, text: &str) -> BTreeSet<&'c str> {
    let called: BTreeSet<String> =
        calls(text).iter().filter_map(|call| call.split(' ').next().map(str::to_owned)).collect();
    let scripts = cell.files.iter().filter(|file| called.contains(&file.path));
    scripts
        .flat_map(|file| file.contents.lines())
        .filter(|line| line.contains("set this variable"))
        .flat_map(|line| after(line, "lacks "))
        .collect()
}

#[test]
fn a_pipeline_reads_exactly_what_the_design_says_that_its_host_holds() {
    assert_all(|cell| {
        let delivery = &cell.design.delivery;
        let Some(main) = file(cell, &delivery.pipeline_path).filter(|file| file.syntax == "yaml") else {
            return Vec::new();
        };
        let back = delivery.rollback_path.as_ref().and_then(|path| file(cell, path));
        let text =
            format!("{}{}", main.contents, back.map(|file| file.contents.as_str()).unwrap_or_default());
        let names = |list: &'static str, values: &'_ [siteplan_model::design::NamedValue]| {
            let names: BTreeSet<String> = values.iter().map(|value| value.name.clone()).collect();
            (list, names)
        };
        let (secrets, variables) =
            (names("secret", &delivery.ci_secrets), names("variable", &delivery.ci_variables));
        let mut wrong = Vec::new();
        let mut compare = |kind: &str, used: BTreeSet<&str>, held: &BTreeSet<String>| {
            wrong.extend(
                used.iter()
                    .filter(|name| !held.contains(**name))
                    .map(|name| format!("the {kind} `{name}` is read and not declared")),
            );
            wrong.extend(
                held.iter()
                    .filter(|name| !used.contains(name.as_str()))
                    .map(|name| format!("the {kind} `{name}` is declared and not read")),
            );
        };
        if cell.host.as_str() == "github" {
            compare("secret", after(&text, "secrets."), &secrets.1);
            compare("variable", after(&text, "vars."), &variables.1);
        } else {
            // Such a host gives all that it holds to every job: what the scripts ask for, and what signing in reads.
            let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
            let lines = lines.collect::<Vec<_>>().join("\n");
            let unset = |name: &&str| !OWN.iter().any(|own| name.starts_with(own));
            let mut used: BTreeSet<&str> = after(&lines, "$").into_iter().filter(unset).collect();
            used.extend(asked(cell, &text).into_iter().filter(unset));
            let given: BTreeSet<String> = delivery
                .pipeline
                .triggers
                .inputs
                .iter()
                .chain(delivery.rollback_pipeline.iter().flat_map(|pipeline| &pipeline.triggers.inputs))
                .map(|input| input.name.to_uppercase())
                .collect();
            used.retain(|name| !given.contains(*name));
            let all: BTreeSet<String> = secrets.1.union(&variables.1).cloned().collect();
            // Read by the cloud's own tool, whose name stands in no line.
            let by_tools = ["AWS_REGION", "AWS_ROLE_ARN"].into_iter().filter(|name| all.contains(*name));
            used.extend(by_tools.filter(|_| text.contains("AWS_WEB_IDENTITY_TOKEN_FILE")));
            compare("value", used, &all);
        }
        wrong
    });
}

#[test]
fn what_each_environment_has_of_its_own_is_kept_for_jobs_without_one_too() {
    assert_all(|cell| {
        let delivery = &cell.design.delivery;
        let deployed: Vec<&str> = cell
            .design
            .environments
            .list
            .iter()
            .map(|plan| plan.name.as_str())
            .filter(|name| *name != "preview")
            .collect();
        let outside = delivery.pipeline.jobs.iter().filter(|job| {
            job.environment.as_ref().is_none_or(|known| !deployed.contains(&known.name.as_str()))
        });
        let held = || delivery.ci_secrets.iter().chain(&delivery.ci_variables);
        outside
            .flat_map(|job| job.values().into_keys().map(move |name| (job.id.clone(), name)))
            .filter(|(_, name)| {
                held().any(|value| value.name == *name && value.purpose.ends_with("one for each environment"))
            })
            .map(|(job, name)| format!("`{job}` reads `{name}`, which only environments have"))
            .collect()
    });
}
