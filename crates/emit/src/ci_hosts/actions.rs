//! The GitHub Actions that a workflow may use, pinned (`actions.toml`), and what each runtime and cloud needs of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_saphyr::Commented;

#[derive(Deserialize)]
struct Table {
    action: Vec<Action>,
}

#[derive(Deserialize)]
struct Action {
    uses: String,
    version: String,
    commit: String,
}

static TABLE: LazyLock<BTreeMap<String, Action>> = LazyLock::new(|| {
    let table: Table =
        toml::from_str(include_str!("actions.toml")).expect("the table is part of the program");
    table.action.into_iter().map(|action| (action.uses.clone(), action)).collect()
});

/// `owner/name@commit`, with the version as a comment.
///
/// # Panics
///
/// If the table does not hold the action: a bug here, which a test that names every action meets.
pub(super) fn pinned(uses: &str) -> Commented<String> {
    let action = TABLE.get(uses).unwrap_or_else(|| panic!("`{uses}` is not in actions.toml"));
    Commented(format!("{uses}@{}", action.commit), action.version.clone())
}

/// An action with its inputs, in order.
pub(super) type Call = (&'static str, Vec<(&'static str, String)>);

/// The actions that install a runtime with its package cache; none for a runtime that the machine has to hold.
///
/// A cache is known by its lock files; without one, the actions of Node and Python fail where they look for it.
pub(super) fn runtime(
    runtime: &str,
    version: &str,
    package_manager: Option<&str>,
    lock_files: &[String],
) -> Vec<Call> {
    let manager = package_manager.unwrap_or_default();
    let version = version.to_owned();
    let beside = || (!lock_files.is_empty()).then(|| ("cache-dependency-path", lock_files.join("\n")));
    let cached = |caches: &[&str]| {
        let known = beside().filter(|_| caches.contains(&manager));
        let known = known.map(|paths| [("cache", manager.to_owned()), paths]);
        known.into_iter().flatten().collect::<Vec<_>>()
    };
    let with = |mut inputs: Vec<(&'static str, String)>, more: Vec<(&'static str, String)>| {
        inputs.extend(more);
        inputs
    };
    match (runtime, manager) {
        ("node", _) => vec![(
            "actions/setup-node",
            with(vec![("node-version", version)], cached(&["npm", "pnpm", "yarn"])),
        )],
        ("bun", _) => vec![("oven-sh/setup-bun", vec![("bun-version", version)])],
        ("python", "uv") => vec![(
            "astral-sh/setup-uv",
            vec![("python-version", version), ("enable-cache", "true".to_owned())],
        )],
        ("python", _) => vec![(
            "actions/setup-python",
            with(vec![("python-version", version)], cached(&["pip", "pipenv", "poetry"])),
        )],
        ("go", _) => {
            vec![("actions/setup-go", with(vec![("go-version", version)], beside().into_iter().collect()))]
        }
        ("java", _) => vec![(
            "actions/setup-java",
            with(
                vec![("distribution", "temurin".to_owned()), ("java-version", version)],
                // Its own patterns find the build files, which stand for a lock file.
                ["maven", "gradle", "sbt"]
                    .iter()
                    .filter(|known| **known == manager)
                    .map(|known| ("cache", (*known).to_owned()))
                    .collect(),
            ),
        )],
        ("dotnet", _) => vec![("actions/setup-dotnet", vec![("dotnet-version", version)])],
        ("ruby", _) => {
            let gems = (!lock_files.is_empty()).then(|| ("bundler-cache", "true".to_owned()));
            vec![("ruby/setup-ruby", with(vec![("ruby-version", version)], gems.into_iter().collect()))]
        }
        ("php", _) => vec![("shivammathur/setup-php", vec![("php-version", version)])],
        ("elixir", _) => vec![(
            "erlef/setup-beam",
            vec![("elixir-version", version), ("otp-version", "latest".to_owned())],
        )],
        ("rust", _) => vec![("Swatinem/rust-cache", Vec::new())],
        _ => Vec::new(),
    }
}

/// The actions that exchange the job's identity token for a cloud's credentials.
pub(super) fn cloud_login(cloud: &str) -> Vec<Call> {
    let variable = |name: &str| format!("${{{{ vars.{name} }}}}");
    match cloud {
        "aws" => vec![(
            "aws-actions/configure-aws-credentials",
            vec![("role-to-assume", variable("AWS_ROLE_ARN")), ("aws-region", variable("AWS_REGION"))],
        )],
        "google" => vec![
            (
                "google-github-actions/auth",
                vec![
                    ("project_id", variable("GOOGLE_PROJECT_ID")),
                    ("workload_identity_provider", variable("GOOGLE_WORKLOAD_IDENTITY_PROVIDER")),
                ],
            ),
            ("google-github-actions/setup-gcloud", Vec::new()),
        ],
        "azure" => vec![(
            "Azure/login",
            vec![
                ("client-id", variable("AZURE_CLIENT_ID")),
                ("tenant-id", variable("AZURE_TENANT_ID")),
                ("subscription-id", variable("AZURE_SUBSCRIPTION_ID")),
            ],
        )],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{TABLE, cloud_login, pinned, runtime};

    #[test]
    fn every_action_that_is_used_is_pinned_to_a_commit() {
        let runtimes = ["node", "bun", "python", "go", "java", "dotnet", "ruby", "php", "elixir", "rust"];
        let managers = [None, Some("uv")];
        let mut calls: Vec<super::Call> =
            ["actions/checkout", "actions/upload-artifact", "actions/download-artifact"]
                .map(|uses| (uses, Vec::new()))
                .into();
        calls.extend(
            runtimes.iter().flat_map(|id| managers.map(|manager| runtime(id, "1", manager, &[]))).flatten(),
        );
        calls.extend(["aws", "google", "azure"].iter().flat_map(|cloud| cloud_login(cloud)));
        for (uses, _) in &calls {
            let pin = pinned(uses).0;
            assert_eq!(pin.rsplit('@').next().map(str::len), Some(40), "{pin}");
        }
        for known in TABLE.keys() {
            assert!(calls.iter().any(|(uses, _)| uses == known), "`{known}` is pinned but never used");
        }
    }
}
