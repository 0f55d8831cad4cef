//! Ruby and PHP: gems and packages, servers, plain scripts, sites, and what a Procfile or compose file says of them.

use siteplan_model::survey::{ServiceKind, Survey};

use crate::tree::{services, start, surveyed};

fn framework(survey: &Survey) -> Option<(&str, Option<&str>)> {
    survey.frameworks.first().map(|one| (one.fact.value.as_str(), one.version.as_deref()))
}

#[test]
fn the_lock_file_says_which_rails_and_which_ruby() {
    let survey = surveyed(&[
        ("Gemfile", "source \"https://rubygems.org\"\ngem \"rails\", \"~> 8.0\"\ngem \"puma\"\n"),
        (
            "Gemfile.lock",
            "GEM\n  specs:\n    rails (8.0.2)\n      railties (= 8.0.2)\n\nRUBY VERSION\n   ruby 3.4.1p0\n",
        ),
        ("config.ru", "run Rails.application\n"),
        ("bin/rails", "#!/usr/bin/env ruby\n"),
        ("config/application.rb", "module Shop\nend\n"),
    ]);
    assert_eq!(framework(&survey), Some(("rails", Some("8.0.2"))));
    assert_eq!(survey.runtimes[0].version.as_deref(), Some("3.4.1"));
    assert_eq!(survey.runtimes[0].fact.evidence[0].path, "Gemfile.lock");
    assert_eq!(survey.languages[0].version.as_deref(), Some("3.4.1"));
}

#[test]
fn scripts_of_ruby_are_run_by_what_is_there() {
    let app = "require 'sinatra'\nget '/' do\n  'hello'\nend\n";
    let survey = surveyed(&[("Gemfile", "gem 'sinatra'\n"), ("hello.rb", app), ("helper.rb", "X = 1\n")]);
    assert_eq!(start(&survey), "bundle exec ruby hello.rb");
    assert_eq!(survey.services[0].kind, ServiceKind::Api);
    assert_eq!(survey.port.as_ref().map(|port| port.value), Some(4567));
    let survey = surveyed(&[("hello.rb", app)]);
    assert_eq!((start(&survey), framework(&survey).map(|one| one.0)), ("ruby hello.rb", Some("sinatra")));
    let survey = surveyed(&[
        ("Gemfile", "gem 'rack'\ngem 'puma'\n"),
        ("config.ru", "run App\n"),
        ("app.rb", "class App\nend\n"),
    ]);
    assert_eq!((start(&survey), services(&survey).join(" ").as_str()), ("bundle exec puma", ".:api"));
    let survey = surveyed(&[("Gemfile", "gem 'nokogiri'\n"), ("main.rb", "puts 1\n")]);
    assert_eq!(
        (start(&survey), services(&survey).join(" ").as_str()),
        ("bundle exec ruby main.rb", ".:worker")
    );
}

#[test]
fn a_process_file_names_the_web_and_no_other_process_replaces_it() {
    let survey = surveyed(&[
        ("Gemfile", "gem 'rails'\ngem 'resque'\n"),
        ("config.ru", "run Rails.application\n"),
        ("bin/rails", ""),
        ("bin/start-app", ""),
        ("config/application.rb", "module Shop\nend\n"),
        (
            "Procfile",
            "web: bundle exec thrust bin/start-app\nredis: redis-server config/redis.conf\nworkers: bundle exec resque-pool\n",
        ),
    ]);
    assert_eq!(start(&survey), "bundle exec thrust bin/start-app");
    assert_eq!(services(&survey), [".:web", ".:worker"]);
    let survey = surveyed(&[
        ("Gemfile", "gem 'discordrb'\n"),
        ("bot.rb", "require 'discordrb'\n"),
        ("Procfile", "worker: bundle exec ruby bot.rb\n"),
    ]);
    assert_eq!(services(&survey), [".:worker"], "no phantom web");
}

