//! Which variables are the application's, and which of them production cannot do without.

use siteplan_model::survey::{DefaultUse, EnvironmentVariable, Survey};

use crate::tree::surveyed;

/// Names of required variables.
fn required(survey: &Survey) -> Vec<&str> {
    survey.environment.iter().filter(|one| one.required).map(|one| one.name.as_str()).collect()
}

fn names(survey: &Survey) -> Vec<&str> {
    survey.environment.iter().map(|one| one.name.as_str()).collect()
}

const PACKAGE: &str = r#"{"scripts": {"start": "node a.js", "build": "node scripts/build.js", "seed": "node scripts/seed.js"}, "dependencies": {"express": "4", "pg": "8"}}"#;

#[test]
fn a_default_that_nobody_uses_in_production_is_no_default() {
    let survey = surveyed(&[
        ("package.json", PACKAGE),
        (
            "a.js",
            "process.env.API_URL || 'http://localhost:4000';\nprocess.env.SESSION_SECRET || 'changeme';\n\
             process.env.DATABASE_URL || 'postgres://postgres:postgres@localhost/x';\nprocess.env.LIMIT || '10';\n\
             process.env.REGION || 'eu';\nprocess.env.PORT || 3000;\nprocess.env.MAIL_FROM || 'me@example.com';\n\
             process.env.JWT_SECRET || '';\napp.listen(3000)\n",
        ),
    ]);
    assert_eq!(required(&survey), ["API_URL", "DATABASE_URL", "JWT_SECRET", "MAIL_FROM", "SESSION_SECRET"]);
}

#[test]
fn a_file_as_default_is_enough_only_where_the_file_is_the_database() {
    let settings = "DATABASE_URL = os.environ.get('DATABASE_URL', 'sqlite:///db.sqlite3')\n";
    let alone = surveyed(&[
        ("requirements.txt", "flask\n"),
        ("app.py", "app = Flask(__name__)\n"),
        ("c.py", settings),
    ]);
    assert!(required(&alone).is_empty());
}

#[test]
fn what_only_tests_scripts_and_development_read_is_not_the_applications() {
    let survey = surveyed(&[
        ("package.json", PACKAGE),
        ("a.js", "process.env.API_KEY;\napp.listen(3000)\n"),
        ("a.test.js", "process.env.FROM_TEST"),
        ("scripts/seed.js", "process.env.FROM_SEED"),
        ("scripts/build.js", "process.env.FROM_BUILD"),
        ("settings/local.js", "process.env.FROM_LOCAL"),
    ]);
    assert_eq!(names(&survey), ["API_KEY", "FROM_BUILD"]);
}

#[test]
fn what_a_setting_switches_on_is_not_required() {
    let survey = surveyed(&[
        ("requirements.txt", "django\npsycopg2\n"),
        ("manage.py", ""),
        (
            "shop/settings.py",
            "env = Env()\nKEY = env('SECRET_KEY', None)\nif not DEBUG and KEY in [None]:\n    raise Improper()\n\
             DOMAIN = env('DOMAIN')\nUSE_S3 = env.bool('USE_S3', False)\nif USE_S3:\n    A = env('AWS_SECRET_ACCESS_KEY')\n\
             DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n",
        ),
    ]);
    assert_eq!(required(&survey), ["DOMAIN", "SECRET_KEY"]);
}

#[test]
fn the_scripts_that_start_production_are_read() {
    let survey = surveyed(&[
        ("package.json", PACKAGE),
        ("a.js", "app.listen(3000)\n"),
        ("Dockerfile", "FROM node:22\nENTRYPOINT [\"/app/boot.sh\"]\n"),
        ("boot.sh", "#!/bin/sh\n: ${LICENSE_KEY:?needed}\nexec node a.js --region ${REGION:-eu}\n"),
        ("release.sh", "#!/bin/sh\necho $UPLOAD_TOKEN\n"),
    ]);
    assert_eq!(names(&survey), ["LICENSE_KEY", "REGION"]);
    assert_eq!(required(&survey), ["LICENSE_KEY"]);
}

