//! Python in its many layouts: which file begins it, what serves it, and what it is where nothing serves.

use siteplan_model::survey::ServiceKind;

use crate::tree::{services, start, surveyed};

fn framework(survey: &siteplan_model::survey::Survey) -> Option<&str> {
    survey.frameworks.first().map(|one| one.fact.value.as_str())
}

#[test]
fn a_script_is_a_worker_even_if_its_template_brought_a_framework() {
    let survey = surveyed(&[("requirements.txt", "Flask==1.1.2\nclick\n"), ("main.py", "print('hello')\n")]);
    assert_eq!(services(&survey), [".:worker"]);
    assert_eq!(start(&survey), "python main.py");
    assert_eq!(framework(&survey), None, "no source imports it");
    assert_eq!(survey.package_manager.as_ref().map(|one| one.value.as_str()), Some("pip"));
}

#[test]
fn a_script_without_any_manifest_says_by_its_imports_what_it_is() {
    let survey = surveyed(&[(
        "hello.py",
        "from flask import Flask\n\napp = Flask(__name__)\n\n@app.route('/')\ndef a():\n    return 'a'\n",
    )]);
    assert_eq!(framework(&survey), Some("flask"));
    assert_eq!(start(&survey), "gunicorn hello:app --bind 0.0.0.0:5000");
    let survey = surveyed(&[
        ("job.py", "import json\n\nif __name__ == \"__main__\":\n    run()\n"),
        ("lib.py", "x = 1\n"),
    ]);
    assert_eq!(services(&survey), [".:worker"]);
    assert_eq!(start(&survey), "python job.py");
}

#[test]
fn several_scripts_keep_the_runner_up() {
    let survey = surveyed(&[
        ("requirements.txt", "requests\n"),
        ("collect.py", "import requests\nif __name__ == '__main__':\n    collect_everything_there_is()\n"),
        ("report.py", "if __name__ == '__main__':\n    report()\n"),
    ]);
    assert_eq!(start(&survey), "python collect.py");
    let conflict = survey.conflicts.iter().find(|one| one.field == "commands.start").expect("said");
    assert_eq!(conflict.values, ["python collect.py", "python report.py"]);
}

#[test]
fn what_is_installed_serves_and_a_file_that_serves_itself_is_run() {
    let app = "import os\nfrom flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run(port=int(os.environ.get('PORT', 8080)))\n";
    for (requirements, expected) in [
        ("flask\n", "python app.py"),
        ("flask\ngunicorn\n", "gunicorn app:app --bind 0.0.0.0:8080"),
        ("flask\nwaitress\n", "waitress-serve --host=0.0.0.0 --port=8080 app:app"),
    ] {
        let survey = surveyed(&[("requirements.txt", requirements), ("app.py", app)]);
        assert_eq!(start(&survey), expected);
        assert_eq!(survey.services[0].kind, ServiceKind::Api);
    }
    let survey = surveyed(&[
        ("requirements.txt", "fastapi\nhypercorn\n"),
        ("main.py", "from fastapi import FastAPI\napp = FastAPI()\n"),
    ]);
    assert_eq!(start(&survey), "hypercorn main:app --bind 0.0.0.0:8000");
}

#[test]
fn the_imports_say_from_where_modules_are_found() {
    let main = "from fastapi import FastAPI\nfrom app.routes import router\napp = FastAPI()\n";
    let survey = surveyed(&[
        ("requirements.txt", "fastapi\nuvicorn\n"),
        ("backend/app/main.py", main),
        ("backend/app/routes.py", "router = 1\n"),
    ]);
    assert_eq!(start(&survey), "uvicorn app.main:app --host 0.0.0.0 --port 8000 --app-dir backend");
    let survey = surveyed(&[
        ("requirements.txt", "fastapi\nuvicorn\n"),
        ("app/main.py", "from fastapi import FastAPI\nfrom routes import router\napp = FastAPI()\n"),
        ("app/routes.py", "router = 1\n"),
    ]);
    assert_eq!(start(&survey), "uvicorn main:app --host 0.0.0.0 --port 8000 --app-dir app");
    let survey = surveyed(&[
        ("requirements.txt", "requests\n"),
        ("bot/main.py", "from bot.core import go\nif __name__ == '__main__':\n    go()\n"),
        ("bot/core.py", "def go(): ...\n"),
        ("bot/__init__.py", ""),
    ]);
    assert_eq!(start(&survey), "python -m bot.main");
}

