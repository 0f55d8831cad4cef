//! CI files of several systems → jobs with their shell lines, the service containers beside them, and what starts them.

use serde_json::Value;

use super::ci_acts::{self, Act};
use super::ci_starts::{self, Push, Starts};
use super::structured::{self, fields, scalar, strings};
use crate::text::one_line;

/// One job.
#[derive(Clone, Debug, Default)]
pub(crate) struct Job {
    pub(crate) name: String,
    /// Shell lines, in order.
    pub(crate) lines: Vec<String>,
    /// Images of service containers.
    pub(crate) services: Vec<String>,
    /// The image that the job itself runs in.
    pub(crate) image: Option<String>,
    /// Versions that set-up steps are given, by the input's name.
    pub(crate) versions: Vec<(String, String)>,
    /// What it does, in order, as far as the file tells for each step.
    pub(crate) acts: Vec<Act>,
    /// The environment that the file says it deploys to, and the line.
    pub(crate) deploys_to: Option<(String, Option<u32>)>,
    /// Which pushes run it.
    pub(crate) push: Push,
    /// The workflow of the repository that it calls in place of steps.
    pub(crate) calls: Option<String>,
    /// Whether a condition may leave it out.
    pub(crate) may_be_left_out: bool,
}

/// A CI file.
#[derive(Clone, Debug, Default)]
pub(crate) struct CiFile {
    pub(crate) jobs: Vec<Job>,
    pub(crate) starts: Starts,
}

/// Reads a CI file of whatever system; the shape tells which.
pub(crate) fn read(text: &str) -> Result<CiFile, String> {
    let value = structured::yaml(text)?;
    let mut file = CiFile::default();
    if value["jobs"].is_object() {
        file.starts = ci_starts::of_workflow(&value, text);
        for (at, (name, job)) in fields(&value["jobs"]).enumerate() {
            if at >= ci_acts::MOST_JOBS {
                file.jobs.push(job_with_steps(name, job));
                continue;
            }
            let may_be_left_out = ci_acts::may_be_left_out(name, &value["jobs"]);
            let push = if may_be_left_out { Push::Never } else { file.starts.push.clone() };
            let acts = ci_acts::of_job(name, job, &value, text);
            let calls = called(job);
            file.jobs.push(Job { acts, push, calls, may_be_left_out, ..job_with_steps(name, job) });
        }
    } else if value["pipelines"].is_object() {
        let mut lines = Vec::new();
        collect_scripts(&value["pipelines"], &mut lines);
        let services =
            fields(&value["definitions"]["services"]).filter_map(|(_, s)| image(&s["image"])).collect();
        file.jobs.push(Job {
            name: "pipelines".to_owned(),
            lines,
            services,
            image: scalar(&value["image"]),
            ..Job::default()
        });
        file.starts.pull_requests = true;
        file.jobs.extend(ci_acts::deployments_of(&value["pipelines"], text));
    } else {
        file.starts.pull_requests = true;
        let shared: Vec<String> = services_of(&value["services"]);
        for (name, job) in fields(&value) {
            if job["script"].is_null() || name.starts_with('.') {
                continue;
            }
            let mut services = services_of(&job["services"]);
            services.extend(shared.iter().cloned());
            let image = image_of(job).or_else(|| image_of(&value["default"])).or_else(|| image_of(&value));
            let lines = shell_lines(&job["script"]);
            let plain = Job { name: name.clone(), lines, services, image, ..Job::default() };
            if file.jobs.len() >= ci_acts::MOST_JOBS {
                file.jobs.push(plain);
                continue;
            }
            file.jobs.push(Job {
                acts: ci_acts::of_lines(name, &plain.lines, text),
                deploys_to: ci_acts::environment(name, job, text),
                push: ci_starts::of_gitlab_job(job, &value),
                ..plain
            });
        }
        if !value["script"].is_null() {
            let lines = shell_lines(&value["script"]);
            file.jobs.push(Job {
                name: "script".to_owned(),
                lines,
                services: shared,
                image: image_of(&value),
                versions: travis(&value),
                ..Job::default()
            });
        } else if file.jobs.is_empty() {
            let mut lines = Vec::new();
            collect_scripts(&value, &mut lines);
            if !lines.is_empty() {
                file.jobs.push(Job {
                    name: "pipeline".to_owned(),
                    lines,
                    services: shared,
                    image: image_of(&value),
                    ..Job::default()
                });
            }
        }
    }
    Ok(file)
}

