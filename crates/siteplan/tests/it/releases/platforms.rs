//! What the platforms' tools answer: before the first release, and once `a` was released, then `b`, then `c`, from which
//! somebody returned to `b`.

/// A pattern of `tool arguments` and the shell line that answers.
pub(super) type Rule = (&'static str, &'static str);

/// A platform that tells what served.
pub(super) struct Served {
    pub(super) platforms: &'static [&'static str],
    pub(super) rules: &'static [Rule],
    /// The id of the release to return to.
    pub(super) target: &'static str,
    /// Part of the call that returns.
    pub(super) call: &'static str,
    /// The rule by which the release that was returned to never serves; absent where the tool itself fails then.
    pub(super) stuck: Option<Rule>,
}

/// Platforms that do not tell which release before the present one was good.
pub(super) const UNTOLD: &[&str] = &["aws-app-runner", "google-cloud-run", "netlify", "railway", "vercel"];

/// Platforms whose images are named by the commit: Kamal knows versions only, and Compose reads the commit on the server.
pub(super) const BY_TAG: &[&str] = &["docker-compose-vps", "kamal-vps"];

/// Nothing was released yet.
pub(super) const EMPTY: &[Rule] = &[
    ("curl *api.render.com*", "echo '[]'"),
    ("curl *api.heroku.com*/releases", "echo '[]'"),
    ("curl *api.vercel.com/v9*", "echo '{\"id\": \"prj_1\", \"targets\": {}}'"),
    ("curl *api.netlify.com*", "echo '{\"published_deploy\": null}'"),
    ("curl *api.cloudflare.com*", "echo '{\"success\": true, \"result\": []}'"),
    ("curl */api/v1/deployments/applications/*", "echo '{\"deployments\": []}'"),
    ("flyctl releases *--json", "echo null"),
    ("railway deployment list *", "echo '[]'"),
    ("doctl apps list-deployments *", "echo null"),
    ("gcloud * --format json", "echo '[]'"),
    ("az * --output json", "echo '[]'"),
    ("kamal app version *", "printf 'App Host: 192.0.2.1\\n\\n'"),
    ("kubectl get replicasets *", "echo '{\"items\": []}'"),
    ("*", ":"),
];

/// The digest of the image of `a`.
pub(super) const DIGEST: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