#[test]
fn sites_that_ruby_and_python_make_are_static() {
    let survey = surveyed(&[
        ("Gemfile", "gem \"jekyll\", \"~> 4.3\"\n"),
        ("_config.yml", "title: a\n"),
        ("index.md", "# a\n"),
    ]);
    assert_eq!(services(&survey), [".:static"]);
    assert_eq!(survey.services[0].static_output.as_deref(), Some("_site"));
    assert_eq!(survey.commands.build.as_deref(), Some("bundle exec jekyll build"));
    let survey = surveyed(&[
        ("requirements.txt", "mkdocs-material\n"),
        ("mkdocs.yml", "site_name: a\n"),
        ("docs/index.md", "# a\n"),
    ]);
    assert_eq!(services(&survey), [".:static"]);
    assert_eq!(survey.services[0].static_output.as_deref(), Some("site"));
    assert_eq!(survey.commands.build.as_deref(), Some("mkdocs build"));
}

#[test]
fn the_web_root_of_php_is_where_the_front_controller_lies_or_will_lie() {
    let bedrock = surveyed(&[
        ("composer.json", r#"{"type": "project", "require": {"php": ">=8.1", "roots/wordpress": "6.7"}}"#),
        ("web/index.php", "<?php\n"),
        ("web/wp-config.php", "<?php\n"),
    ]);
    assert_eq!(framework(&bedrock).map(|one| one.0), Some("wordpress"));
    assert_eq!(start(&bedrock), "frankenphp php-server --root web --listen :80");
    let drupal = surveyed(&[(
        "composer.json",
        r#"{"type": "project", "require": {"drupal/core-recommended": "^11"}, "extra": {"drupal-scaffold": {"locations": {"web-root": "web/"}}}}"#,
    )]);
    assert_eq!(framework(&drupal).map(|one| one.0), Some("drupal"));
    assert_eq!(start(&drupal), "frankenphp php-server --root web --listen :80");
    let plugin = surveyed(&[
        ("composer.json", r#"{"type": "wordpress-plugin", "require": {"php": ">=7.4"}}"#),
        ("index.php", "<?php // silence\n"),
        ("plugin.php", "<?php\n"),
    ]);
    assert_eq!(services(&plugin), Vec::<String>::new(), "a plug-in is installed into something else");
}

#[test]
fn php_without_composer_serves_its_folder_or_is_a_script() {
    let survey = surveyed(&[("index.php", "<?php phpinfo();\n")]);
    assert_eq!(services(&survey), [".:web"]);
    assert_eq!(start(&survey), "frankenphp php-server --root . --listen :8000");
    let survey = surveyed(&[
        ("composer.json", r#"{"require": {"laravel/framework": "^11"}}"#),
        ("artisan", ""),
        ("public/index.php", "<?php\n"),
        ("config/scout.php", "<?php return ['port' => env('TYPESENSE_PORT', '8108')];\n"),
    ]);
    assert_eq!(survey.port.as_ref().map(|port| port.value), Some(8000), "not where something else listens");
}

#[test]
fn what_bundles_the_scripts_of_a_server_is_no_framework_of_it() {
    let files = |scripts: &'static str| {
        let survey = surveyed(&[
            ("composer.json", r#"{"require": {"laravel/framework": "^12"}}"#),
            ("artisan", "<?php"),
            ("public/index.php", "<?php"),
            ("package.json", scripts),
            ("vite.config.js", "export default {}"),
            ("resources/js/app.js", "import './bootstrap'\n"),
        ]);
        survey.frameworks.iter().map(|one| one.fact.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(files(r#"{"devDependencies": {"vite": "7", "laravel-vite-plugin": "2"}}"#), ["laravel"]);
    let vue = r#"{"dependencies": {"vue": "3"}, "devDependencies": {"vite": "7"}}"#;
    assert_eq!(files(vue), ["laravel", "vue"]);
}
