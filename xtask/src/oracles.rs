//! Validators that siteplan's authors did not write, and which file each of them judges. One module per kind of validator.

mod bad_files;
mod kubernetes;
mod markdown;
mod pipelines;
mod platform_files;
mod self_hosted;
mod snippets;
mod vendor_schemas;

use crate::failure::Outcome;
use crate::plans::PlannedFile;
use crate::step::Step;
use crate::world::World;

/// One validator.
pub(crate) struct Oracle {
    /// The name of its step.
    pub(crate) name: &'static str,
    /// What judges what.
    about: &'static str,
    /// Whether it judges the file of that path.
    pub(crate) accepts: fn(&str) -> bool,
    /// Its judgement on all such files.
    judge: fn(&World, &[PlannedFile]) -> Outcome,
}

/// Every validator of the files that a document contains; the documents themselves have a step of their own.
pub(crate) const ALL: &[Oracle] = &[
    Oracle {
        name: "mermaid",
        about: "diagrams, parsed by mermaid itself",
        accepts: snippets::is_mermaid,
        judge: snippets::mermaid,
    },
    Oracle {
        name: "shell",
        about: "commands and scripts, by shellcheck",
        accepts: snippets::is_shell,
        judge: snippets::shell,
    },
    Oracle {
        name: "json",
        about: "JSON extracts, parsed",
        accepts: snippets::is_json,
        judge: |_, files| snippets::json(files),
    },
    Oracle {
        name: "github-actions",
        about: "workflows, by actionlint with shellcheck",
        accepts: pipelines::is_github,
        judge: pipelines::github,
    },
    Oracle {
        name: "gitlab-ci",
        about: "pipelines, by GitLab's schema in check-jsonschema",
        accepts: pipelines::is_gitlab,
        judge: pipelines::gitlab,
    },
    Oracle {
        name: "bitbucket-pipelines",
        about: "pipelines, by Bitbucket's schema in check-jsonschema",
        accepts: pipelines::is_bitbucket,
        judge: pipelines::bitbucket,
    },
    Oracle {
        name: "kubernetes",
        about: "overlays, built by kubectl, then held against the API's schemas by kubernetes-validate",
        accepts: kubernetes::accepts,
        judge: kubernetes::judge,
    },
    Oracle {
        name: "aws",
        about: "task definitions and services, by the service models in botocore",
        accepts: platform_files::is_aws,
        judge: platform_files::aws,
    },
    Oracle {
        name: "railway",
        about: "railway.ts, by the TypeScript compiler against the types of the vendor's package",
        accepts: platform_files::is_railway,
        judge: platform_files::railway,
    },
    Oracle {
        name: "container-apps",
        about: "Azure container apps and jobs, by the models in azure-mgmt-appcontainers",
        accepts: platform_files::is_container_app,
        judge: platform_files::container_apps,
    },
    Oracle {
        name: "cloudflare",
        about: "wrangler.jsonc, by the schema in wrangler; programs, by the TypeScript compiler against the vendor's types",
        accepts: platform_files::is_cloudflare,
        judge: platform_files::cloudflare,
    },
    Oracle {
        name: "netlify",
        about: "netlify.toml, by the vendor's package that reads it",
        accepts: platform_files::is_netlify,
        judge: platform_files::netlify,
    },
    Oracle {
        name: "procfile",
        about: "Procfiles, by honcho",
        accepts: platform_files::is_procfile,
        judge: platform_files::procfile,
    },
    Oracle {
        name: "compose",
        about: "Compose files, by the Compose specification's schema in check-jsonschema; schedules beside them, by checkcrontab",
        accepts: self_hosted::is_compose,
        judge: self_hosted::compose,
    },
    Oracle {
        name: "caddyfile",
        about: "Caddyfiles, by Caddy itself",
        accepts: self_hosted::is_caddyfile,
        judge: self_hosted::caddyfile,
    },
    Oracle {
        name: "kamal",
        about: "Kamal's configuration, by yamllint (its form only: Kamal is in no registry used here), and the names of its secrets, by shellcheck",
        accepts: self_hosted::is_kamal,
        judge: self_hosted::kamal,
    },
    Oracle {
        name: "vendor-schemas",
        about: "platform files, by the vendors' schemas in the folder that SITEPLAN_SCHEMAS names",
        accepts: vendor_schemas::accepts,
        judge: vendor_schemas::judge,
    },
];

/// A step for the validators themselves, one for the documents, and one for each validator of what they contain.
pub(crate) fn steps() -> Vec<Step> {
    let bad = "the files below xtask/checks/bad, each of which its validator must reject";
    let bad = Step::new("bad-files", bad, bad_files::judge);
    let markdown =
        Step::new("markdown", "documents and our own pages, by markdownlint-cli2", markdown::judge);
    let rest = ALL.iter().map(|oracle| {
        Step::new(oracle.name, oracle.about, |world| {
            let files = world.plans()?.files(oracle.accepts)?;
            println!("{} files", files.len());
            (oracle.judge)(world, &files)
        })
    });
    [bad, markdown].into_iter().chain(rest).collect()
}
