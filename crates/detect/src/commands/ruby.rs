//! Commands of Ruby components.

use siteplan_catalog::signals::{Ecosystem, Framework};
use siteplan_model::survey::ServiceKind;

use super::{Context, Field, Planned};
use crate::component::Component;
use crate::evidence::file;
use crate::readers::source::Source;
use crate::tree::{folder, has_ending, name, relative};

pub(super) fn plan(context: &Context<'_, '_>, planned: &mut Planned) {
    let component = context.component;
    let rails = context
        .shape
        .is_some_and(|shape| component.has("bin/rails") && shape.main.ecosystem == Some(Ecosystem::Gem));
    let has = |gem: &str| component.has_package(Ecosystem::Gem, gem);
    let at = |path: &str, seen: &str| file(&component.path(path), seen);
    if context.kind == ServiceKind::Static {
        if let Some(used) = context.shape.map(|shape| &shape.main)
            && let Some(build) = &used.framework.build
        {
            planned.set(Field::Build, build.clone(), used.evidence.clone());
        }
        return;
    }
    if rails && context.kind == ServiceKind::Web {
        planned.set(
            Field::Build,
            "SECRET_KEY_BASE_DUMMY=1 bin/rails assets:precompile",
            at("bin/rails", "Rails"),
        );
    }
    if (has("rspec-rails") || has("rspec")) && context.tree.has_folder(&component.path("spec")) {
        planned.set(Field::Test, "bundle exec rspec", at("spec", "RSpec"));
    }
    if context.tree.has_folder(&component.path("test")) {
        if rails {
            planned.set(Field::Test, "bin/rails test", at("test", "tests"));
        } else if component.has("Rakefile") {
            planned.set(Field::Test, "bundle exec rake test", at("Rakefile", "Rakefile"));
        }
    }
    if component.has("bin/rubocop") {
        planned.set(Field::Lint, "bin/rubocop", at("bin/rubocop", "RuboCop"));
    } else if component
        .manifest(Ecosystem::Gem)
        .is_some_and(|(_, m)| m.dependencies.iter().any(|d| d.name.starts_with("rubocop")))
    {
        planned.set(Field::Lint, "bundle exec rubocop", at("Gemfile", "rubocop"));
    } else if has("standard") {
        planned.set(Field::Lint, "bundle exec standardrb", at("Gemfile", "standard"));
    }
    if component.has("config/puma.rb") {
        planned.set(
            Field::Start,
            "bundle exec puma -C config/puma.rb",
            at("config/puma.rb", "Puma's configuration"),
        );
    } else if rails {
        planned.set(Field::Start, "bin/rails server -b 0.0.0.0 -e production", at("bin/rails", "Rails"));
    } else if component.has("config.ru") {
        let line = rack_server(component);
        planned.set(Field::Start, bundled(component, line), at("config.ru", "Rack application"));
    } else if let Some(entry) = script(component, context.shape.map(|shape| shape.main.framework)) {
        let line = format!("ruby {}", relative(entry, &component.folder).unwrap_or(entry));
        planned.set(Field::Start, bundled(component, &line), file(entry, "entry file"));
    }
}

/// The server that a Rack application is started by: the one among its gems.
fn rack_server(component: &Component<'_>) -> &'static str {
    let has = |gem: &str| component.has_package(Ecosystem::Gem, gem);
    if has("puma") {
        "puma"
    } else if has("falcon") {
        "falcon host"
    } else if has("unicorn") {
        "unicorn"
    } else if has("thin") {
        "thin start"
    } else {
        "rackup --host 0.0.0.0"
    }
}

/// A line as Bundler runs it, where there is a bundle.
fn bundled(component: &Component<'_>, line: &str) -> String {
    let bundle = component.has("Gemfile") || component.has("gems.rb");
    if bundle { format!("bundle exec {line}") } else { line.to_owned() }
}

/// The file that begins a program: one whose name says so, one that uses the framework, the only one there is.
pub(crate) fn script<'t>(component: &Component<'t>, framework: Option<&Framework>) -> Option<&'t str> {
    let named =
        ["app.rb", "main.rb", "server.rb", "bot.rb", "application.rb", "web.rb", "run.rb", "index.rb"];
    let scripts = || {
        component.sources.iter().filter(|(path, source)| {
            let below = relative(path, &component.folder).unwrap_or(path);
            let top = !below.contains('/')
                || matches!(folder(below), "src" | "app" | "bin" | "lib") && named.contains(&name(below));
            source.language == "ruby" && has_ending(path, &["rb"]) && top && !is_settings(below)
        })
    };
    let uses = |source: &Source| {
        framework.is_some_and(|row| source.imports.iter().any(|(module, _)| row.imports.contains(module)))
    };
    let rank = |path: &str| named.iter().position(|one| *one == name(path)).unwrap_or(named.len());
    let telling = scripts().filter(|(path, source)| uses(source) || rank(path) < named.len());
    let best =
        telling.min_by_key(|(path, source)| (!uses(source), path.matches('/').count(), rank(path), *path));
    let mut all = scripts();
    let only = all.next().filter(|_| all.next().is_none());
    best.or(only).map(|(path, _)| *path)
}

/// Ruby files that configure a tool.
fn is_settings(below: &str) -> bool {
    matches!(below, "config.rb" | "gems.rb" | "Rakefile.rb" | "Guardfile.rb") || below.ends_with("_spec.rb")
}
