//! Runtime versions: which of several places is believed, and for which service.

use siteplan_model::fact::Certainty;
use siteplan_model::survey::Survey;

use crate::tree::surveyed;

/// Runtimes as `id version path`.
fn runtimes(survey: &Survey) -> Vec<String> {
    survey
        .runtimes
        .iter()
        .map(|fact| {
            let version = fact.version.as_deref().unwrap_or("?");
            format!("{} {version} {}", fact.fact.value, fact.fact.evidence[0].path)
        })
        .collect()
}

const EXPRESS: &str = r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}, "devDependencies": {"typescript": "5.9"}, "engines": {"node": ">=18"}}"#;

#[test]
fn a_pin_is_believed_before_a_container_and_a_container_before_a_range() {
    let mut files = vec![("package.json", EXPRESS), ("tsconfig.json", "{}"), ("a.ts", "app.listen(3000)")];
    assert_eq!(runtimes(&surveyed(&files)), ["node >=18 package.json"]);
    files.push((
        "Dockerfile",
        "FROM node:22-alpine AS build\nFROM node:22-alpine\nCMD [\"node\", \"a.js\"]\n",
    ));
    let survey = surveyed(&files);
    assert_eq!(runtimes(&survey), ["node 22 Dockerfile"]);
    // The compiler's version is the language's own.
    assert_eq!(survey.languages[0].version.as_deref(), Some("5.9"));
    files.push((".nvmrc", "v20.11\n"));
    let survey = surveyed(&files);
    assert_eq!(runtimes(&survey), ["node 20.11 .nvmrc"]);
    let conflict = survey.conflicts.iter().find(|one| one.field == "runtimes.node").expect("said");
    assert_eq!(conflict.values, ["20.11", "22"]);
}

#[test]
fn every_file_that_gives_nodes_version_is_read() {
    let plain = r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}}"#;
    for (path, text) in [
        (".node-version", "22.3.0\n"),
        (".tool-versions", "nodejs 22.3.0\n"),
        ("mise.toml", "[tools]\nnode = \"22.3.0\"\n"),
        ("netlify.toml", "[build.environment]\nNODE_VERSION = \"22.3.0\"\n"),
        ("render.yaml", "services:\n- type: web\n  envVars:\n  - key: NODE_VERSION\n    value: 22.3.0\n"),
    ] {
        let survey = surveyed(&[("package.json", plain), ("a.js", "app.listen(3000)"), (path, text)]);
        assert_eq!(runtimes(&survey), [format!("node 22.3.0 {path}")], "{path}");
    }
    let volta = r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}, "volta": {"node": "22.3.0"}, "engines": {"node": ">=18"}}"#;
    let survey = surveyed(&[("package.json", volta), ("a.js", "app.listen(3000)")]);
    assert_eq!(runtimes(&survey), ["node 22.3.0 package.json"]);
}

#[test]
fn ci_is_believed_where_nothing_else_says_a_version() {
    let survey = surveyed(&[
        ("requirements.txt", "flask\n"),
        ("app.py", "app = Flask(__name__)\n"),
        (
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  test:\n    steps:\n      - uses: actions/setup-python@v5\n        with:\n          python-version: '3.12'\n      - run: pytest\n",
        ),
    ]);
    assert_eq!(runtimes(&survey), ["python 3.12 .github/workflows/ci.yml"]);
    assert_eq!(survey.runtimes[0].fact.certainty, Certainty::Low);
}

#[test]
fn each_service_has_its_own_version_and_the_root_speaks_for_the_others() {
    let api = r#"{"name": "api", "scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}}"#;
    let survey = surveyed(&[
        (".nvmrc", "20\n"),
        ("one/package.json", api),
        ("one/a.js", "app.listen(3000)"),
        ("two/package.json", api),
        ("two/.nvmrc", "22\n"),
        ("two/a.js", "app.listen(3000)"),
        ("three/go.mod", "module x\n\ngo 1.24\n"),
        ("three/main.go", "package main\nfunc main() { http.ListenAndServe(\":80\", nil) }\n"),
    ]);
    let mut found = runtimes(&survey);
    found.sort();
    assert_eq!(found, ["go 1.24 three/go.mod", "node 20 .nvmrc", "node 22 two/.nvmrc"]);
}

#[test]
fn runtimes_of_the_other_ecosystems() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[("Gemfile", "ruby '3.3.1'\ngem 'sinatra'\n"), ("app.rb", ""), ("config.ru", "")],
            "ruby 3.3.1 Gemfile",
        ),
        (
            &[
                ("composer.json", r#"{"require": {"php": "^8.2", "slim/slim": "4"}}"#),
                ("public/index.php", "<?php"),
                ("Dockerfile", "FROM php:8.3-fpm\n"),
            ],
            "php 8.3 Dockerfile",
        ),
        (
            &[
                (
                    "pom.xml",
                    "<project><artifactId>a</artifactId><properties><java.version>21</java.version></properties><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>",
                ),
                ("src/main/java/A.java", "@SpringBootApplication class A {}"),
                ("Dockerfile", "FROM maven:3.9-eclipse-temurin-21 AS build\nFROM eclipse-temurin:21-jre\n"),
            ],
            "java 21 pom.xml",
        ),
        (
            &[
                ("Cargo.toml", "[package]\nname = \"a\"\n[dependencies]\naxum = \"0.8\"\n"),
                ("src/main.rs", "fn main() { axum::serve(l, a) }"),
                ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.90\"\n"),
            ],
            "rust 1.90 rust-toolchain.toml",
        ),
        (
            &[
                (
                    "package.json",
                    r#"{"packageManager": "bun@1.2.3", "scripts": {"start": "bun a.ts"}, "dependencies": {"hono": "4"}}"#,
                ),
                ("bun.lock", ""),
                ("a.ts", "Bun.serve({ port: 3000 })"),
            ],
            "bun 1.2.3 package.json",
        ),
    ];
    for (files, expected) in cases {
        assert_eq!(runtimes(&surveyed(files))[0], *expected);
    }
}
