//! What a job becomes on hosts that run it in one image and one shell: the jobs that such a host can run, the image, and
//! the lines. GitHub has steps of its own and conditions on them; here a failed release is taken back by the shell.

use std::borrow::Cow;

use siteplan_model::design::{Command, Design};
use siteplan_model::pipeline::{Argument, EnvValue, Job, JobEnvironment, Pipeline, Step, When};
use siteplan_model::script::{self, Action, Script};

use super::runtimes::{cache, in_folder, install_manager, quoted};
use crate::names::plain;

/// An image with what building software usually needs, for a job that needs no language
/// (<https://hub.docker.com/_/buildpack-deps>).
const PLAIN_IMAGE: &str = "buildpack-deps:bookworm";

/// The same with Node.js, for tools of platforms that `npm` installs (<https://hub.docker.com/_/node>).
const NODE_IMAGE: &str = "node:24-bookworm";

/// Programs that scripts call and an image may lack, with Debian's package of each.
const PACKAGES: &[(&str, &str)] = &[
    ("curl", "curl"),
    ("docker", "docker.io"),
    ("git", "git"),
    ("jq", "jq"),
    ("scp", "openssh-client"),
    ("ssh", "openssh-client"),
    ("unzip", "unzip"),
];

/// The jobs that a host without called and awaited workflows runs: one that would do nothing else is left out.
pub(super) fn jobs(pipeline: &Pipeline) -> Vec<Job> {
    let does_something = |job: &&Job| {
        job.calls.is_none()
            && job
                .steps
                .iter()
                .any(|step| matches!(step, Step::Script { .. } | Step::Run { .. } | Step::Upload { .. }))
    };
    let kept: Vec<&Job> = pipeline.jobs.iter().filter(does_something).collect();
    let known = |id: &String| kept.iter().any(|job| job.id == *id);
    kept.iter()
        .map(|job| Job {
            needs: job.needs.iter().filter(|id| known(id)).cloned().collect(),
            ..with_all_values(job)
        })
        .collect()
}

/// A job that holds itself what its steps read: such a host gives every value to the whole job.
fn with_all_values(job: &Job) -> Job {
    Job { env: job.values(), ..job.clone() }
}

/// The rollback as jobs of the deploying pipeline, one for each environment, where the host has no file for it.
pub(super) fn rollback_jobs(design: &Design) -> Vec<Job> {
    let delivery = &design.delivery;
    let Some(pipeline) = delivery.rollback_pipeline.as_ref().filter(|_| delivery.rollback_path.is_none())
    else {
        return Vec::new();
    };
    let one_for_each = |job: &Job| {
        let chosen = job.environment.as_ref().and_then(|environment| environment.chosen_by.clone());
        let input = chosen.and_then(|name| pipeline.triggers.inputs.iter().find(|input| input.name == name));
        match input {
            Some(input) => input.choices.iter().map(|choice| chosen_for(job, &input.name, choice)).collect(),
            None => vec![with_all_values(job)],
        }
    };
    pipeline.jobs.iter().flat_map(one_for_each).collect()
}

/// A job as it is when a person has chosen the environment.
fn chosen_for(job: &Job, input: &str, environment: &str) -> Job {
    let argument = |argument: &Argument| match argument {
        Argument::Input(name) if name == input => Argument::Word(environment.to_owned()),
        other => other.clone(),
    };
    let step = |step: &Step| match step {
        Step::Script { name, id, script, arguments, when, minutes, env } => Step::Script {
            name: name.clone(),
            id: id.clone(),
            script: script.clone(),
            arguments: arguments.iter().map(argument).collect(),
            when: when.clone(),
            minutes: *minutes,
            env: env.clone(),
        },
        other => other.clone(),
    };
    Job {
        id: format!("{}-{}", job.id, plain(environment)),
        name: format!("{} {environment}", job.name),
        environment: job.environment.as_ref().map(|known| JobEnvironment {
            name: environment.to_owned(),
            chosen_by: None,
            ..known.clone()
        }),
        exclusive: Some(environment.to_owned()),
        steps: job.steps.iter().map(step).collect(),
        ..with_all_values(job)
    }
}

/// The variable in which a host gives what a person said for an input: the one that the jobs read, else the input's name.
pub(super) fn variable(jobs: &[Job], input: &str) -> String {
    let reads = |(name, value): (&String, &EnvValue)| {
        matches!(value, EnvValue::Input(known) if known == input).then(|| name.clone())
    };
    let read = jobs.iter().flat_map(|job| &job.env).find_map(reads);
    read.filter(|name| crate::names::is_variable(name)).unwrap_or_else(|| word(input))
}

/// An input's name as a variable.
fn word(input: &str) -> String {
    plain(input).replace('-', "_").to_uppercase()
}

