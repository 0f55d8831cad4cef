//! Existing CI: which jobs test each push, which deploy, and which files there are.

use crate::tree::surveyed;

const MAIN: (&str, &str) = (".git/HEAD", "ref: refs/heads/main\n");

#[test]
fn a_workflow_that_calls_the_tests_runs_them() {
    let called = "on:\n  workflow_call:\njobs:\n  unit:\n    steps:\n      - run: npm test\n  slow:\n    if: inputs.slow\n    steps:\n      - run: npm run test:slow\n";
    let calls = |more: &str| {
        format!(
            "on:\n  push:\n    branches: [main]\njobs:\n  tests:\n    uses: ./.github/workflows/called.yml\n{more}"
        )
    };
    let starts = |more: &str| {
        let survey = surveyed(&[
            MAIN,
            (".github/workflows/called.yml", called),
            (".github/workflows/ci.yml", &calls(more)),
        ]);
        let job = survey.ci_test_jobs.iter().find(|job| job.job == "tests").expect("it tests by calling");
        assert_eq!(job.command, "npm test");
        assert_eq!(job.path, ".github/workflows/ci.yml");
        (job.starts.pushes, job.starts.callable)
    };
    assert_eq!(starts(""), (true, false));
    // What a condition may leave out is not relied on.
    assert_eq!(starts("    if: github.actor != 'a-bot'\n"), (false, false));
}

#[test]
fn a_test_job_says_what_starts_it() {
    let survey = surveyed(&[
        MAIN,
        (
            ".github/workflows/ci.yml",
            "on:\n  push:\n    branches: [main]\n  pull_request:\njobs:\n  unit:\n    steps:\n      - run: npm ci\n      - run: npm test\n  nightly:\n    if: github.event_name == 'schedule'\n    steps:\n      - run: npm run test:slow\n",
        ),
        (
            ".github/workflows/called.yml",
            "on:\n  workflow_call:\njobs:\n  api:\n    steps:\n      - run: pytest -q\n      - run: pytest slow || true\n",
        ),
        (".github/workflows/stale.yml", "on:\n  schedule:\n    - cron: '0 0 * * *'\njobs: {}\n"),
    ]);
    let starts = |job: &str| {
        let job = survey.ci_test_jobs.iter().find(|known| known.job == job).expect("known");
        (job.starts.pushes, job.starts.pull_requests, job.starts.callable)
    };
    assert_eq!(starts("unit"), (true, true, false));
    assert_eq!(starts("nightly"), (false, true, false));
    assert_eq!(starts("api"), (false, false, true));
    assert!(survey.ci_test_jobs.iter().all(|job| job.system == "github-actions"));
    let files: Vec<&str> = survey.ci_files.iter().map(String::as_str).collect();
    assert_eq!(
        files,
        [".github/workflows/called.yml", ".github/workflows/ci.yml", ".github/workflows/stale.yml"]
    );
    assert!(survey.ci_deploys.is_empty());
}

#[test]
fn a_test_whose_failure_fails_nothing_is_no_test() {
    let survey = surveyed(&[
        MAIN,
        (
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  a:\n    steps:\n      - run: npm test || true\n  b:\n    steps:\n      - run: npm test\n        continue-on-error: true\n",
        ),
    ]);
    assert_eq!(survey.ci_test_jobs.len(), 2);
    assert!(survey.ci_test_jobs.iter().all(|job| !job.starts.pushes));
}

#[test]
fn jobs_that_deploy_are_seen_with_their_place() {
    let survey = surveyed(&[
        MAIN,
        (
            ".github/workflows/release.yml",
            "on: push\njobs:\n  ship:\n    steps:\n      - uses: superfly/flyctl-actions/setup-flyctl@master\n      - run: flyctl deploy --remote-only\n  site:\n    steps:\n      - uses: Amondnet/Vercel-Action@v25\n  cluster:\n    steps:\n      - uses: helm/kind-action@v1\n      - run: kubectl apply -f k8s\n",
        ),
    ]);
    let seen: Vec<_> = survey
        .ci_deploys
        .iter()
        .map(|job| (job.job.as_str(), job.means.as_deref(), job.seen.place()))
        .collect();
    assert_eq!(
        seen,
        [
            ("ship", Some("fly"), ".github/workflows/release.yml:6".to_owned()),
            ("site", Some("vercel"), ".github/workflows/release.yml:9".to_owned()),
        ]
    );
}

#[test]
fn environments_of_gitlab_and_bitbucket_are_deployments() {
    let survey = surveyed(&[
        MAIN,
        (
            ".gitlab-ci.yml",
            "unit:\n  script: [npm test]\nship:\n  script:\n    - ./ship.sh\n  environment:\n    name: production\nend:\n  script: [./end.sh]\n  environment:\n    name: review\n    action: stop\n",
        ),
        (
            "bitbucket-pipelines.yml",
            "pipelines:\n  branches:\n    main:\n      - step:\n          name: Ship\n          deployment: production\n          script:\n            - ./ship.sh\n",
        ),
    ]);
    let mut seen: Vec<_> = survey.ci_deploys.iter().map(|job| (job.job.as_str(), job.seen.place())).collect();
    seen.sort();
    assert_eq!(
        seen,
        [("Ship", "bitbucket-pipelines.yml:6".to_owned()), ("ship", ".gitlab-ci.yml:6".to_owned())]
    );
    assert!(survey.ci_test_jobs.iter().any(|job| job.job == "unit" && job.starts.pushes));
}
