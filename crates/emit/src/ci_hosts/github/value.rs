//! A workflow as GitHub reads it: what the serialiser writes.

use std::borrow::Cow;

use serde::Serialize;
use serde_saphyr::Commented;

use crate::yaml::Mapping;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Workflow<'a> {
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) run_name: Option<String>,
    pub(super) on: On,
    pub(super) permissions: Mapping<&'static str>,
    pub(super) concurrency: Concurrency,
    pub(super) defaults: Defaults,
    pub(super) jobs: Mapping<WorkflowJob<'a>>,
}

#[derive(Serialize)]
pub(super) struct On {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) push: Option<Push>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pull_request: Option<PullRequest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) workflow_dispatch: Option<Dispatch>,
}

#[derive(Serialize)]
pub(super) struct Push {
    pub(super) branches: [String; 1],
}

#[derive(Serialize)]
pub(super) struct PullRequest {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) types: Vec<&'static str>,
}

#[derive(Serialize)]
pub(super) struct Dispatch {
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    pub(super) inputs: Mapping<DispatchInput<'static>>,
}

#[derive(Serialize)]
pub(super) struct DispatchInput<'a> {
    pub(super) description: Cow<'a, str>,
    pub(super) required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<String>,
    pub(super) r#type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) options: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Concurrency {
    pub(super) group: String,
    pub(super) cancel_in_progress: Cancel,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) queue: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Cancel {
    Never(bool),
    If(&'static str),
}

#[derive(Serialize)]
pub(super) struct Defaults {
    pub(super) run: Shell,
}

#[derive(Serialize)]
pub(super) struct Shell {
    pub(super) shell: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct WorkflowJob<'a> {
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) needs: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) r#if: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) runs_on: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) timeout_minutes: Option<u32>,
    pub(super) permissions: Mapping<Permission>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) environment: Option<Environment<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) concurrency: Option<Concurrency>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    pub(super) outputs: Mapping<String>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    pub(super) env: Mapping<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uses: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) steps: Vec<WorkflowStep<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Permission {
    Read(&'static str),
    Explained(Commented<&'static str>),
}

#[derive(Serialize)]
pub(super) struct Environment<'a> {
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case", untagged)]
pub(super) enum WorkflowStep<'a> {
    Uses(Uses),
    Run(Command<'a>),
}

#[derive(Serialize)]
pub(super) struct Uses {
    pub(super) uses: Commented<String>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    pub(super) with: Mapping<Input>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Input {
    Flag(bool),
    Text(String),
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Command<'a> {
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) r#if: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) timeout_minutes: Option<u32>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    pub(super) env: Mapping<String>,
    pub(super) run: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) working_directory: Option<Cow<'a, str>>,
}
