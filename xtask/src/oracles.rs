//! Validators that siteplan's authors did not write, and which file each of them judges. One module per kind of validator.

mod bad_files;
mod images;
mod kubernetes;
mod markdown;
mod pipelines;
mod platform_files;
mod secrets;
mod self_hosted;
mod shell;
mod snippets;
mod sources;
mod terraform;
mod vendor_schemas;

use std::collections::BTreeSet;

use crate::failure::Outcome;
use crate::plans::PlannedFile;
use crate::step::Step;
use crate::waivers::{self, Finding, Unused};
use crate::world::{World, digest};

/// One validator.
pub(crate) struct Oracle {
    /// The name of its step.
    pub(crate) name: &'static str,
    /// What judges what.
    about: &'static str,
    /// Whether it judges the file.
    pub(crate) accepts: fn(&PlannedFile) -> bool,
    /// What is judged once only.
    unit: Unit,
    /// What it finds in such files. A validator that names no rules fails instead.
    judge: fn(&World, &[PlannedFile]) -> Outcome<Vec<Finding>>,
}

/// What a validator looks at as one thing, so that another with the same contents need not be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// A file by itself.
    File,
    /// All files of a plan that it accepts: they refer to each other.
    Plan,
}

/// Every validator of some kind of file; the documents themselves have a step of their own.
pub(crate) const ALL: &[Oracle] = &[
    Oracle {
        name: "mermaid",
        about: "diagrams, parsed by mermaid itself",
        accepts: |file| snippets::is_mermaid(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(snippets::mermaid(world, files)),
    },
    Oracle {
        name: "shell",
        about: "commands and scripts, by shellcheck",
        accepts: shell::accepts,
        unit: Unit::File,
        judge: shell::judge,
    },
    Oracle {
        name: "json",
        about: "JSON extracts, parsed",
        accepts: |file| snippets::is_json(&file.path),
        unit: Unit::File,
        judge: |_, files| plain(snippets::json(files)),
    },
    Oracle {
        name: "github-actions",
        about: "workflows, by actionlint with shellcheck, by zizmor's pedantic persona and by GitHub's schema",
        accepts: |file| pipelines::is_github(&file.path),
        unit: Unit::File,
        judge: pipelines::github,
    },
    Oracle {
        name: "gitlab-ci",
        about: "pipelines, by GitLab's schema in check-jsonschema",
        accepts: |file| pipelines::is_gitlab(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(pipelines::gitlab(world, files)),
    },
    Oracle {
        name: "bitbucket-pipelines",
        about: "pipelines, by Bitbucket's schema in check-jsonschema",
        accepts: |file| pipelines::is_bitbucket(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(pipelines::bitbucket(world, files)),
    },
    Oracle {
        name: "kubernetes",
        about: "overlays, built by kubectl, then held against the API's schemas by kubernetes-validate",
        accepts: |file| kubernetes::accepts(&file.path),
        unit: Unit::Plan,
        judge: |world, files| plain(kubernetes::judge(world, files)),
    },
    Oracle {
        name: "aws",
        about: "task definitions and services, by the service models in botocore",
        accepts: |file| platform_files::is_aws(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(platform_files::aws(world, files)),
    },
    Oracle {
        name: "railway",
        about: "railway.ts, by the TypeScript compiler against the types of the vendor's package",
        accepts: |file| platform_files::is_railway(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(platform_files::railway(world, files)),
    },
    Oracle {
        name: "container-apps",
        about: "Azure container apps and jobs, by the models in azure-mgmt-appcontainers",
        accepts: |file| platform_files::is_container_app(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(platform_files::container_apps(world, files)),
    },
    Oracle {
        name: "cloudflare",
        about: "wrangler.jsonc, by the schema in wrangler; programs, by the TypeScript compiler against the vendor's types",
        accepts: |file| platform_files::is_cloudflare(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(platform_files::cloudflare(world, files)),
    },
    Oracle {
        name: "netlify",
        about: "netlify.toml, by the vendor's package that reads it",
        accepts: |file| platform_files::is_netlify(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(platform_files::netlify(world, files)),
    },
    Oracle {
        name: "procfile",
        about: "Procfiles, by honcho",
        accepts: |file| platform_files::is_procfile(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(platform_files::procfile(world, files)),
    },
    Oracle {
        name: "compose",
        about: "Compose files, by the Compose specification's schema in check-jsonschema; schedules beside them, by checkcrontab",
        accepts: |file| self_hosted::is_compose(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(self_hosted::compose(world, files)),
    },
    Oracle {
        name: "caddyfile",
        about: "Caddyfiles, by Caddy itself",
        accepts: |file| self_hosted::is_caddyfile(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(self_hosted::caddyfile(world, files)),
    },
    Oracle {
        name: "kamal",
        about: "Kamal's configuration, by yamllint (its form only: Kamal is in no registry used here), and the names of its secrets, by shellcheck",
        accepts: |file| self_hosted::is_kamal(&file.path),
        unit: Unit::File,
        judge: self_hosted::kamal,
    },
    Oracle {
        name: "dockerfile",
        about: "Dockerfiles, by hadolint",
        accepts: |file| images::accepts(&file.path),
        unit: Unit::File,
        judge: images::judge,
    },
    Oracle {
        name: "sources",
        about: "programs, TOML, variables and what images leave out, by the grammars of their languages",
        accepts: |file| sources::accepts(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(sources::judge(world, files)),
    },
    Oracle {
        name: "terraform",
        about: "Terraform stacks, by Terraform itself against the providers' schemas: format, validation, a plan for each environment",
        accepts: |file| terraform::accepts(&file.path),
        unit: Unit::Plan,
        judge: |world, files| plain(terraform::judge(world, files)),
    },
    Oracle {
        name: "openapi",
        about: "the health contract, by the schema of OpenAPI",
        accepts: |file| file.path.starts_with("openapi/"),
        unit: Unit::File,
        judge: |world, files| plain(snippets::openapi(world, files)),
    },
    Oracle {
        name: "runbooks",
        about: "pages beside the scripts, by markdownlint-cli2",
        accepts: |file| markdown::accepts(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(markdown::pages(world, files)),
    },
    Oracle {
        name: "vendor-schemas",
        about: "platform files, by the vendors' schemas in the folder that SITEPLAN_SCHEMAS names",
        accepts: |file| vendor_schemas::accepts(&file.path),
        unit: Unit::File,
        judge: |world, files| plain(vendor_schemas::judge(world, files)),
    },
];

/// What looks at every file without knowing its kind, so that a file needs a validator besides.
const OF_ALL_FILES: &[Oracle] = &[Oracle {
    name: "secrets",
    about: "all files, by gitleaks: none holds what looks like a secret",
    accepts: |_| true,
    unit: Unit::File,
    judge: secrets::judge,
}];

/// A step for the validators themselves, one for the documents, and one for each validator.
pub(crate) fn steps() -> Vec<Step> {
    let bad = "the files below xtask/checks/bad, each of which its validator must reject";
    let bad = Step::new("bad-files", bad, bad_files::judge);
    let markdown =
        Step::new("markdown", "documents and our own pages, by markdownlint-cli2", markdown::judge);
    let rest = ALL.iter().chain(OF_ALL_FILES).map(|oracle| {
        Step::new(oracle.name, oracle.about, |world| {
            let files = world.plans()?.files(oracle.accepts)?;
            let (all, files) = (files.len(), distinct(files, oracle.unit));
            println!("{} distinct files of {all}", files.len());
            let findings = (oracle.judge)(world, &files)?;
            waivers::settle(world, oracle.name, &files, &findings, Unused::Fail)
        })
    });
    [bad, markdown].into_iter().chain(rest).collect()
}

/// The judgement of a validator that names no rules.
fn plain(outcome: Outcome) -> Outcome<Vec<Finding>> {
    outcome.map(|()| Vec::new())
}

/// The files without those that stand in another plan with the same contents.
fn distinct(files: Vec<PlannedFile>, unit: Unit) -> Vec<PlannedFile> {
    let mut seen = BTreeSet::new();
    if unit == Unit::File {
        return files
            .into_iter()
            .filter(|file| seen.insert((file.path.clone(), file.digest.clone())))
            .collect();
    }
    let one_plan = |a: &PlannedFile, b: &PlannedFile| a.root() == b.root();
    let key = |plan: &[PlannedFile]| {
        digest(plan.iter().flat_map(|file| [file.path.as_bytes(), file.digest.as_bytes()]))
    };
    files
        .chunk_by(one_plan)
        .filter(|plan| seen.insert((String::new(), key(plan))))
        .flatten()
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Unit, distinct};
    use crate::plans::PlannedFile;

    fn file(plan: &str, path: &str, text: &str) -> PlannedFile {
        PlannedFile::new(path, format!("/plans/{plan}/{path}").into(), text)
    }

    fn places(files: Vec<PlannedFile>, unit: Unit) -> Vec<String> {
        distinct(files, unit).iter().map(|file| file.place.display().to_string()).collect()
    }

    #[test]
    fn the_same_contents_are_judged_once() {
        let files =
            vec![file("one", "a", "1"), file("two", "a", "1"), file("two", "b", "1"), file("two", "a", "2")];
        assert_eq!(places(files, Unit::File), ["/plans/one/a", "/plans/two/b", "/plans/two/a"]);
    }

    #[test]
    fn files_that_belong_together_are_judged_together() {
        let files = vec![
            file("one", "a", "1"),
            file("one", "b", "2"),
            file("two", "a", "1"),
            file("two", "b", "3"),
            file("three", "a", "1"),
            file("three", "b", "2"),
        ];
        assert_eq!(
            places(files, Unit::Plan),
            ["/plans/one/a", "/plans/one/b", "/plans/two/a", "/plans/two/b"]
        );
    }
}