/// The path of the repository's own workflow that a job calls.
fn called(job: &Value) -> Option<String> {
    let uses = job["uses"].as_str()?;
    let path = uses.strip_prefix("./").or_else(|| uses.strip_prefix("$/"))?;
    Some(path.split('@').next().unwrap_or(path).to_owned())
}

/// A job of GitHub, Forgejo or CircleCI.
fn job_with_steps(name: &str, job: &Value) -> Job {
    let mut lines = Vec::new();
    let mut versions = Vec::new();
    for step in job["steps"].as_array().into_iter().flatten() {
        // A version that an expression fills in is no version.
        versions.extend(
            fields(&step["with"])
                .filter_map(|(input, value)| Some((input.clone(), scalar(value)?)))
                .filter(|(input, value)| is_version_input(input) && !value.contains('$')),
        );
        let run = &step["run"];
        lines.extend(shell_lines(if run.is_object() { &run["command"] } else { run }));
    }
    let mut services: Vec<String> =
        fields(&job["services"]).filter_map(|(_, service)| image(&service["image"])).collect();
    // CircleCI: every image after the first runs beside it.
    services.extend(
        job["docker"].as_array().into_iter().flatten().skip(1).filter_map(|one| image(&one["image"])),
    );
    let image = image_of(&job["container"])
        .or_else(|| image_of(job))
        .or_else(|| scalar(&job["container"]))
        .or_else(|| job["docker"].as_array()?.first().and_then(image_of));
    Job { name: name.to_owned(), lines, services, image, versions, ..Job::default() }
}

fn is_version_input(input: &str) -> bool {
    input.ends_with("-version") || input == "toolchain"
}

/// `image` as a text or as an object with a name.
fn image_of(value: &Value) -> Option<String> {
    scalar(&value["image"]).or_else(|| scalar(&value["image"]["name"]))
}

/// The versions of Travis: a key of the language's own name, with one version or several of which the last is the newest.
fn travis(value: &Value) -> Vec<(String, String)> {
    let Some(language) = value["language"].as_str() else { return Vec::new() };
    let key = if language == "node_js" { "node" } else { language };
    strings(&value[language])
        .last()
        .map(|version| (format!("{key}-version"), version.clone()))
        .into_iter()
        .collect()
}

fn image(value: &Value) -> Option<String> {
    scalar(value)
}

/// GitLab's and Travis' lists of services.
fn services_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => {
            items.iter().filter_map(|item| scalar(item).or_else(|| scalar(&item["name"]))).collect()
        }
        Value::String(one) => vec![one.clone()],
        _ => Vec::new(),
    }
}

/// The lines of a script, joined where a backslash continues them.
pub(crate) fn shell_lines(value: &Value) -> Vec<String> {
    let texts = strings(value);
    texts
        .iter()
        .flat_map(|text| text.replace("\\\n", " ").lines().map(one_line).collect::<Vec<_>>())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// All `script` lists below a value.
fn collect_scripts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(inner) => {
            for (name, below) in inner {
                if matches!(name.as_str(), "script" | "commands" | "bash") {
                    into.extend(shell_lines(below));
                } else {
                    collect_scripts(below, into);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_scripts(item, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn github_jobs_with_services() {
        let text = "on: push\njobs:\n  test:\n    services:\n      db:\n        image: postgres:16\n    steps:\n      - uses: a/b@v1\n      - run: |\n          npm ci\n          npm test\n";
        let file = read(text).expect("valid");
        assert_eq!(file.jobs[0].lines, ["npm ci", "npm test"]);
        assert_eq!(file.jobs[0].services, ["postgres:16"]);
    }

    #[test]
    fn gitlab_and_travis() {
        let gitlab =
            read("image: ruby\nunit:\n  services: [postgres:15]\n  script:\n    - bundle exec rspec\n")
                .expect("valid");
        assert_eq!((gitlab.jobs[0].name.as_str(), gitlab.jobs[0].services.len()), ("unit", 1));
        let travis = read("language: node_js\nservices: mongodb\nscript: yarn test\n").expect("valid");
        assert_eq!(travis.jobs[0].lines, ["yarn test"]);
        assert_eq!(travis.jobs[0].services, ["mongodb"]);
    }
}