/// The variable of the host that holds a value, if it has another name than the job wants.
pub(super) fn renamed(name: &str, value: &EnvValue) -> Option<String> {
    match value {
        EnvValue::Secret(stored) | EnvValue::Variable(stored) => {
            (stored != name && crate::names::is_variable(stored)).then(|| stored.clone())
        }
        // What another job hands on is a file that the host brings along.
        EnvValue::Input(_)
        | EnvValue::Literal(_)
        | EnvValue::Handed { .. }
        | EnvValue::PullRequest
        | EnvValue::Token => None,
    }
}

/// The image of a job: that of its runtime, if it needs one alone.
pub(super) fn image<'j>(design: &Design, job: &'j Job) -> Cow<'j, str> {
    let mut images = job.steps.iter().filter_map(|step| match step {
        Step::Runtime { image, .. } => Some(image.as_str()),
        _ => None,
    });
    match (images.next(), images.next()) {
        (Some(only), None) => Cow::Borrowed(only),
        (None, _) if calls(design, job, "npm") => Cow::Borrowed(NODE_IMAGE),
        _ => Cow::Borrowed(PLAIN_IMAGE),
    }
}

/// Whether a job calls a program.
pub(super) fn calls(design: &Design, job: &Job, program: &str) -> bool {
    let holds = |line: &str| script::calls(line, program);
    let in_script = |script: &Script| {
        script.tools.iter().any(|tool| tool == program)
            || script.actions.iter().any(|action| match action {
                Action::Command { .. } => false,
                other => other.lines().into_iter().any(holds),
            })
    };
    job.steps.iter().any(|step| match step {
        Step::Script { script, .. } => {
            design.delivery.scripts.iter().filter(|known| known.name == *script).any(in_script)
        }
        Step::Run { command, .. } => holds(command),
        Step::AfterRollback { .. } => program == "curl",
        _ => false,
    })
}

/// What differs between the hosts that run a job in one shell.
pub(super) struct Host {
    /// The variable that holds the identity token of a job.
    pub(super) token: &'static str,
    /// How the session is called that a cloud opens for a job, with the host's variable for its number.
    pub(super) session: &'static str,
    /// Programs that the host brings along.
    pub(super) provided: &'static [&'static str],
    /// The lines that end a job where a person has rolled the environment back meanwhile; none where the host does not tell.
    pub(super) after_rollback: fn(&str) -> Vec<String>,
}

/// The file that a cloud's tools read the identity token from.
const TOKEN_FILE: &str = "/tmp/identity-token";

impl Host {
    /// The lines that exchange the identity token for a cloud's credentials.
    fn sign_in(&self, cloud: &str) -> Vec<String> {
        let Self { token, session, .. } = self;
        let write = format!("printf '%s' \"${token}\" > {TOKEN_FILE}");
        match cloud {
            "aws" => vec![
                write,
                format!(
                    "export AWS_WEB_IDENTITY_TOKEN_FILE={TOKEN_FILE} AWS_ROLE_SESSION_NAME=\"{session}\""
                ),
            ],
            "google" => vec![
                write,
                format!(
                    "gcloud iam workload-identity-pools create-cred-config \"$GOOGLE_WORKLOAD_IDENTITY_PROVIDER\" --credential-source-file={TOKEN_FILE} --output-file=/tmp/google-credentials.json"
                ),
                "gcloud auth login --cred-file=/tmp/google-credentials.json".to_owned(),
            ],
            "azure" => vec![
                format!(
                    "az login --service-principal --username \"$AZURE_CLIENT_ID\" --tenant \"$AZURE_TENANT_ID\" --federated-token \"${token}\""
                ),
                "az account set --subscription \"$AZURE_SUBSCRIPTION_ID\"".to_owned(),
            ],
            _ => Vec::new(),
        }
    }
}

/// The cache of a step's package manager, as [`cache`] has it.
pub(super) fn cache_of(step: &Step) -> Option<(&'static str, &'static str)> {
    match step {
        Step::Runtime { runtime, package_manager, .. } => cache(runtime, package_manager.as_deref()),
        _ => None,
    }
}