pub(super) const SERVED: &[Served] = &[
    Served {
        platforms: &["render"],
        rules: &[
            ("curl */rollback *", "echo '{\"id\": \"dep-5\"}'"),
            ("curl */deploys/dep-5", "echo '{\"status\": \"live\"}'"),
            (
                "curl */deploys?limit=100",
                r#"echo '[{"deploy": {"id": "dep-4", "status": "live", "createdAt": "4", "commit": {"id": "b"}}},
                    {"deploy": {"id": "dep-3", "status": "deactivated", "createdAt": "3", "commit": {"id": "c"}}},
                    {"deploy": {"id": "dep-x", "status": "build_failed", "createdAt": "2.5", "commit": {"id": "x"}}},
                    {"deploy": {"id": "dep-2", "status": "deactivated", "createdAt": "2", "commit": {"id": "b"}}},
                    {"deploy": {"id": "dep-1", "status": "deactivated", "createdAt": "1", "commit": {"id": "a"}}}]'"#,
            ),
        ],
        target: "dep-1",
        call: r#"{"deployId": "dep-1"}"#,
        stuck: Some(("curl */deploys/dep-5", "echo '{\"status\": \"update_failed\"}'")),
    },
    Served {
        platforms: &["fly"],
        rules: &[(
            "flyctl releases *--json",
            r#"echo '[{"Status": "complete", "ImageRef": "registry.fly.io/x:b"}, {"Status": "complete", "ImageRef": "registry.fly.io/x:c"},
                {"Status": "failed", "ImageRef": "registry.fly.io/x:x"}, {"Status": "complete", "ImageRef": "registry.fly.io/x:b@sha256:12"},
                {"Status": "complete", "ImageRef": "registry.fly.io/x:a"}]'"#,
        )],
        target: "registry.fly.io/x:a",
        call: "--image registry.fly.io/x:a --skip-release-command",
        stuck: None,
    },
    Served {
        platforms: &["heroku"],
        rules: &[(
            "curl */releases",
            r#"echo '[{"version": 5, "current": true, "status": "succeeded", "slug": {"id": "b"}}, {"version": 4, "status": "succeeded", "slug": {"id": "c"}},
                {"version": 3, "status": "succeeded", "slug": {"id": "b"}}, {"version": 2, "status": "succeeded", "slug": {"id": "a"}},
                {"version": 1, "status": "succeeded", "slug": null}]'"#,
        )],
        target: "v2",
        call: "heroku releases:rollback v2",
        stuck: None,
    },
    Served {
        platforms: &["cloudflare"],
        rules: &[(
            "wrangler deployments list --json *",
            r#"echo '[{"created_on": "1", "versions": [{"version_id": "va", "percentage": 100}]}, {"created_on": "2", "versions": [{"version_id": "vb", "percentage": 100}]},
                {"created_on": "3", "versions": [{"version_id": "vc", "percentage": 100}]}, {"created_on": "4", "versions": [{"version_id": "vb", "percentage": 100}]}]'"#,
        )],
        target: "va",
        call: "wrangler rollback va",
        stuck: None,
    },
    Served {
        platforms: &["digitalocean-app-platform"],
        rules: &[
            ("curl */rollback *", "echo '{\"deployment\": {\"id\": \"d5\"}}'"),
            ("curl */deployments/d5", "echo '{\"deployment\": {\"phase\": \"ACTIVE\"}}'"),
            (
                "doctl apps list-deployments *",
                r#"echo '[{"id": "d4", "phase": "ACTIVE", "created_at": "4", "services": [{"source_commit_hash": "b"}]},
                    {"id": "d3", "phase": "SUPERSEDED", "created_at": "3", "services": [{"source_commit_hash": "c"}]},
                    {"id": "d2", "phase": "SUPERSEDED", "created_at": "2", "services": [{"source_commit_hash": "b"}]},
                    {"id": "d1", "phase": "SUPERSEDED", "created_at": "1", "services": [{"source_commit_hash": "a"}]}]'"#,
            ),
        ],
        target: "d1",
        call: r#"{"deployment_id": "d1", "skip_pin": true}"#,
        stuck: Some(("curl */deployments/d5", "echo '{\"deployment\": {\"phase\": \"DEPLOYING\"}}'")),
    },
    Served {
        platforms: &["coolify"],
        rules: &[
            ("curl */api/v1/deploy?*", "echo '{\"deployments\": [{\"deployment_uuid\": \"u5\"}]}'"),
            ("curl */deployments/u5", "echo '{\"status\": \"finished\"}'"),
            (
                "curl */deployments/applications/*",
                r#"echo '{"deployments": [{"status": "finished", "commit": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"},
                    {"status": "failed", "commit": "ffffffffffffffffffffffffffffffffffffffff"}, {"status": "finished", "commit": "cccccccccccccccccccccccccccccccccccccccc"},
                    {"status": "finished", "commit": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}, {"status": "finished", "commit": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]}'"#,
            ),
        ],
        target: A,
        call: r#"{"git_commit_sha": "aaaa"#,
        stuck: Some(("curl */deployments/u5", "echo '{\"status\": \"failed\"}'")),
    },
    Served {
        platforms: &["docker-compose-vps"],
        rules: &[(
            "ssh * tail -n 50 */releases.txt",
            "for c in a b c b; do printf \"$c%.0s\" 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40; echo; done",
        )],
        target: A,
        call: "COMMIT=aaaa",
        stuck: Some(("ssh * docker compose * up *", "exit 1")),
    },
    Served {
        platforms: &["kamal-vps"],
        rules: &[
            (
                "kamal app version *",
                "if grep -q '^kamal rollback' \"$CALLS\"; then c=aaaaaaaaaa; else c=bbbbbbbbbb; fi; printf 'App Host: 192.0.2.1\\n%s\\n' \"$c$c$c$c\"",
            ),
            (
                "ssh * tail -n 50 *-releases.txt",
                "for c in aaaaaaaaaa bbbbbbbbbb cccccccccc bbbbbbbbbb; do echo \"$c$c$c$c\"; done",
            ),
        ],
        target: A,
        call: "kamal rollback aaaa",
        stuck: Some((
            "kamal app version *",
            "printf 'App Host: 192.0.2.1\\nbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\\n'",
        )),
    },
    Served {
        platforms: &["azure-container-apps"],
        rules: &[
            ("az containerapp show *", "echo true"),
            (
                "az containerapp revision list *",
                "for c in aaaaaaaa bbbbbbbb cccccccc bbbbbbbb; do echo \"r.azurecr.io/x/y@sha256:$c$c$c$c$c$c$c$c\"; done",
            ),
        ],
        target: DIGEST,
        call: "@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa --set-env-vars",
        stuck: Some(("az containerapp show *", "echo false")),
    },
    Served {
        platforms: &["kubernetes-gke", "kubernetes-eks", "kubernetes-aks"],
        rules: &[(
            "kubectl get replicasets *",
            r#"cat << 'END'
{"items": [
{"metadata": {"name": "rs-c", "annotations": {"deployment.kubernetes.io/revision": "11"}, "ownerReferences": [{"kind": "Deployment", "name": "orders"}]}},
{"metadata": {"name": "rs-b", "annotations": {"deployment.kubernetes.io/revision": "12", "deployment.kubernetes.io/revision-history": "10"}, "ownerReferences": [{"kind": "Deployment", "name": "orders"}]}},
{"metadata": {"name": "rs-a", "annotations": {"deployment.kubernetes.io/revision": "9"}, "ownerReferences": [{"kind": "Deployment", "name": "orders"}]}},
{"metadata": {"name": "rs-z", "annotations": {"deployment.kubernetes.io/revision": "13"}, "ownerReferences": [{"kind": "Deployment", "name": "other"}]}}
]}
END
"#,
        )],
        target: "9",
        call: "--to-revision 9",
        stuck: Some(("kubectl rollout status *", "exit 1")),
    },
    Served {
        platforms: &["aws-ecs-fargate"],
        rules: &[
            ("aws ecs list-service-deployments *", "printf 'r1\\tr2\\tr3\\tr4\\n'"),
            (
                "aws ecs describe-service-revisions *",
                r#"echo '{"serviceRevisions": [{"createdAt": "4", "taskDefinition": "td:2", "containerImages": [{"image": "x:b"}]}, {"createdAt": "2", "taskDefinition": "td:2", "containerImages": [{"image": "x:b"}]},
                    {"createdAt": "3", "taskDefinition": "td:3", "containerImages": [{"image": "x:c"}]}, {"createdAt": "1", "taskDefinition": "td:1", "containerImages": [{"image": "x:a"}]}]}'"#,
            ),
            (
                "aws ecs describe-services *--output json",
                r#"echo '{"services": [{"deployments": [{"status": "ACTIVE", "taskDefinition": "td:2"}, {"status": "PRIMARY", "taskDefinition": "td:1", "runningCount": 1, "desiredCount": 1, "pendingCount": 0, "rolloutState": "IN_PROGRESS"}]}]}'"#,
            ),
        ],
        target: "td:1",
        call: "--task-definition td:1",
        stuck: Some((
            "aws ecs describe-services *--output json",
            r#"echo '{"services": [{"deployments": [{"status": "PRIMARY", "taskDefinition": "td:2", "runningCount": 1, "desiredCount": 1, "pendingCount": 0}]}]}'"#,
        )),
    },
    Served {
        platforms: &["aws-ecs-express"],
        rules: &[
            ("aws ecs list-service-deployments *", "printf 'r1\\tr2\\tr3\\tr4\\n'"),
            (
                "aws ecs describe-service-revisions *",
                r#"cat << 'END'
{"serviceRevisions": [
{"createdAt": "4", "containerImages": [{"imageDigest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}]},
{"createdAt": "2", "containerImages": [{"imageDigest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}]},
{"createdAt": "3", "containerImages": [{"imageDigest": "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"}]},
{"createdAt": "1", "containerImages": [{"imageDigest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]}]}
END
"#,
            ),
            (
                "aws ecs describe-express-gateway-service *activeConfigurations[].*",
                "echo '[\"x@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"]'",
            ),
            (
                "aws ecs describe-express-gateway-service *",
                "echo '{\"image\": \"x:b\", \"environment\": [{\"name\": \"APP_VERSION\", \"value\": \"b\"}]}'",
            ),
        ],
        target: DIGEST,
        call: "aws ecs update-express-gateway-service",
        stuck: Some((
            "aws ecs describe-express-gateway-service *activeConfigurations[].*",
            "echo '[\"x:a\", \"x:b\"]'",
        )),
    },
];

/// `a` was released, then `b`, then `c`, which never served: what the tools answer, and which release is returned to.
pub(super) const UNSERVED: &[(&str, &[Rule], &str)] = &[
    (
        "render",
        &[
            ("curl */rollback *", "echo '{\"id\": \"dep-4\"}'"),
            ("curl */deploys/dep-4", "echo '{\"status\": \"live\"}'"),
            (
                "curl */deploys?limit=100",
                r#"echo '[{"deploy": {"id": "dep-3", "status": "update_failed", "createdAt": "3", "commit": {"id": "c"}}},
                    {"deploy": {"id": "dep-2", "status": "live", "createdAt": "2", "commit": {"id": "b"}}},
                    {"deploy": {"id": "dep-1", "status": "deactivated", "createdAt": "1", "commit": {"id": "a"}}}]'"#,
            ),
        ],
        "dep-2",
    ),
    (
        "heroku",
        &[(
            "curl */releases",
            r#"echo '[{"version": 3, "status": "failed", "slug": {"id": "c"}}, {"version": 2, "current": true, "status": "succeeded", "slug": {"id": "b"}},
                {"version": 1, "status": "succeeded", "slug": {"id": "a"}}]'"#,
        )],
        "v2",
    ),
    (
        "fly",
        &[(
            "flyctl releases *--json",
            r#"echo '[{"Status": "failed", "ImageRef": "registry.fly.io/x:c"}, {"Status": "complete", "ImageRef": "registry.fly.io/x:b"},
                {"Status": "complete", "ImageRef": "registry.fly.io/x:a"}]'"#,
        )],
        "registry.fly.io/x:b",
    ),
    (
        "digitalocean-app-platform",
        &[(
            "doctl apps list-deployments *",
            r#"echo '[{"id": "d3", "phase": "ERROR", "created_at": "3"}, {"id": "d2", "phase": "ACTIVE", "created_at": "2"},
                {"id": "d1", "phase": "SUPERSEDED", "created_at": "1"}]'"#,
        )],
        "d2",
    ),
    (
        "coolify",
        &[(
            "curl */deployments/applications/*",
            r#"echo '{"deployments": [{"status": "failed", "commit": "cccccccccccccccccccccccccccccccccccccccc"},
                {"status": "finished", "commit": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
                {"status": "finished", "commit": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}]}'"#,
        )],
        A,
    ),
    (
        "docker-compose-vps",
        &[
            (
                "ssh * tail -n 50 */releases.txt",
                "echo bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb; echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            ),
            ("ssh * sed -n s/^COMMIT=//p */release.env", "echo cccccccccccccccccccccccccccccccccccccccc"),
        ],
        A,
    ),
    (
        "kubernetes-gke",
        &[(
            "kubectl get replicasets *",
            r#"cat << 'END'
{"items": [
{"metadata": {"name": "rs-a", "annotations": {"deployment.kubernetes.io/revision": "1"}, "ownerReferences": [{"kind": "Deployment", "name": "orders"}]}, "spec": {"replicas": 0}, "status": {}},
{"metadata": {"name": "rs-b", "annotations": {"deployment.kubernetes.io/revision": "2"}, "ownerReferences": [{"kind": "Deployment", "name": "orders"}]}, "spec": {"replicas": 2}, "status": {"readyReplicas": 2}},
{"metadata": {"name": "rs-x", "annotations": {"deployment.kubernetes.io/revision": "3"}, "ownerReferences": [{"kind": "Deployment", "name": "orders"}]}, "spec": {"replicas": 0}, "status": {}},
{"metadata": {"name": "rs-c", "annotations": {"deployment.kubernetes.io/revision": "4"}, "ownerReferences": [{"kind": "Deployment", "name": "orders"}]}, "spec": {"replicas": 1}, "status": {}}
]}
END
"#,
        )],
        "2",
    ),
];

/// Platforms that answer in a form by which an answer is told from an error.
pub(super) const FORMED: &[&str] = &[
    "cloudflare",
    "coolify",
    "digitalocean-app-platform",
    "docker-compose-vps",
    "fly",
    "google-cloud-run",
    "heroku",
    "kamal-vps",
    "netlify",
    "railway",
    "render",
    "vercel",
];
