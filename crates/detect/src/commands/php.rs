//! Commands of PHP components.

use siteplan_catalog::signals::Ecosystem;
use siteplan_model::fact::Evidence;
use siteplan_model::survey::ServiceKind;

use super::{Context, Field, Planned, is_development_server};
use crate::component::Component;
use crate::evidence::{file, maybe_at};
use crate::tree::has_ending;

pub(super) fn plan(context: &Context<'_, '_>, planned: &mut Planned) {
    let component = context.component;
    let has = |package: &str| component.has_package(Ecosystem::Composer, package);
    let at = |path: &str, seen: &str| file(&component.path(path), seen);
    if let Some((path, manifest)) = component.manifest(Ecosystem::Npm) {
        let names = ["build", "production", "prod"];
        if let Some((name, script)) =
            names.iter().find_map(|name| manifest.scripts.get(*name).map(|script| (name, script)))
        {
            let (install, run) = if component.has("package-lock.json") {
                ("npm ci", "npm run")
            } else if component.has("yarn.lock") {
                ("yarn install --frozen-lockfile", "yarn")
            } else if component.has("pnpm-lock.yaml") {
                ("pnpm install --frozen-lockfile", "pnpm")
            } else {
                ("npm install", "npm run")
            };
            planned.set(
                Field::Build,
                format!("{install} && {run} {name}"),
                maybe_at(path, script.line, &script.text),
            );
        }
    }
    if component.has("artisan")
        && (has("pestphp/pest") || component.has("phpunit.xml") || component.has("phpunit.xml.dist"))
    {
        planned.set(Field::Test, "php artisan test", at("artisan", "Laravel"));
    } else if has("pestphp/pest") {
        planned.set(Field::Test, "vendor/bin/pest", at("composer.json", "pestphp/pest"));
    } else if component.has("bin/phpunit") {
        planned.set(Field::Test, "php bin/phpunit", at("bin/phpunit", "PHPUnit"));
    } else if has("phpunit/phpunit") || component.has("phpunit.xml.dist") || component.has("phpunit.xml") {
        planned.set(Field::Test, "vendor/bin/phpunit", at("composer.json", "phpunit/phpunit"));
    }
    if has("laravel/pint") {
        planned.set(Field::Lint, "vendor/bin/pint --test", at("composer.json", "laravel/pint"));
    } else if has("phpstan/phpstan") {
        planned.set(Field::Lint, "vendor/bin/phpstan analyse", at("composer.json", "phpstan/phpstan"));
    }
    if context.kind == ServiceKind::Static {
        return;
    }
    let port = context.port.unwrap_or(8000);
    if has("laravel/octane") {
        planned.set(
            Field::Start,
            format!("php artisan octane:start --host=0.0.0.0 --port={port}"),
            at("composer.json", "laravel/octane"),
        );
        return;
    }
    // Frameworks that are servers themselves say how; the program that they run must be there.
    let own = context.shape.and_then(|shape| shape.main.framework.start.as_ref().map(|line| (line, shape)));
    if let Some((line, shape)) = own.filter(|(line, _)| !is_development_server(&context.signals.files, line))
    {
        let program = line.split_whitespace().nth(1).unwrap_or_default();
        if !has_ending(program, &["php"]) || component.has(program) {
            planned.set(Field::Start, line.replace("{port}", &port.to_string()), shape.main.evidence.clone());
            return;
        }
    }
    // `php artisan serve` and `php -S` are for development; FrankenPHP is one binary that serves PHP in production.
    if let Some((root, seen)) = web_root(component) {
        let line = format!("frankenphp php-server --root {root} --listen :{port}");
        planned.set(Field::Start, line, seen);
        return;
    }
    if let Some(script) = ["main.php", "app.php", "bot.php", "run.php", "server.php", "start.php"]
        .iter()
        .find(|one| component.has(one))
    {
        planned.set(Field::Start, format!("php {script}"), at(script, "entry file"));
    }
}

/// Folders in which a front controller lies, the usual one first.
const ROOTS: &[&str] = &[
    "public",
    "web",
    "webroot",
    "pub",
    ".",
    "htdocs",
    "public_html",
    "www",
    "html",
    "docroot",
    "httpdocs",
    "src/public",
    "src",
    "app/public",
    "app/web",
    "frontend/web",
    "site",
];

/// The folder that a web server shows: where the front controller lies, or will lie when the packages are installed.
pub(crate) fn web_root(component: &Component<'_>) -> Option<(String, Evidence)> {
    let found = ROOTS.iter().find_map(|root| {
        let index = if *root == "." { "index.php".to_owned() } else { format!("{root}/index.php") };
        component.has(&index).then(|| ((*root).to_owned(), file(&component.path(&index), "front controller")))
    });
    found.or_else(|| {
        let (path, manifest) = component.manifest(Ecosystem::Composer)?;
        let root = manifest.main.clone()?;
        let seen = maybe_at(path, None, &format!("web root {root}"));
        Some((root, seen))
    })
}
