//! Commands of Ruby components.

use siteplan_catalog::signals::Ecosystem;
use siteplan_model::survey::ServiceKind;

use super::{Context, Field, Planned};
use crate::evidence::file;

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
        let line = if has("puma") { "bundle exec puma" } else { "bundle exec rackup --host 0.0.0.0" };
        planned.set(Field::Start, line, at("config.ru", "Rack application"));
    } else if let Some(entry) =
        ["app.rb", "main.rb", "server.rb", "bot.rb"].iter().find(|entry| component.has(entry))
    {
        planned.set(Field::Start, format!("bundle exec ruby {entry}"), at(entry, "entry file"));
    }
}
