//! Steps of a CI job → what it runs, line by line, each with its place in the file.

use serde_json::Value;

use super::ci::{Job, shell_lines};
use super::structured::{fields, scalar, strings};
use crate::text::one_line;

/// Steps of a job of which the places are looked for; a file written by a person has fewer.
const MOST: usize = 500;

/// Jobs of which the steps are looked at.
pub(crate) const MOST_JOBS: usize = 200;

/// Something that a job does.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) kind: ActKind,
    /// The shell line, or the action without its version.
    pub(crate) text: String,
    pub(crate) line: Option<u32>,
    /// Whether a condition may leave it out, or its failure fails nothing.
    pub(crate) is_optional: bool,
    /// The folder that it runs in, where the file gives one.
    pub(crate) folder: Option<String>,
}

/// How it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActKind {
    /// By a shell.
    Line,
    /// By an action of the host.
    Action,
}

/// A file, read from a place onward.
struct Places<'t> {
    lines: Vec<&'t str>,
    next: usize,
}

impl<'t> Places<'t> {
    /// From the key of a job onward.
    fn from(text: &'t str, job: &str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let is_key = |line: &&str| {
            let line = line.trim().trim_start_matches(['"', '\'']);
            line.strip_prefix(job).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
        };
        let next = lines.iter().position(is_key).unwrap_or_default();
        Self { lines, next }
    }

    /// The number of the next line that has the first words of a text.
    fn of(&mut self, text: &str) -> Option<u32> {
        let words: Vec<&str> = text.split_whitespace().take(2).collect();
        let words = words.join(" ");
        let found = self.lines.iter().skip(self.next).position(|line| one_line(line).contains(&words))?;
        self.next = self.next.saturating_add(found).saturating_add(1);
        u32::try_from(self.next).ok()
    }
}

/// What a job with steps does.
pub(crate) fn of_job(name: &str, job: &Value, file: &Value, text: &str) -> Vec<Act> {
    let mut places = Places::from(text, name);
    let mut acts = Vec::new();
    let usual = |one: &Value| scalar(&one["defaults"]["run"]["working-directory"]);
    let usual = usual(job).or_else(|| usual(file));
    for step in job["steps"].as_array().into_iter().flatten().take(MOST) {
        let is_optional = is_optional(step);
        if let Some(action) = scalar(&step["uses"]) {
            let line = places.of(&action);
            let name = action.split('@').next().unwrap_or_default().to_lowercase();
            acts.push(Act { kind: ActKind::Action, text: name, line, is_optional, folder: None });
        }
        let run = &step["run"];
        for text in shell_lines(if run.is_object() { &run["command"] } else { run }).into_iter().take(MOST) {
            let line = places.of(&text);
            let folder = scalar(&step["working-directory"]).or_else(|| usual.clone());
            acts.push(Act { kind: ActKind::Line, text, line, is_optional, folder });
        }
    }
    acts
}

/// What a job does whose script is a list of lines.
pub(crate) fn of_lines(name: &str, lines: &[String], text: &str) -> Vec<Act> {
    let mut places = Places::from(text, name);
    let act = |line: &String| Act {
        kind: ActKind::Line,
        line: places.of(line),
        text: line.clone(),
        is_optional: false,
        folder: None,
    };
    lines.iter().take(MOST).map(act).collect()
}

fn is_optional(value: &Value) -> bool {
    let fails_nothing = &value["continue-on-error"];
    !value["if"].is_null() || !(fails_nothing.is_null() || *fails_nothing == false)
}

/// Whether a condition may leave a job out, its own or one of a job that it waits for.
pub(crate) fn may_be_left_out(name: &str, jobs: &Value) -> bool {
    let mut seen = vec![name.to_owned()];
    let mut at = 0;
    while let Some(next) = seen.get(at).cloned() {
        at += 1;
        let job = &jobs[next.as_str()];
        if is_optional(job) || at > MOST_JOBS {
            return true;
        }
        for needed in strings(&job["needs"]) {
            if !seen.contains(&needed) {
                seen.push(needed);
            }
        }
    }
    false
}

/// The environment that a job of GitLab deploys to: one that only stops or prepares an environment does not.
pub(crate) fn environment(name: &str, job: &Value, text: &str) -> Option<(String, Option<u32>)> {
    let environment = &job["environment"];
    let action = scalar(&environment["action"]);
    if action.is_some_and(|action| action != "start") {
        return None;
    }
    let named = scalar(environment).or_else(|| scalar(&environment["name"]))?;
    Some((named, Places::from(text, name).of("environment:")))
}

/// The steps of Bitbucket that say to which environment they deploy.
pub(crate) fn deployments_of(pipelines: &Value, text: &str) -> Vec<Job> {
    let mut jobs = Vec::new();
    collect(pipelines, text, &mut jobs);
    jobs
}

fn collect(value: &Value, text: &str, into: &mut Vec<Job>) {
    match value {
        Value::Object(_) => {
            if let Some(environment) = scalar(&value["deployment"]).filter(|_| into.len() < MOST_JOBS) {
                let name = scalar(&value["name"]).unwrap_or_else(|| environment.clone());
                let line = Places::from(text, "pipelines").of(&format!("deployment: {environment}"));
                let acts = of_lines("pipelines", &shell_lines(&value["script"]), text);
                into.push(Job { name, acts, deploys_to: Some((environment, line)), ..Job::default() });
                return;
            }
            fields(value).for_each(|(_, below)| collect(below, text, into));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, text, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{may_be_left_out, of_job};
    use crate::readers::structured::yaml;

    #[test]
    fn each_line_has_its_place() {
        let text = "on: push\njobs:\n  a:\n    steps:\n      - run: npm ci\n  b:\n    steps:\n      - uses: X/Y@v1\n      - if: always()\n        run: |\n          npm ci\n          npm \\\n            test\n";
        let file = yaml(text).expect("valid");
        let acts = of_job("b", &file["jobs"]["b"], &file, text);
        let seen: Vec<_> = acts.iter().map(|act| (act.text.as_str(), act.line, act.is_optional)).collect();
        assert_eq!(seen, [("x/y", Some(8), false), ("npm ci", Some(11), true), ("npm test", None, true)]);
    }

    #[test]
    fn a_condition_of_a_needed_job_counts() {
        let jobs = yaml("a: {if: x}\nb: {needs: a}\nc: {needs: [b]}\nd: {continue-on-error: true}\ne: {}\n")
            .expect("valid");
        let left: Vec<bool> = ["a", "b", "c", "d", "e"].map(|name| may_be_left_out(name, &jobs)).to_vec();
        assert_eq!(left, [true, true, true, true, false]);
    }
}
