//! What starts a CI file → whether each push to a branch runs it, and whether others can call it.
//!
//! Where a file leaves it open whether a push runs a job, the answer is no: who relies on a test must know that it ran.

use serde_json::Value;

use super::schedules::is_expression;
use super::structured::{fields, scalar, strings};
use crate::text::one_line;

/// What starts a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Starts {
    pub(crate) push: Push,
    pub(crate) pull_requests: bool,
    /// Whether another workflow can call it without inputs, secrets and rights beyond reading the code.
    pub(crate) callable: bool,
    /// Cron expressions by which it starts itself, each with its line.
    pub(crate) schedules: Vec<(String, Option<u32>)>,
}

/// Which pushes start a file, or a job of it.
#[derive(Clone, Debug, Default)]
pub(crate) enum Push {
    /// None, or it is not known which.
    #[default]
    Never,
    /// Those to every branch.
    Always,
    /// Those to branches that the last pattern that matches does not begin with `!`.
    To(Vec<String>),
    /// Those to branches that no pattern matches.
    Except(Vec<String>),
}

impl Push {
    /// Whether each push to a branch is meant.
    pub(crate) fn meets(&self, branch: &str) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::To(patterns) => patterns.iter().fold(false, |meant, pattern| {
                match pattern.strip_prefix('!') {
                    // A pattern that is not understood may match.
                    Some(left_out) => meant && matches(left_out, branch) == Some(false),
                    None => meant || matches(pattern, branch) == Some(true),
                }
            }),
            Self::Except(patterns) => patterns.iter().all(|pattern| matches(pattern, branch) == Some(false)),
        }
    }

    /// Whether pushes to every branch are meant.
    pub(crate) fn is_always(&self) -> bool {
        matches!(self, Self::Always)
    }
}

/// Whether a pattern of GitHub matches a branch: `*` stays between slashes, `**` crosses them; others are not understood.
fn matches(pattern: &str, branch: &str) -> Option<bool> {
    if pattern.contains(['?', '+', '[', ']', '\\', '$']) {
        return None;
    }
    let mut expression = String::from("^");
    for (at, part) in pattern.split("**").enumerate() {
        expression.push_str(if at > 0 { ".*" } else { "" });
        let pieces: Vec<String> = part.split('*').map(regex::escape).collect();
        expression.push_str(&pieces.join("[^/]*"));
    }
    expression.push('$');
    Some(regex::Regex::new(&expression).ok()?.is_match(branch))
}

/// What starts a workflow of GitHub.
pub(crate) fn of_workflow(file: &Value, text: &str) -> Starts {
    // Readers of YAML 1.1 take a bare `on` for true.
    let on = if file["on"].is_null() { &file["true"] } else { &file["on"] };
    let names = strings(on);
    let has = |event: &str| names.iter().any(|name| name == event) || on.get(event).is_some();
    let push = if has("push") { on.get("push").map_or(Push::Always, pushes) } else { Push::Never };
    Starts {
        push,
        pull_requests: has("pull_request") || has("pull_request_target"),
        callable: has("workflow_call") && asks_for_nothing(&on["workflow_call"], file, text),
        schedules: schedules(&on["schedule"], text),
    }
}

/// The expressions of a list of schedules.
fn schedules(list: &Value, text: &str) -> Vec<(String, Option<u32>)> {
    let expressions = list.as_array().into_iter().flatten().filter_map(|one| scalar(&one["cron"]));
    let line = |expression: &String| {
        let mut lines = (1..).zip(text.lines());
        lines.find(|(_, line)| line.contains("cron") && line.contains(expression)).map(|(number, _)| number)
    };
    expressions
        .map(|written| {
            let line = line(&written);
            (one_line(&written), line)
        })
        .filter(|(expression, _)| is_expression(expression))
        .collect()
}

fn pushes(push: &Value) -> Push {
    let given = |key: &str| !push[key].is_null();
    if given("paths") || given("paths-ignore") {
        return Push::Never;
    }
    if given("branches") {
        return Push::To(strings(&push["branches"]));
    }
    if given("branches-ignore") {
        return Push::Except(strings(&push["branches-ignore"]));
    }
    // A filter of tags alone leaves every branch out.
    if given("tags") || given("tags-ignore") { Push::Never } else { Push::Always }
}

/// Whether a workflow runs for a caller that gives it nothing and lets it read the code alone.
fn asks_for_nothing(call: &Value, file: &Value, text: &str) -> bool {
    let inputs = fields(&call["inputs"]).any(|(_, input)| input["required"] == true);
    let secrets = fields(&call["secrets"]).next().is_some()
        || text.match_indices("secrets.").any(|(at, _)| !text[at..].starts_with("secrets.GITHUB_TOKEN"));
    let jobs = fields(&file["jobs"]).map(|(_, job)| &job["permissions"]);
    let rights = std::iter::once(&file["permissions"]).chain(jobs).any(|asked| !reads_code_alone(asked));
    !(inputs || secrets || rights)
}