#[test]
fn django_is_found_below_a_folder_and_without_a_usual_module() {
    let manage = "import os\nif __name__ == '__main__':\n    from django.core.management import execute_from_command_line\n";
    let survey = surveyed(&[
        ("requirements/base.txt", "Django==5.1\n"),
        ("requirements/production.txt", "-r base.txt\ngunicorn\n"),
        ("src/manage.py", manage),
        ("src/config/wsgi.py", "application = get_wsgi_application()\n"),
        ("src/config/settings/base.py", "import os\n"),
        ("src/shop/views.py", "def a(request):\n    return render(request, 'a.html')\n"),
    ]);
    assert_eq!(start(&survey), "gunicorn config.wsgi:application --bind 0.0.0.0:8000 --chdir src");
    assert_eq!(survey.commands.install.as_deref(), Some("pip install -r requirements/production.txt"));
    let survey = surveyed(&[
        ("requirements.txt", "Django==5.1\nuvicorn\n"),
        ("manage.py", manage),
        ("shop/asgi.py", "application = get_asgi_application()\n"),
    ]);
    assert_eq!(start(&survey), "uvicorn shop.asgi:application --host 0.0.0.0 --port 8000");
    let survey = surveyed(&[
        ("requirements.txt", "Django==5.1\ngunicorn\n"),
        ("manage.py", manage),
        ("shop/settings/base.py", "import os\n"),
        ("shop/settings/production.py", "from .base import *\n"),
    ]);
    assert_eq!(
        start(&survey),
        "DJANGO_SETTINGS_MODULE=shop.settings.production gunicorn 'django.core.wsgi:get_wsgi_application()' --bind 0.0.0.0:8000"
    );
}

#[test]
fn pages_of_data_people_are_started_by_their_file() {
    for (package, text, file, expected) in [
        (
            "streamlit",
            "import streamlit as st\nst.title('a')\n",
            "dashboard.py",
            "streamlit run dashboard.py --server.port 8501 --server.address 0.0.0.0",
        ),
        ("gradio", "import gradio as gr\ngr.Interface(f).launch()\n", "app.py", "python app.py"),
        ("chainlit", "import chainlit as cl\n", "app.py", "chainlit run app.py --host 0.0.0.0 --port 8000"),
        ("nicegui", "from nicegui import ui\nui.run()\n", "main.py", "python main.py"),
        (
            "dash",
            "from dash import Dash\napp = Dash(__name__)\nserver = app.server\n",
            "app.py",
            "gunicorn app:server --bind 0.0.0.0:8050",
        ),
    ] {
        let survey = surveyed(&[
            ("requirements.txt", &format!("{package}\n")),
            (file, text),
            ("helpers.py", "x = 1\n"),
            ("pages/one.py", "import streamlit as st\n"),
        ]);
        assert_eq!(framework(&survey), Some(package));
        assert_eq!(services(&survey), [".:web"], "{package}");
        assert_eq!(start(&survey), expected);
    }
}

#[test]
fn a_bot_is_a_worker_and_a_consumer_is_one() {
    let survey = surveyed(&[
        ("pyproject.toml", "[project]\nname = \"tgbot\"\ndependencies = [\"aiogram>=3\"]\n"),
        ("uv.lock", ""),
        ("tgbot/__init__.py", ""),
        ("tgbot/__main__.py", "from aiogram import Bot\n\nif __name__ == '__main__':\n    run()\n"),
    ]);
    assert_eq!(services(&survey), [".:worker"]);
    assert_eq!(framework(&survey), Some("aiogram"));
    assert_eq!(start(&survey), "python -m tgbot");
    let survey = surveyed(&[
        ("requirements.txt", "celery\nredis\n"),
        ("tasks.py", "from celery import Celery\napp = Celery('tasks')\n"),
    ]);
    assert_eq!(services(&survey), [".:worker"]);
    assert_eq!(start(&survey), "celery -A tasks worker --loglevel=info");
}