/// The lines of a job.
pub(super) fn lines(design: &Design, job: &Job, host: &Host) -> Vec<String> {
    let (installers, others): (Vec<&Step>, Vec<&Step>) =
        job.steps.iter().partition(|step| installs(design, step));
    let mut lines: Vec<String> = missing_programs(design, job, host.provided).into_iter().collect();
    for step in &others {
        if let Step::AfterRollback { environment, .. } = step {
            lines.extend((host.after_rollback)(environment));
        }
    }
    lines.extend(runtimes(design.delivery.runtime_installer.as_ref(), job));
    // What comes from the network sees nothing of the job, and is there before a cloud's tool signs in.
    lines.extend(scripts(&installers).iter().map(|line| apart(line)));
    if !installers.is_empty() && others.iter().any(|step| matches!(step, Step::CloudLogin { .. })) {
        lines.push("export PATH=\"$HOME/.local/bin:$PATH\"".to_owned());
    }
    for step in &others {
        match step {
            Step::CloudLogin { cloud } => lines.extend(host.sign_in(cloud)),
            Step::Run { command, directory, .. } => lines.push(in_folder(directory, command)),
            _ => {}
        }
    }
    lines.extend(scripts(&others));
    lines
}

/// Runs a program without the variables of the job, but for what finds programs and the way to the network.
const WITHOUT_ENVIRONMENT: &str = "env -i HOME=\"$HOME\" PATH=\"$PATH\" https_proxy=\"${https_proxy:-}\"";

/// A line that is run without them.
fn apart(line: &str) -> String {
    if line.contains(['&', '|', ';', '(']) {
        format!("{WITHOUT_ENVIRONMENT} sh -ec {}", quoted(line))
    } else {
        format!("{WITHOUT_ENVIRONMENT} {line}")
    }
}

/// Whether a step runs a script that installs programs.
fn installs(design: &Design, step: &Step) -> bool {
    let Step::Script { script, .. } = step else { return false };
    let known = design.delivery.scripts.iter().filter(|known| known.name == *script);
    known.flat_map(|script| &script.actions).any(|action| matches!(action, Action::Install { .. }))
}

/// Installs the programs that scripts call where the image lacks one of them.
fn missing_programs(design: &Design, job: &Job, provided: &[&str]) -> Option<String> {
    let called =
        PACKAGES.iter().filter(|(program, _)| !provided.contains(program) && calls(design, job, program));
    let (programs, mut packages): (Vec<&str>, Vec<&str>) = called.copied().unzip();
    packages.dedup();
    (!programs.is_empty()).then(|| {
        format!(
            "for program in {}; do command -v $program > /dev/null || {{ apt-get update && apt-get install --yes --no-install-recommends ca-certificates {} || exit 1; break; }}; done",
            programs.join(" "),
            packages.join(" ")
        )
    })
}

/// Makes package managers available; several languages in one job, for which there is no image, are installed by mise
/// (<https://mise.jdx.dev>). What comes from the network sees nothing of the job.
fn runtimes(installer: Option<&Command>, job: &Job) -> Vec<String> {
    let known: Vec<(&str, &str, Option<&str>)> = job
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Runtime { runtime, version, package_manager, .. } => {
                Some((runtime.as_str(), version.as_str(), package_manager.as_deref()))
            }
            _ => None,
        })
        .collect();
    let mut lines = Vec::new();
    if known.len() > 1 {
        let tools: Vec<String> =
            known.iter().map(|(runtime, version, _)| quoted(&format!("{runtime}@{version}"))).collect();
        let installer = installer.map(|command| apart(&format!("( {} )", command.line)));
        lines.extend(installer);
        lines.push("export PATH=\"$HOME/.local/share/mise/shims:$HOME/.local/bin:$PATH\"".to_owned());
        lines.push(format!("mise use --global {}", tools.join(" ")));
    }
    for line in known.iter().filter_map(|(_, _, manager)| install_manager(*manager)).map(apart) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// The call of a script; what a person chose stands in a variable. A script that hangs ends itself.
fn called(script: &str, arguments: &[Argument]) -> String {
    let words = arguments.iter().map(|argument| match argument {
        Argument::Word(word) => quoted(word),
        Argument::Input(input) => format!("\"${}\"", word(input)),
    });
    std::iter::once(super::scripts::path(script)).chain(words).collect::<Vec<_>>().join(" ")
}

