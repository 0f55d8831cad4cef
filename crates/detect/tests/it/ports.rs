//! Where a service listens, by what is said of production, and how far each statement can be relied on.

use siteplan_model::fact::Certainty;
use siteplan_model::survey::Survey;

use crate::tree::surveyed;

fn port(survey: &Survey) -> Option<(u16, Certainty)> {
    survey.port.as_ref().map(|fact| (fact.value, fact.certainty))
}

const EXPRESS: (&str, &str) =
    ("package.json", r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}}"#);
const LISTENS: (&str, &str) = ("a.js", "require('express')().listen(process.env.PORT || 3000)\n");
const NODE_IMAGE: &str = "FROM node:22\nCOPY . .\nRUN npm ci\nCMD node a.js\n";
const LARAVEL: (&str, &str) = ("composer.json", r#"{"require": {"laravel/framework": "^11"}}"#);

#[test]
fn one_statement_of_production_is_certain_and_a_default_is_not() {
    let exposed = format!("{NODE_IMAGE}EXPOSE 3000\n");
    assert_eq!(port(&surveyed(&[EXPRESS, LISTENS, ("Dockerfile", &exposed)])), Some((3000, Certainty::High)));
    assert_eq!(port(&surveyed(&[EXPRESS, LISTENS])), Some((3000, Certainty::Medium)));
    let compose = "services:\n  a:\n    build: .\n    ports: [\"80:3000\"]\n";
    let agreed = [EXPRESS, LISTENS, ("Dockerfile", NODE_IMAGE), ("compose.yml", compose)];
    assert_eq!(port(&surveyed(&agreed)), Some((3000, Certainty::High)));
    let alone = [EXPRESS, ("a.js", "x.listen()\n"), ("Dockerfile", NODE_IMAGE), ("compose.yml", compose)];
    assert_eq!(port(&surveyed(&alone)), Some((3000, Certainty::Medium)));
    let rails = [("Gemfile", "gem 'rails'\n"), ("config/application.rb", ""), ("bin/rails", "")];
    assert_eq!(port(&surveyed(&rails)), Some((3000, Certainty::Low)));
}

#[test]
fn an_image_is_known_for_its_port_and_fast_cgi_is_none() {
    let apache = "FROM composer AS c\nRUN composer install\nFROM php:8.3-apache\nCOPY . .\n";
    let survey = surveyed(&[LARAVEL, ("artisan", ""), ("Dockerfile", apache)]);
    assert_eq!(port(&survey), Some((80, Certainty::Medium)));
    let seen = &survey.port.as_ref().expect("a port").evidence[0];
    assert_eq!((seen.path.as_str(), seen.line), ("Dockerfile", Some(3)));
    let fpm = "FROM php:8.3-fpm\nCOPY . .\nEXPOSE 9000\nCMD [\"php-fpm\"]\n";
    assert_eq!(port(&surveyed(&[LARAVEL, ("artisan", ""), ("Dockerfile", fpm)])), None);
    let both = "FROM php:8.3-fpm\nCOPY . .\nRUN apk add nginx\nEXPOSE 9000 8081\nCMD [\"run\"]\n";
    let survey = surveyed(&[LARAVEL, ("artisan", ""), ("Dockerfile", both)]);
    assert_eq!(port(&survey).map(|(port, _)| port), Some(8081));
    let pages = r#"{"scripts": {"build": "vite build"}, "dependencies": {"vite": "5", "react": "18"}}"#;
    let nginx = "FROM node:22 AS b\nCOPY . .\nRUN npm run build\nFROM nginxinc/nginx-unprivileged:alpine\nCOPY --from=b dist /usr/share/nginx/html\n";
    let files = [("package.json", pages), ("index.html", "<p>")];
    let survey = surveyed(&[files[0], files[1], ("Dockerfile", nginx)]);
    assert_eq!(survey.services[0].port, Some(8080));
    assert_eq!(surveyed(&files).services[0].port, None);
}

#[test]
fn variables_of_compose_and_containers_of_manifests() {
    let code = ("a.js", "x.listen(process.env.APP_AT)\n");
    let compose = "services:\n  a:\n    build: .\n    environment:\n      APP_AT: 7002\n      OTHER: 7003\n";
    let files = [EXPRESS, code, ("Dockerfile", NODE_IMAGE), ("compose.yml", compose)];
    assert_eq!(port(&surveyed(&files)), Some((7002, Certainty::Medium)));
    let manifest = "kind: Deployment\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: a\n    image: a\n    ports:\n    - containerPort: 3057\n---\nkind: Deployment\nmetadata:\n  name: cache\nspec:\n  containers:\n  - name: cache\n    image: redis:7\n    ports:\n    - containerPort: 7777\n";
    let survey = surveyed(&[EXPRESS, code, ("Dockerfile", NODE_IMAGE), ("k8s/a.yaml", manifest)]);
    assert_eq!(port(&survey), Some((3057, Certainty::Medium)));
    assert_eq!(survey.port.as_ref().expect("a port").evidence[0].line, Some(9));
}

#[test]
fn documented_defaults_are_weak() {
    let files =
        [EXPRESS, ("a.js", "x.listen(process.env.PORT)\n"), (".env.example", "PORT=7009\nB_PORT=1\n")];
    assert_eq!(port(&surveyed(&files)), Some((7009, Certainty::Low)));
}

#[test]
fn settings_of_servers_and_of_frameworks() {
    let django = [
        ("requirements.txt", "django\nuwsgi\n"),
        ("manage.py", ""),
        ("x/wsgi.py", ""),
        ("x/settings.py", ""),
    ];
    let uwsgi = ("uwsgi.ini", "[uwsgi]\nhttp = :9004\n");
    let with = [django[0], django[1], django[2], django[3], uwsgi];
    assert_eq!(port(&surveyed(&with)), Some((9004, Certainty::Medium)));
    let rails = [
        ("Gemfile", "gem 'rails'\n"),
        ("config/application.rb", ""),
        ("bin/rails", ""),
        ("config/puma.rb", "port ENV.fetch(\"PORT\") { 3010 }\n"),
    ];
    assert_eq!(port(&surveyed(&rails)), Some((3010, Certainty::Medium)));
    let rocket = [
        ("Cargo.toml", "[package]\nname = \"a\"\n[dependencies]\nrocket = \"0.5\"\n"),
        ("src/main.rs", "#[launch]\nfn rocket() -> _ { rocket::build() }\n"),
        ("Rocket.toml", "[default]\nport = 8235\n[debug]\nport = 1111\n"),
    ];
    assert_eq!(port(&surveyed(&rocket)), Some((8235, Certainty::Medium)));
    let kamal = ("config/deploy.yml", "service: x\nservers: [a]\nproxy:\n  app_port: 3056\n");
    let files = [EXPRESS, ("a.js", "x.listen()\n"), ("Dockerfile", NODE_IMAGE), kamal];
    assert_eq!(port(&surveyed(&files)), Some((3056, Certainty::High)));
    let app = ("services:\n- name: a\n  http_port: 3055\n", "x.listen(process.env.PORT)\n");
    let files = [EXPRESS, ("a.js", app.1), (".do/app.yaml", app.0)];
    assert_eq!(port(&surveyed(&files)), Some((3055, Certainty::High)));
    let angular = r#"{"projects": {"a": {"architect": {"serve": {"options": {"port": 4800}}}}}}"#;
    let manifest = r#"{"scripts": {"build": "ng build"}, "dependencies": {"@angular/core": "17"}}"#;
    let survey = surveyed(&[("package.json", manifest), ("angular.json", angular), ("src/index.html", "")]);
    assert_eq!(survey.services[0].port, Some(4800));
}

#[test]
fn what_a_served_script_would_open_itself_is_passed_over() {
    let code = "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run(port=5001)\n";
    let files = [("requirements.txt", "flask\ngunicorn\n"), ("app.py", code)];
    let served = surveyed(&[files[0], files[1], ("Procfile", "web: gunicorn app:app\n")]);
    assert_eq!(port(&served).map(|(_, certainty)| certainty), Some(Certainty::Low));
    let run = surveyed(&[("requirements.txt", "flask\n"), files[1]]);
    assert_eq!(port(&run), Some((5001, Certainty::Medium)));
}
