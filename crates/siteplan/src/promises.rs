//! What the output says would happen under another answer, against what happens when the answer is given on the command line.

use std::fs;

use siteplan_catalog::Catalog;
use siteplan_model::Date;
use siteplan_model::brief::{Brief, Context};
use siteplan_model::recommendation::{Level, Recommendation};
use siteplan_model::survey::Survey;

use crate::given;
use crate::keys;
use crate::output::{Format, Output, Verbosity};
use crate::pipeline::{self, Ground};
use crate::session::{accept_context, give};

/// Files by path, and what is said beside them.
struct Asked {
    files: &'static [(&'static str, &'static str)],
    set: &'static [&'static str],
}

const NODE: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{"name": "notes", "scripts": {"start": "node server.js"}, "dependencies": {"express": "^5.1.0", "pg": "^8.16.0"}}"#,
    ),
    (
        "server.js",
        "import express from \"express\";\nimport pg from \"pg\";\nconst pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });\nexpress().listen(3000);\n",
    ),
];

const WORKER: &[(&str, &str)] = &[
    (
        "requirements.txt",
        "django==5.1\ncelery==5.4\nredis==5.0\npsycopg==3.2\ngunicorn==23.0\nchannels==4.1\n",
    ),
    ("manage.py", "import django\n"),
    (
        "shop/settings.py",
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\nCELERY_BROKER_URL = 'redis://'\n",
    ),
    ("shop/consumers.py", "from channels.generic.websocket import WebsocketConsumer\n"),
    ("Procfile", "web: gunicorn shop.wsgi\nworker: celery -A shop worker\nclock: celery -A shop beat\n"),
];

const SITE: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{"name": "site", "scripts": {"build": "vite build"}, "devDependencies": {"vite": "^6.0.0"}, "dependencies": {"react": "^19.0.0"}}"#,
    ),
    ("index.html", "<script type=\"module\" src=\"/main.js\"></script>\n"),
];

const GO: &[(&str, &str)] = &[
    (
        "go.mod",
        "module example.org/chat\n\ngo 1.23\n\nrequire (\n\tgithub.com/gorilla/websocket v1.5.3\n\tgithub.com/mattn/go-sqlite3 v1.14.24\n)\n",
    ),
    (
        "main.go",
        "package main\n\nimport (\n\t\"net/http\"\n\n\t\"github.com/gorilla/websocket\"\n)\n\nvar up = websocket.Upgrader{}\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n",
    ),
];

const ASKED: [Asked; 8] = [
    Asked { files: NODE, set: &[] },
    Asked { files: NODE, set: &["expertise=advanced", "scale=medium", "budget=medium", "long_requests=yes"] },
    Asked { files: NODE, set: &["users=5000", "max_usd_per_month=120", "expertise=intermediate"] },
    Asked { files: WORKER, set: &["expertise=intermediate", "scale=medium"] },
    Asked { files: WORKER, set: &["workers=no", "cron=no", "budget=small", "requests_per_month=400000"] },
    Asked { files: SITE, set: &["budget=free"] },
    Asked { files: GO, set: &["availability=high", "regions=europe"] },
    Asked { files: &[], set: &["app_type=full-stack", "file_storage=yes", "gpu=no"] },
];

/// What `recommend --defaults` with these settings would show.
fn recommended(catalog: &Catalog, survey: &Survey, set: &[String]) -> Recommendation {
    let ground = Ground { catalog, survey, spec_path: "specs" };
    let output = Output { format: Format::Json, verbosity: Verbosity::Quiet };
    let recommender = |brief: &Brief, context: &Context| pipeline::options(ground, brief, context);
    let brief = Brief::new("2026-11-26".parse::<Date>().unwrap());
    let mut interview = pipeline::interview(ground, brief, &recommender).unwrap();
    let given = given::collect(catalog, None, set).map_err(|failure| failure.message()).unwrap();
    give(&mut interview, &given, output).map_err(|failure| failure.message()).unwrap();
    accept_context(&mut interview).unwrap();
    (*interview.recommendation()).clone()
}

fn surveyed(catalog: &Catalog, files: &[(&str, &str)]) -> Survey {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    pipeline::detect(&catalog.signals, folder.path(), "specs", &[]).unwrap()
}

/// The settings with one more, in the place of what narrows the same answer.
fn with(set: &[&'static str], key: &str, value: &str) -> Vec<String> {
    let key_of = |pair: &'static str| pair.split_once('=').map_or(pair, |(key, _)| key);
    let narrows = |pair: &&&'static str| keys::subject_of(key_of(pair)) == keys::subject_of(key);
    let kept = set.iter().filter(|pair| !narrows(pair)).map(|pair| (*pair).to_owned());
    kept.chain([format!("{key}={value}")]).collect()
}

#[test]
fn an_answer_that_is_said_to_change_the_result_changes_it_so_when_it_is_set() {
    let catalog = Catalog::embedded().unwrap();
    let (mut flips, mut needs, mut levels) = (0, 0, 0);
    for Asked { files, set } in &ASKED {
        let survey = surveyed(&catalog, files);
        let owned: Vec<String> = set.iter().map(|pair| (*pair).to_owned()).collect();
        let now = recommended(&catalog, &survey, &owned);
        for flip in &now.would_change {
            let (key, value) = flip.when.first_key_value().unwrap();
            let then = recommended(&catalog, &survey, &with(set, key, value));
            assert_eq!(then.recommended, flip.then, "{set:?} and {key}={value}: {}", flip.because);
            flips += 1;
            needs += usize::from(catalog.refinements.get(key).is_some());
        }
        for option in &now.options {
            for condition in &option.confidence.conditions {
                let (key, value) = condition.when.first_key_value().unwrap();
                let then = recommended(&catalog, &survey, &with(set, key, value));
                let ranked = then.ranking.iter().find(|ranked| ranked.platform == option.platform).unwrap();
                let message = format!("{set:?} and {key}={value}: {} is {:?}", option.name, ranked.level);
                // An open answer or a weak fact may hold what would be high at medium.
                match condition.level {
                    Level::High => assert!(ranked.level >= Level::Medium, "{message}"),
                    level => assert_eq!(ranked.level, level, "{message}"),
                }
                levels += 1;
            }
        }
    }
    assert!(flips > 30 && needs > 3 && levels > 30, "{flips} flips, {needs} of needs, {levels} levels");
}

#[test]
fn every_key_that_the_output_names_can_be_set_and_explained() {
    let catalog = Catalog::embedded().unwrap();
    for Asked { files, set } in &ASKED {
        let survey = surveyed(&catalog, files);
        let owned: Vec<String> = set.iter().map(|pair| (*pair).to_owned()).collect();
        let now = recommended(&catalog, &survey, &owned);
        let relaxed = now.ranking.iter().filter_map(|ranked| ranked.feasible_with.as_ref());
        let keys = now.would_change.iter().flat_map(|flip| flip.when.keys());
        let keys = keys.chain(relaxed.flat_map(|relaxation| relaxation.by.keys()));
        for key in keys.chain(&now.worth_asking).chain(now.not_worth_asking.iter().map(|not| &not.key)) {
            let known = keys::gate_of(key).is_some() || keys::is_setting(&catalog, key);
            assert!(known, "`{key}` cannot be set");
        }
    }
}
