//! Crontabs, CronJobs of Kubernetes, calls of cron libraries, platform files → cron expressions with what they run.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::pattern::pattern;
use super::structured::{at_path, scalar};
use crate::text::{line_at, one_line};

/// A job on a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scheduled {
    pub(crate) expression: String,
    pub(crate) name: Option<String>,
    pub(crate) command: Option<String>,
    pub(crate) line: Option<u32>,
}

/// Five fields, or one of the named intervals.
const EXPRESSION: &str = r"(?:[\d*/,\-?LW#]+(?:[ \t]+[\dA-Za-z*/,\-?LW#]+){4}|@(?:yearly|annually|monthly|weekly|daily|midnight|hourly))";

/// Whether a text is a cron expression.
pub(crate) fn is_expression(text: &str) -> bool {
    static WHOLE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("^{EXPRESSION}$")));
    WHOLE.is_match(text)
}

/// Reads a crontab; in a system's crontab a user stands before the command.
pub(crate) fn read_crontab(path: &str, text: &str) -> Vec<Scheduled> {
    static LINE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"^\s*({EXPRESSION})\s+(\S.*)$")));
    let with_user = path.split('/').any(|part| part == "cron.d");
    (1..)
        .zip(text.lines())
        .filter_map(|(line, content)| {
            let found = LINE.captures(content)?;
            let command = if with_user { found[2].split_once(char::is_whitespace)?.1 } else { &found[2] };
            Some(Scheduled {
                expression: one_line(&found[1]),
                name: None,
                command: Some(one_line(command)),
                line: Some(line),
            })
        })
        .collect()
}

/// Reads the CronJobs of a Kubernetes manifest, document by document.
pub(crate) fn read_cron_jobs(text: &str) -> Vec<Scheduled> {
    static SCHEDULE: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r#"(?m)^\s*schedule:\s*["']?({EXPRESSION})["']?\s*(?:#.*)?$"#)));
    static NAME: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?m)^metadata:\s*\n(?:[ \t]+[^\n]*\n)*?[ \t]+name:\s*["']?([\w.-]+)"#));
    static WORDS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^\s*-?\s*(?:command|args):\s*(\[[^\]\n]*\])"));
    if !text.contains("kind: CronJob") {
        return Vec::new();
    }
    let mut start = 0;
    let mut jobs = Vec::new();
    for document in text.split("\n---") {
        if let Some(found) = SCHEDULE.captures(document).filter(|_| document.contains("kind: CronJob")) {
            let words = WORDS
                .captures_iter(document)
                .filter_map(|list| serde_json::from_str::<Vec<String>>(&list[1]).ok());
            let command = words.flatten().collect::<Vec<_>>().join(" ");
            jobs.push(Scheduled {
                expression: one_line(&found[1]),
                name: NAME.captures(document).map(|name| name[1].to_owned()),
                command: Some(command).filter(|command| !command.is_empty()),
                line: found.get(1).map(|at| line_at(text, start + at.start())),
            });
        }
        start += document.len() + "\n---".len();
    }
    jobs
}

/// Literal expressions that code hands to a cron library.
pub(crate) fn in_code(text: &str) -> Vec<(String, u32)> {
    static CALL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r#"(?:cron\.schedule|new CronJob|new Cron|@Cron|from_crontab|aiocron\.crontab|\.AddFunc|scheduleJob|->cron|Cron::new)\(\s*(?:cronTime:\s*)?["'`]({EXPRESSION})["'`]"#
        ))
    });
    if !["cron", "Cron", "AddFunc(", "scheduleJob("].iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    CALL.captures_iter(text)
        .filter_map(|found| found.get(1))
        .map(|found| (one_line(found.as_str()), line_at(text, found.start())))
        .collect()
}

/// Jobs of a platform's file below one of its keys.
pub(crate) fn in_document(document: &Value, keys: &[String]) -> Vec<Scheduled> {
    let text = |value: &Value, keys: &[&str]| keys.iter().find_map(|key| scalar(&value[*key]));
    keys.iter()
        .flat_map(|key| at_path(document, key))
        .filter_map(|job| {
            Some(Scheduled {
                expression: one_line(&text(job, &["schedule", "cronSchedule"])?),
                name: text(job, &["name", "path"]),
                command: text(job, &["startCommand", "dockerCommand", "command"]),
                line: None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{in_code, read_cron_jobs, read_crontab};

    #[test]
    fn crontabs_with_and_without_a_user() {
        let jobs = read_crontab("crontab", "# c\nMAILTO=x\n*/5 * * * * bin/sync  --all\n@daily bin/report\n");
        assert_eq!(
            (jobs[0].expression.as_str(), jobs[0].command.as_deref()),
            ("*/5 * * * *", Some("bin/sync --all"))
        );
        assert_eq!((jobs[1].expression.as_str(), jobs[1].line), ("@daily", Some(4)));
        let jobs = read_crontab("etc/cron.d/app", "0 3 * * MON-FRI www-data /app/clean\n");
        assert_eq!(
            (jobs[0].expression.as_str(), jobs[0].command.as_deref()),
            ("0 3 * * MON-FRI", Some("/app/clean"))
        );
    }

    #[test]
    fn cron_jobs_and_calls() {
        let text = "kind: Service\n---\napiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: clean\nspec:\n  schedule: \"0 4 * * *\"\n  x:\n    command: [\"node\", \"clean.js\"]\n";
        let job = &read_cron_jobs(text)[0];
        assert_eq!(
            (job.expression.as_str(), job.name.as_deref(), job.line),
            ("0 4 * * *", Some("clean"), Some(8))
        );
        assert_eq!(job.command.as_deref(), Some("node clean.js"));
        assert_eq!(in_code("cron.schedule('0 0 * * *', f)")[0], ("0 0 * * *".to_owned(), 1));
        assert!(in_code("cron.schedule(expression, f)").is_empty());
    }
}