fn reads_code_alone(permissions: &Value) -> bool {
    match permissions {
        Value::Null => true,
        Value::Object(rights) => rights
            .iter()
            .all(|(name, right)| right == "none" || (name.as_str() == "contents" && right == "read")),
        _ => false,
    }
}

/// Which pushes run a job of GitLab.
pub(crate) fn of_gitlab_job(job: &Value, file: &Value) -> Push {
    let asks =
        ["except", "when", "allow_failure", "extends", "start_in"].iter().any(|key| !job[key].is_null());
    if asks || !file["workflow"].is_null() || !file["default"]["rules"].is_null() {
        return Push::Never;
    }
    match (&job["rules"], &job["only"]) {
        (Value::Null, Value::Null) => Push::Always,
        (Value::Array(rules), Value::Null) => by_rules(rules),
        (Value::Null, only @ Value::Array(_)) => {
            let names = strings(only);
            if names.iter().any(|name| name == "branches") {
                return Push::Always;
            }
            // What is not a plain name is an expression, or a kind of pipeline.
            Push::To(names.into_iter().filter(|name| !name.starts_with('/')).collect())
        }
        _ => Push::Never,
    }
}

/// Rules that only name branches: the first that holds adds the job, and none leaves it out.
fn by_rules(rules: &[Value]) -> Push {
    let mut branches = Vec::new();
    for rule in rules {
        let alone = rule.as_object().is_some_and(|keys| keys.len() == 1);
        let Some(condition) = scalar(&rule["if"]).filter(|_| alone) else { return Push::Never };
        // What holds for merge requests alone takes nothing from pushes.
        let Some(rest) = condition.trim().strip_prefix("$CI_COMMIT_BRANCH") else { continue };
        match rest.trim() {
            "" => return Push::Always,
            "== $CI_DEFAULT_BRANCH" => branches.push("**".to_owned()),
            other => {
                let name = other.strip_prefix("==").map(|name| name.trim().trim_matches(['"', '\'']));
                branches.extend(name.filter(|name| !name.contains(['$', '"', '\''])).map(str::to_owned));
            }
        }
    }
    Push::To(branches)
}

#[cfg(test)]
mod tests {
    use super::{of_gitlab_job, of_workflow};
    use crate::readers::structured::yaml;

    fn pushes(on: &str, branch: &str) -> bool {
        let text = format!("on:\n{on}\njobs: {{}}\n");
        of_workflow(&yaml(&text).expect("valid"), &text).push.meets(branch)
    }

    #[test]
    fn filters_of_branches() {
        assert!(pushes("  push:", "main") && pushes("  [push, pull_request]", "main"));
        assert!(pushes("  push:\n    branches: [main, 'release/**']", "release/1/2"));
        assert!(!pushes("  push:\n    branches: ['release/*']", "release/1/2"));
        assert!(!pushes("  push:\n    branches: ['**', '!main']", "main"));
        assert!(pushes("  push:\n    branches-ignore: ['dependabot/**']", "main"));
        assert!(!pushes("  push:\n    branches-ignore: ['ma*']", "main"));
    }

    #[test]
    fn what_is_left_open_is_no() {
        assert!(!pushes("  push:\n    branches: [main]\n    paths: ['src/**']", "main"));
        assert!(!pushes("  push:\n    tags: ['v*']", "main"));
        assert!(!pushes("  push:\n    branches: ['mai[n]']", "main"));
        assert!(!pushes("  pull_request:", "main") && !pushes("  workflow_call:", "main"));
    }

    fn callable(rest: &str) -> bool {
        let text = format!("on:\n  workflow_call:\n{rest}");
        of_workflow(&yaml(&text).expect("valid"), &text).callable
    }

    #[test]
    fn callable_is_what_asks_for_nothing() {
        assert!(callable("permissions:\n  contents: read\njobs: {}\n"));
        assert!(!callable("    secrets:\n      KEY:\n        required: true\njobs: {}\n"));
        assert!(!callable(
            "    inputs:\n      tag:\n        required: true\n        type: string\njobs: {}\n"
        ));
        assert!(!callable("jobs:\n  a:\n    permissions:\n      checks: write\n"));
        assert!(!callable(
            "jobs:\n  a:\n    steps:\n      - run: x\n        env:\n          K: ${{ secrets.K }}\n"
        ));
    }

    #[test]
    fn jobs_of_gitlab() {
        let job = |text: &str| of_gitlab_job(&yaml(text).expect("valid"), &serde_json::Value::Null);
        assert!(job("script: [a]").meets("main"));
        assert!(job("rules:\n  - if: $CI_COMMIT_BRANCH == \"main\"\n").meets("main"));
        assert!(!job("rules:\n  - if: $CI_COMMIT_BRANCH == \"main\"\n    changes: [src]\n").meets("main"));
        assert!(!job("rules:\n  - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n").meets("main"));
        assert!(job("only: [main, merge_requests]").meets("main") && !job("only: [tags]").meets("main"));
        assert!(!job("when: manual").meets("main") && !job("allow_failure: true").meets("main"));
    }
}