#[test]
fn lock_files_beat_lists_and_two_of_them_are_a_conflict() {
    let manager = |files: &[(&str, &str)]| {
        let mut all = vec![("main.py", "print(1)\n")];
        all.extend_from_slice(files);
        let survey = surveyed(&all);
        let fact = survey.package_manager.expect("one");
        let rivals = survey
            .conflicts
            .iter()
            .find(|one| one.field == "package_manager")
            .map(|one| one.values.join(" "));
        (fact.value, rivals.unwrap_or_default())
    };
    let none = String::new;
    let project = ("pyproject.toml", "[project]\nname = \"a\"\n");
    let poetry_core = (
        "pyproject.toml",
        "[project]\nname = \"a\"\n[build-system]\nbuild-backend = \"poetry.core.masonry.api\"\n",
    );
    assert_eq!(manager(&[project, ("uv.lock", ""), ("requirements.txt", "a\n")]), ("uv".to_owned(), none()));
    assert_eq!(
        manager(&[project, ("uv.lock", ""), ("poetry.lock", "")]),
        ("uv".to_owned(), "uv poetry".to_owned())
    );
    assert_eq!(
        manager(&[poetry_core, ("uv.lock", "")]),
        ("uv".to_owned(), none()),
        "a build back end is no manager"
    );
    assert_eq!(manager(&[poetry_core]), ("poetry".to_owned(), none()));
    assert_eq!(manager(&[project]), ("pip".to_owned(), none()));
    assert_eq!(
        manager(&[("Pipfile", "[packages]\nflask = \"*\"\n"), ("Pipfile.lock", "{}")]),
        ("pipenv".to_owned(), none())
    );
    assert_eq!(
        manager(&[("environment.yml", "dependencies:\n  - python=3.11\n")]),
        ("conda".to_owned(), none())
    );
    assert_eq!(
        manager(&[("pixi.toml", "[dependencies]\npython = \">=3.11\"\n"), ("pixi.lock", "")]),
        ("pixi".to_owned(), none())
    );
    assert_eq!(
        manager(&[(
            "pyproject.toml",
            "[project]\nname = \"a\"\n[tool.hatch.envs.default]\ndependencies = []\n"
        )]),
        ("hatch".to_owned(), none())
    );
    assert_eq!(manager(&[("setup.cfg", "[metadata]\nname = a\n")]), ("pip".to_owned(), none()));
}

#[test]
fn every_place_that_gives_pythons_version_is_read() {
    for (path, text, version) in [
        (".python-version", "3.12.4\n", "3.12.4"),
        ("runtime.txt", "python-3.11.9\n", "3.11.9"),
        (".tool-versions", "python 3.10.2\n", "3.10.2"),
        ("mise.toml", "[tools]\npython = \"3.13\"\n", "3.13"),
        ("Pipfile", "[requires]\npython_version = \"3.9\"\n", "3.9"),
        ("environment.yml", "dependencies:\n  - python=3.11\n", "3.11"),
        ("pyproject.toml", "[tool.poetry.dependencies]\npython = \"^3.12\"\n", "^3.12"),
        ("setup.py", "setup(name='a', python_requires='>=3.8')\n", ">=3.8"),
        ("pixi.toml", "[dependencies]\npython = \"3.12.*\"\n", "3.12.*"),
        ("Dockerfile", "FROM python:3.12-slim\nCMD [\"python\", \"main.py\"]\n", "3.12"),
    ] {
        let survey = surveyed(&[("main.py", "if __name__ == '__main__':\n    run()\n"), (path, text)]);
        assert_eq!(survey.runtimes[0].version.as_deref(), Some(version), "{path}");
    }
}

#[test]
fn what_compose_says_of_the_start_is_believed_before_a_convention() {
    let survey = surveyed(&[
        ("requirements.txt", "fastapi\nuvicorn\nflask-migrate\n"),
        ("app/main.py", "from fastapi import FastAPI\napp = FastAPI()\n"),
        ("Dockerfile", "FROM python:3.12\nCOPY . .\n"),
        (
            "docker-compose.yml",
            "services:\n  api:\n    build: .\n    command: bash -c \"alembic upgrade head && gunicorn app.main:app -k uvicorn.workers.UvicornWorker -b 0.0.0.0:9000\"\n",
        ),
    ]);
    assert_eq!(start(&survey), "gunicorn app.main:app -k uvicorn.workers.UvicornWorker -b 0.0.0.0:9000");
    assert_eq!(survey.services[0].port, Some(9000));
}

#[test]
fn a_container_for_development_does_not_say_how_to_start() {
    let app = "from flask import Flask\napp = Flask(__name__)\n";
    for (path, text) in [
        ("Dockerfile.dev", "FROM python:3.12\nCMD [\"flask\", \"run\", \"--debug\"]\n"),
        ("Dockerfile", "FROM python:3.12\nCMD [\"python\", \"manage.py\", \"runserver\"]\n"),
        (".devcontainer/Dockerfile", "FROM python:3.12\nCMD [\"sleep\", \"infinity\"]\n"),
    ] {
        let survey = surveyed(&[("requirements.txt", "flask\ngunicorn\n"), ("app.py", app), (path, text)]);
        assert_eq!(start(&survey), "gunicorn app:app --bind 0.0.0.0:8000", "{path}");
        assert!(survey.containerised.fact.value && !survey.containerised.production, "{path}");
    }
}
