//! Container builds and processes: which component they are of.

use crate::tree::{service, services, start, surveyed};

const EXPRESS: &str = r#"{"name": "@acme/server", "scripts": {"start": "node dist/index.js", "build": "tsc"}, "dependencies": {"express": "4"}}"#;
const NEXT: &str = r#"{"name": "web", "scripts": {"build": "next build", "start": "next start"}, "dependencies": {"next": "15"}}"#;
const ROOT: &str = r#"{"private": true, "workspaces": ["apps/*"], "devDependencies": {"turbo": "2"}}"#;

#[test]
fn a_build_at_the_root_is_of_the_member_that_it_names() {
    for (path, text) in [
        ("Dockerfile.server", "FROM node:22\nCOPY . .\nEXPOSE 4000\nCMD [\"node\", \"index.js\"]\n"),
        (
            "Dockerfile",
            "FROM node:22\nCOPY . .\nEXPOSE 4000\nCMD [\"node\", \"apps/server/dist/index.js\"]\n",
        ),
        ("Dockerfile", "FROM node:22\nCOPY . .\nEXPOSE 4000\nCMD pnpm --filter @acme/server start\n"),
        ("Dockerfile", "FROM node:22\nCOPY apps/server ./\nEXPOSE 4000\nCMD npm start\n"),
    ] {
        let survey = surveyed(&[
            ("package.json", ROOT),
            (path, text),
            ("apps/web/package.json", NEXT),
            ("apps/web/app/page.tsx", ""),
            ("apps/server/package.json", EXPRESS),
            ("apps/server/src/index.ts", "app.listen(4000)"),
        ]);
        assert_eq!(services(&survey), ["apps/web:web", "apps/server:api"], "{text}");
        assert_eq!(service(&survey, "apps/server").dockerfile.as_deref(), Some(path), "{text}");
        assert_eq!(service(&survey, "apps/web").dockerfile, None, "{text}");
        assert_eq!(service(&survey, "apps/server").port, Some(4000));
    }
}

#[test]
fn a_proxy_with_settings_alone_is_no_service_and_one_filled_with_pages_is() {
    let proxy = surveyed(&[
        (
            "compose.yaml",
            "services:\n  web:\n    build: ./web\n  proxy:\n    build: ./proxy\n    ports: [\"80:80\"]\n",
        ),
        ("proxy/Dockerfile", "FROM nginx\nRUN mkdir -p /srv\nCOPY nginx.conf /etc/nginx/nginx.conf\n"),
        ("web/Dockerfile", "FROM python:3.12\nEXPOSE 8000\n"),
        ("web/requirements.txt", "flask\n"),
        ("web/app.py", "from flask import Flask\napp = Flask(__name__)\n"),
    ]);
    assert_eq!(services(&proxy), ["web:api"]);
    let site = surveyed(&[
        ("site/Dockerfile", "FROM nginx\nCOPY pages /usr/share/nginx/html\nEXPOSE 80\n"),
        ("site/pages/index.html", "<p>"),
    ]);
    assert_eq!(site.services.len(), 1, "{:?}", services(&site));
}

#[test]
fn a_process_that_goes_into_a_folder_is_of_the_component_there() {
    let survey = surveyed(&[
        ("Procfile", "web: cd shop && php artisan serve --port=$PORT\n"),
        ("shop/composer.json", r#"{"require": {"laravel/framework": "^11"}}"#),
        ("shop/artisan", "<?php"),
        ("shop/public/index.php", "<?php"),
    ]);
    assert_eq!(services(&survey), ["shop:web"]);
    assert_eq!(start(&survey), "php artisan serve --port=$PORT");
}

#[test]
fn an_image_of_which_nothing_is_known_is_no_sign_of_background_work() {
    let survey = surveyed(&[("Dockerfile", "FROM example/thing\nCMD [\"thing\"]\n")]);
    assert!(!survey.needs.workers.value);
}
