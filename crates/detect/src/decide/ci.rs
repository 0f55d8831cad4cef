//! Jobs of CI files → those that test, with what starts them, those that deploy, and the files of all.

use std::collections::BTreeMap;

use siteplan_catalog::signals::{Deployment, Signals};
use siteplan_model::survey::{CiDeploy, CiJob, CiStarts};

use crate::evidence::maybe_at;
use crate::readers::Record;
use crate::readers::ci::{CiFile, Job};
use crate::readers::ci_acts::{Act, ActKind};
use crate::text::seen;
use crate::tree::Tree;

/// Words of a shell line that runs tests.
const TESTERS: &[&str] = &[
    "pytest",
    "npm test",
    "npm run test",
    "npm t ",
    "yarn test",
    "yarn run test",
    "pnpm test",
    "pnpm run test",
    "bun test",
    "bun run test",
    "go test",
    "cargo test",
    "cargo nextest",
    "rspec",
    "rails test",
    "rake test",
    "bin/rake",
    "bin/test",
    "mvn test",
    "mvn verify",
    "mvn -B",
    "mvnw",
    "gradle test",
    "gradlew test",
    "gradlew build",
    "gradlew check",
    "gradle build",
    "phpunit",
    "artisan test",
    "vendor/bin/pest",
    "mix test",
    "dotnet test",
    "manage.py test",
    "make test",
    "tox",
    "nox",
    "vitest",
    "jest",
    "coverage run",
    "composer test",
    "deno test",
    "unittest",
    "turbo run test",
    "turbo test",
    "nx test",
    "playwright test",
    "cypress run",
    "composer run test",
    "just test",
    "task test",
    "scripts/test",
];

/// The files of CI systems, each with the system.
fn systems<'t>(tree: &'t Tree, signals: &'t Signals) -> BTreeMap<&'t str, &'t str> {
    signals.ci.iter().flat_map(|row| tree.matching(&row.files).map(|path| (path, row.id.as_str()))).collect()
}

/// All files of CI systems.
pub(crate) fn files(tree: &Tree, signals: &Signals) -> Vec<String> {
    systems(tree, signals).into_keys().map(str::to_owned).collect()
}

pub(crate) fn jobs(tree: &Tree) -> impl Iterator<Item = (&str, &CiFile, &Job)> {
    tree.records().flat_map(|(path, record)| {
        let file = if let Record::Ci(file) = record { Some(file) } else { None };
        file.into_iter().flat_map(move |file| file.jobs.iter().map(move |job| (path, file, job)))
    })
}

/// Whether a shell line runs tests.
pub(crate) fn tests(line: &str) -> bool {
    let installs = ["install", "npm i ", "apt-get", "pip "].iter().any(|word| line.contains(word))
        && !line.contains("&&");
    !installs && TESTERS.iter().any(|tester| line.contains(tester))
}

/// What a job tests: its own lines, or those of the workflow that it calls.
struct Tested<'t> {
    lines: Vec<&'t str>,
    /// Whether each run of the job runs them, and their failure fails it.
    is_run: bool,
}

/// How deep workflows that call each other are followed.
const MOST_CALLS: usize = 2;

fn tested<'t>(files: &BTreeMap<&str, &'t CiFile>, job: &'t Job, depth: usize) -> Option<Tested<'t>> {
    let lines: Vec<&str> = job.lines.iter().map(String::as_str).filter(|line| tests(line)).collect();
    if !lines.is_empty() {
        // A test counts only where its failure fails the job.
        let counts = |act: &Act| {
            act.kind == ActKind::Line && !act.is_optional && tests(&act.text) && !act.text.contains("||")
        };
        return Some(Tested { lines, is_run: job.acts.iter().any(counts) });
    }
    let path = job.calls.as_deref().filter(|_| depth < MOST_CALLS)?;
    let called: Vec<Tested<'t>> = files
        .get(path)?
        .jobs
        .iter()
        .filter_map(|job| {
            let tested = tested(files, job, depth + 1)?;
            Some(Tested { is_run: tested.is_run && !job.may_be_left_out, ..tested })
        })
        .collect();
    let is_run = called.iter().any(|one| one.is_run);
    let lines: Vec<&str> = called.into_iter().flat_map(|one| one.lines).collect();
    (!lines.is_empty()).then_some(Tested { lines, is_run })
}