/// The scripts in their order. From the first to the last one whose failure is answered they are tried as one, and what answers
/// it runs when one of them fails; the job stays failed.
fn scripts(steps: &[&Step]) -> Vec<String> {
    let called: Vec<(&str, String, &When)> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Script { id, script, arguments, when, .. } => {
                Some((id.as_str(), self::called(script, arguments), when))
            }
            _ => None,
        })
        .collect();
    let answered: Vec<&String> = called
        .iter()
        .flat_map(|(_, _, when)| match when {
            When::FailedAny(ids) => ids.as_slice(),
            When::Succeeded | When::SucceededAfterFailure(_) => &[],
        })
        .collect();
    let runs: Vec<(&str, &String)> = called
        .iter()
        .filter(|(_, _, when)| matches!(when, When::Succeeded))
        .map(|(id, line, _)| (*id, line))
        .collect();
    let is_answered = |id: &str| answered.iter().any(|known| *known == id);
    let (first, last) =
        (runs.iter().position(|(id, _)| is_answered(id)), runs.iter().rposition(|(id, _)| is_answered(id)));
    let (Some(first), Some(last)) = (first, last) else {
        return runs.into_iter().map(|(_, line)| line.clone()).collect();
    };
    let joined = |lines: Vec<&str>| lines.join(" && ");
    let tried = joined(runs[first..=last].iter().map(|(_, line)| line.as_str()).collect());
    let after: Vec<&str> = called
        .iter()
        .filter(|(_, _, when)| !matches!(when, When::Succeeded))
        .map(|(_, line, _)| line.as_str())
        .collect();
    let guarded = format!("if ! {{ {tried}; }}; then\n  {}\n  exit 1\nfi", joined(after));
    let before = runs[..first].iter().map(|(_, line)| (*line).clone());
    let rest = runs[last + 1..].iter().map(|(_, line)| (*line).clone());
    before.chain([guarded]).chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use siteplan_model::pipeline::{Argument, Job, JobPurpose, Occasion, Step, When};

    use super::{chosen_for, runtimes, scripts};

    fn script(id: &str, script: &str, words: &[&str], when: When) -> Step {
        let arguments = words.iter().map(|word| Argument::Word((*word).to_owned())).collect();
        let (name, id, script) = (id.to_owned(), id.to_owned(), script.to_owned());
        Step::Script { name, id, script, arguments, when, minutes: None, env: BTreeMap::new() }
    }

    fn job(steps: Vec<Step>) -> Job {
        Job {
            id: "deploy".to_owned(),
            name: "Deploy".to_owned(),
            purpose: JobPurpose::Deploy,
            needs: Vec::new(),
            occasion: Occasion::Branch,
            environment: None,
            permissions: BTreeSet::new(),
            exclusive: None,
            timeout_minutes: 10,
            calls: None,
            hands_on: Vec::new(),
            services: Vec::new(),
            env: BTreeMap::new(),
            steps,
        }
    }

    #[test]
    fn an_image_without_its_package_manager_gets_it() {
        let runtime = |id: &str, manager: &str| Step::Runtime {
            runtime: id.to_owned(),
            version: "1".to_owned(),
            image: String::new(),
            package_manager: Some(manager.to_owned()),
            lock_files: Vec::new(),
        };
        let lines = |id: &str, manager: &str| runtimes(None, &job(vec![runtime(id, manager)]));
        // Without them `mix deps.get` asks a person, and a job has none.
        let mix = lines("elixir", "mix").pop().expect("a line");
        assert!(
            mix.starts_with("env -i ") && mix.ends_with("'mix local.hex --force && mix local.rebar --force'")
        );
        assert_eq!(lines("ruby", "bundler"), Vec::<String>::new());
    }

    #[test]
    fn a_failure_is_answered_and_the_job_stays_failed() {
        let answer = When::FailedAny(vec!["deploy".to_owned(), "verify".to_owned()]);
        let steps = [
            script("previous", "previous", &["production"], When::Succeeded),
            script("deploy", "deploy", &["production"], When::Succeeded),
            script("verify", "verify", &["production"], When::Succeeded),
            script("rollback", "rollback", &["production", "recorded"], answer),
            script("again", "verify", &["production"], When::SucceededAfterFailure("rollback".to_owned())),
        ];
        assert_eq!(
            scripts(&steps.iter().collect::<Vec<_>>()),
            [
                "deploy/previous production",
                "if ! { deploy/deploy production && deploy/verify production; }; then\n  deploy/rollback production recorded && deploy/verify production\n  exit 1\nfi",
            ]
        );
    }

    #[test]
    fn without_an_answer_each_script_stands_alone() {
        let steps = [
            script("test", "test", &[], When::Succeeded),
            script("deploy", "deploy", &["a b"], When::Succeeded),
        ];
        assert_eq!(scripts(&steps.iter().collect::<Vec<_>>()), ["deploy/test", "deploy/deploy 'a b'"]);
    }

    #[test]
    fn a_chosen_environment_becomes_a_word() {
        let step = Step::Script {
            name: String::new(),
            id: "rollback".to_owned(),
            script: "rollback".to_owned(),
            arguments: vec![Argument::Input("environment".to_owned())],
            when: When::Succeeded,
            minutes: Some(7),
            env: BTreeMap::new(),
        };
        let chosen = chosen_for(&job(vec![step]), "environment", "staging");
        assert_eq!(chosen.id, "deploy-staging");
        assert_eq!(scripts(&chosen.steps.iter().collect::<Vec<_>>()), ["deploy/rollback staging"]);
    }
}