#[test]
fn laravel_needs_its_database_and_not_what_its_skeleton_offers() {
    let survey = surveyed(&[
        ("composer.json", r#"{"require": {"laravel/framework": "11"}}"#),
        ("artisan", ""),
        (
            "config/database.php",
            "<?php\n'host' => env('DB_HOST', '127.0.0.1'),\n'password' => env('DB_PASSWORD', ''),\n",
        ),
        ("config/services.php", "<?php\n'secret' => env('MAILGUN_SECRET'),\n"),
        (".env.example", "DB_CONNECTION=mysql\nDB_HOST=127.0.0.1\nDB_PASSWORD=\nMAILGUN_SECRET=\n"),
    ]);
    assert_eq!(
        required(&survey),
        ["APP_KEY", "DB_CONNECTION", "DB_DATABASE", "DB_HOST", "DB_PASSWORD", "DB_USERNAME"]
    );
    assert!(names(&survey).contains(&"MAILGUN_SECRET"));
}

#[test]
fn a_layered_configuration_gives_defaults_that_are_judged_too() {
    let survey = surveyed(&[
        (
            "Cargo.toml",
            "[package]\nname = \"a\"\n[dependencies]\naxum = \"0.8\"\nsqlx = { version = \"0.8\", features = [\"postgres\"] }\n",
        ),
        (
            "src/main.rs",
            "fn main() { axum::serve(l, a); Environment::with_prefix(\"APP\").prefix_separator(\"_\").separator(\"__\") }",
        ),
        (
            "configuration/base.yaml",
            "app:\n  port: 8000\n  hmac_secret: \"long-and-known\"\ndatabase:\n  host: \"127.0.0.1\"\n",
        ),
        ("configuration/local.yaml", "app:\n  base_url: \"http://127.0.0.1\"\n"),
    ]);
    assert_eq!(required(&survey), ["APP_APP__BASE_URL", "APP_APP__HMAC_SECRET", "APP_DATABASE__HOST"]);
}

#[test]
fn somebody_elses_key_switches_only_that_part_off() {
    let survey = surveyed(&[
        ("package.json", PACKAGE),
        (
            "a.js",
            "pay(process.env.STRIPE_SECRET_KEY);\nsign(process.env.JWT_SECRET);\nmail(process.env.SMTP_PASSWORD);\napp.listen(3000)\n",
        ),
    ]);
    assert_eq!(required(&survey), ["JWT_SECRET"]);
}

#[test]
fn what_the_example_says_is_to_be_replaced_is_required() {
    let files = |value: &str| {
        surveyed(&[
            ("go.mod", "module x\n"),
            ("main.go", "func main() { a(getEnv(\"CALLBACK_X\", \"\")) }\n"),
            (".env.example", &format!("CALLBACK_X={value}\n")),
        ])
    };
    assert_eq!(required(&files("https://your-domain.com/x")), ["CALLBACK_X"]);
    assert!(required(&files("full")).is_empty());
}

#[test]
fn parameters_give_symfonys_defaults() {
    let config = "parameters:\n    env(MAILER_DSN): null://null\nx:\n    dsn: '%env(MAILER_DSN)%'\n    key: '%env(APP_TOKEN)%'\n";
    let survey = surveyed(&[
        ("composer.json", r#"{"require": {"symfony/framework-bundle": "7"}}"#),
        ("config/services.yaml", config),
    ]);
    assert_eq!(required(&survey), ["APP_TOKEN"]);
}

fn variable<'s>(survey: &'s Survey, name: &str) -> &'s EnvironmentVariable {
    survey.environment.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("{name} is not listed"))
}

#[test]
fn a_mode_that_is_certain_is_known_and_a_switch_that_the_code_leaves_on_is_turned_off() {
    let survey = surveyed(&[
        ("package.json", PACKAGE),
        (
            "env.ts",
            "const env = z.object({\n  NODE_ENV: z.enum(['development', 'production']),\n  API_KEY: z.string(),\n}).parse(process.env)\n",
        ),
        (
            "a.js",
            "process.env.SHOP_DEBUG || 'true';\nprocess.env.APP_ENV || 'development';\nprocess.env.VERBOSE_DEBUG || 'false';\napp.listen(3000)\n",
        ),
    ]);
    let deployed = |name: &str| variable(&survey, name).deployed.clone();
    assert_eq!(deployed("NODE_ENV").as_deref(), Some("production"));
    assert_eq!(deployed("SHOP_DEBUG").as_deref(), Some("false"));
    assert_eq!(deployed("APP_ENV").as_deref(), Some("production"));
    assert_eq!(deployed("VERBOSE_DEBUG"), None);
    assert_eq!(deployed("API_KEY"), None);
}

#[test]
fn laravels_mode_is_what_its_code_falls_back_to() {
    let survey = surveyed(&[
        ("composer.json", r#"{"require": {"laravel/framework": "11"}}"#),
        ("artisan", ""),
        (
            "config/app.php",
            "<?php\n'env' => env('APP_ENV', 'production'),\n'debug' => (bool) env('APP_DEBUG', false),\n",
        ),
        (".env.example", "APP_ENV=local\nAPP_DEBUG=true\n"),
    ]);
    assert_eq!(variable(&survey, "APP_ENV").deployed, None);
    assert_eq!(variable(&survey, "APP_DEBUG").deployed, None);
}

#[test]
fn what_production_makes_of_a_default() {
    let survey = surveyed(&[
        ("package.json", PACKAGE),
        (
            "a.js",
            "process.env.LIMIT || '10';\nprocess.env.CDN_URL || 'http://localhost:9000';\nprocess.env.REGION;\nprocess.env.CORS_ORIGINS || 'http://localhost:3000';\nprocess.env.LOG_MODE || 'development';\napp.listen(3000)\n",
        ),
        (".env.example", "LIMIT=20\nREGION=eu\n"),
    ]);
    let of = |name: &str| (variable(&survey, name).default.as_deref(), variable(&survey, name).default_use);
    assert_eq!(of("LIMIT"), (Some("10"), DefaultUse::Code));
    assert_eq!(of("REGION"), (Some("eu"), DefaultUse::Example));
    for name in ["CDN_URL", "CORS_ORIGINS", "LOG_MODE"] {
        assert_eq!(of(name).1, DefaultUse::None, "{name}");
    }
}

#[test]
fn djangos_settings_of_production_are_named_where_its_programs_fall_back_to_others() {
    let settings = |manage: &str| {
        let survey = surveyed(&[
            ("requirements.txt", "django\n"),
            ("src/manage.py", &format!("os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"{manage}\")\n")),
            ("src/config/settings/__init__.py", ""),
            ("src/config/settings/base.py", "DEBUG = False\n"),
            ("src/config/settings/production.py", "from .base import *\n"),
            ("src/config/wsgi.py", "application = get_wsgi_application()\n"),
        ]);
        let found = survey.environment.iter().find(|one| one.name == "DJANGO_SETTINGS_MODULE");
        found.and_then(|one| one.deployed.clone())
    };
    assert_eq!(settings("config.settings.local").as_deref(), Some("config.settings.production"));
    assert_eq!(settings("config.settings.production"), None);
}