/// Jobs that run tests, with the lines that do.
pub(crate) fn test_jobs(tree: &Tree, signals: &Signals, branch: Option<&str>) -> Vec<CiJob> {
    let systems = systems(tree, signals);
    let files: BTreeMap<&str, &CiFile> = jobs(tree).map(|(path, file, _)| (path, file)).collect();
    jobs(tree)
        .filter_map(|(path, file, job)| {
            let Tested { lines, is_run } = tested(&files, job, 0)?;
            let (command, further) = lines.split_first()?;
            let pushes = match branch {
                Some(branch) => job.push.meets(branch),
                None => job.push.is_always(),
            };
            Some(CiJob {
                path: path.to_owned(),
                job: job.name.clone(),
                command: (*command).to_owned(),
                further: further.iter().map(|line| (*line).to_owned()).collect(),
                system: systems.get(path).copied().unwrap_or_default().to_owned(),
                starts: CiStarts {
                    pushes: pushes && is_run,
                    pull_requests: file.starts.pull_requests,
                    callable: file.starts.callable && is_run,
                },
            })
        })
        .collect()
}

/// Jobs that deploy: by a command, an action or an address that the tables know, or because the file names an environment.
pub(crate) fn deploys(tree: &Tree, signals: &Signals) -> Vec<CiDeploy> {
    jobs(tree)
        .filter_map(|(path, _, job)| {
            let known = signals.deployments.iter().find_map(|row| Some((row, deploying(row, job)?)));
            let (runs, means, line) = match (known, &job.deploys_to) {
                (Some((row, act)), _) => (act.text.as_str(), Some(row.id.clone()), act.line),
                (None, Some((environment, line))) => (environment.as_str(), None, *line),
                (None, None) => return None,
            };
            let runs = seen(runs);
            Some(CiDeploy {
                path: path.to_owned(),
                job: job.name.clone(),
                seen: maybe_at(path, line, &runs),
                runs,
                means,
            })
        })
        .collect()
}

/// The act of a job by which it deploys as a row says.
pub(crate) fn deploying<'j>(row: &Deployment, job: &'j Job) -> Option<&'j Act> {
    let only_tried = job.acts.iter().any(|act| match act.kind {
        ActKind::Action => row.not_beside.contains(&act.text),
        ActKind::Line => {
            commands(&act.text).iter().flatten().any(|word| row.not_beside.iter().any(|one| one == word))
        }
    });
    if only_tried {
        return None;
    }
    job.acts.iter().find(|act| match act.kind {
        ActKind::Action => row.actions.contains(&act.text),
        ActKind::Line => {
            row.addresses.iter().any(|address| act.text.contains(address.as_str()))
                || commands(&act.text)
                    .iter()
                    .any(|words| row.commands.iter().any(|command| has_in_order(words, command)))
        }
    })
}

/// The commands of a shell line as words without quotes; what stands in quotes belongs to the command around it, as the line that
/// `ssh` is given.
pub(crate) fn commands(line: &str) -> Vec<Vec<String>> {
    let mut all = vec![vec![String::new()]];
    let mut quote = None;
    for c in line.chars() {
        let ends_command = quote.is_none() && matches!(c, ';' | '&' | '|');
        match c {
            '"' | '\'' if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ if ends_command => all.push(vec![String::new()]),
            _ if c.is_whitespace() => {
                if let Some(words) = all.last_mut() {
                    words.push(String::new());
                }
            }
            _ => {
                if let Some(word) = all.last_mut().and_then(|words| words.last_mut()) {
                    word.push(c);
                }
            }
        }
    }
    for words in &mut all {
        words.retain(|word| !word.is_empty());
    }
    // What is only said is not done.
    all.retain(|words| words.first().is_some_and(|first| !matches!(first.as_str(), "echo" | "printf")));
    all
}

/// Whether the words of a command stand among others in this order; a program's folder and version do not count.
fn has_in_order(words: &[String], command: &str) -> bool {
    let mut rest = words.iter();
    command.split(' ').all(|wanted| {
        rest.any(|word| {
            let program = word.rsplit('/').next().unwrap_or(word);
            word == wanted || program.split('@').next() == Some(wanted)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{commands, has_in_order};

    fn deploys(line: &str, command: &str) -> bool {
        commands(line).iter().any(|words| has_in_order(words, command))
    }

    #[test]
    fn a_command_is_known_among_its_options() {
        assert!(deploys("cd app && flyctl -a x deploy --remote-only", "flyctl deploy"));
        assert!(deploys("npx vercel@latest deploy --prebuilt --prod --token=$T", "vercel --prod"));
        assert!(deploys("./node_modules/.bin/wrangler deploy", "wrangler deploy"));
        assert!(deploys("ssh me@host \"cd app && docker compose up -d\"", "ssh docker compose"));
    }

    #[test]
    fn two_commands_are_not_one() {
        assert!(!deploys("kubectl get pods && terraform apply", "kubectl apply"));
        assert!(!deploys("echo run flyctl deploy", "flyctl deploy"));
        assert!(!deploys("docker compose up -d", "ssh docker compose"));
    }
}
