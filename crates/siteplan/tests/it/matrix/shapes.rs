//! Small trees of seven kinds of application, and the Survey of each.

use std::fs;
use std::path::Path;

use siteplan_catalog::signals::Signals;
use siteplan_detect::{Options, survey};
use siteplan_model::survey::{ServiceKind, Survey};

/// A value that a careless person left in the tree: it must turn up nowhere.
pub(crate) const CANARY: &str = "canary-3f9c1e7ab2";

/// One kind of application.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// Its files; the first lines of each are enough for what they say.
    files: &'static [(&'static str, &'static str)],
    /// The kinds of its services, which makes sure that it is what it is called.
    kinds: &'static [ServiceKind],
}

/// All of them.
pub(crate) const ALL: &[Shape] = &[
    Shape {
        name: "static front end",
        kinds: &[ServiceKind::Static],
        files: &[
            (
                "package.json",
                r#"{"name": "brochure", "type": "module", "scripts": {"dev": "vite", "build": "vite build", "test": "vitest run"},
                    "dependencies": {"react": "19.2.0", "react-dom": "19.2.0"}, "devDependencies": {"vite": "7.1.0", "vitest": "3.2.0"}}"#,
            ),
            ("package-lock.json", r#"{"name": "brochure", "lockfileVersion": 3, "packages": {}}"#),
            (
                "index.html",
                "<!doctype html>\n<div id=\"root\"></div>\n<script type=\"module\" src=\"/src/main.jsx\"></script>\n",
            ),
            ("src/main.jsx", "import { createRoot } from 'react-dom/client';\n"),
            ("vite.config.js", "export default {};\n"),
        ],
    },
    Shape {
        name: "interface with Postgres",
        kinds: &[ServiceKind::Api],
        files: &[
            (
                "package.json",
                r#"{"name": "orders", "engines": {"node": ">=22"}, "scripts": {"start": "node src/server.js", "test": "node --test",
                    "migrate": "node-pg-migrate up"}, "dependencies": {"express": "5.1.0", "pg": "8.16.0", "node-pg-migrate": "8.0.0"}}"#,
            ),
            ("package-lock.json", r#"{"name": "orders", "lockfileVersion": 3, "packages": {}}"#),
            (
                "src/server.js",
                "const express = require('express');\nconst { Pool } = require('pg');\nconst pool = new Pool({ connectionString: process.env.DATABASE_URL });\nconst app = express();\napp.get('/health', (request, response) => response.json({}));\napp.listen(process.env.PORT || 3000);\n",
            ),
            (
                "migrations/1700000000000_orders.js",
                "exports.up = (pgm) => pgm.createTable('orders', { id: 'id' });\n",
            ),
            (".env.example", "DATABASE_URL=postgres://localhost/orders\nSIGNING_SECRET=canary-3f9c1e7ab2\n"),
        ],
    },
    Shape {
        name: "full stack with Postgres and Redis",
        kinds: &[ServiceKind::Web],
        files: &[
            (
                "package.json",
                r#"{"name": "shop", "packageManager": "pnpm@10.12.1", "scripts": {"dev": "next dev", "build": "next build", "start": "next start",
                    "lint": "eslint .", "test": "vitest run"}, "dependencies": {"next": "15.5.0", "react": "19.2.0", "pg": "8.16.0",
                    "ioredis": "5.7.0", "@prisma/client": "6.12.0"}, "devDependencies": {"prisma": "6.12.0", "vitest": "3.2.0"}}"#,
            ),
            ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n"),
            ("next.config.mjs", "export default {};\n"),
            (
                "app/page.tsx",
                "export default function Page() {\n  return <p>{process.env.NEXT_PUBLIC_TITLE}</p>;\n}\n",
            ),
            (
                "prisma/schema.prisma",
                "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n}\n\ngenerator client {\n  provider = \"prisma-client-js\"\n}\n",
            ),
            (
                "prisma/migrations/20260101000000_start/migration.sql",
                "CREATE TABLE item (id integer PRIMARY KEY);\n",
            ),
            (
                "lib/cache.ts",
                "import Redis from 'ioredis';\nexport const cache = new Redis(process.env.REDIS_URL!);\nexport const key = process.env.SESSION_SECRET;\n",
            ),
            (".env", "SESSION_SECRET=canary-3f9c1e7ab2\nSTRIPE_SECRET_KEY=canary-3f9c1e7ab2\n"),
        ],
    },
    Shape {
        name: "worker and schedule",
        kinds: &[ServiceKind::Worker, ServiceKind::Cron],
        files: &[
            ("requirements.txt", "celery==5.5.0\nredis==6.2.0\npsycopg[binary]==3.2.9\npytest==8.4.0\n"),
            ("Procfile", "worker: celery -A jobs worker\nclock: celery -A jobs beat\n"),
            (
                "jobs/__init__.py",
                "import os\n\nfrom celery import Celery\n\napp = Celery(broker=os.environ[\"REDIS_URL\"])\nDATABASE = os.environ[\"DATABASE_URL\"]\nTOKEN = os.environ[\"MAIL_TOKEN\"]\n",
            ),
            ("tests/test_jobs.py", "def test_jobs():\n    assert True\n"),
            (".python-version", "3.13\n"),
        ],
    },
    Shape {
        name: "three services",
        kinds: &[ServiceKind::Api, ServiceKind::Api, ServiceKind::Worker],
        files: &[
            (
                "users/pyproject.toml",
                "[project]\nname = \"users\"\nversion = \"1.0.0\"\nrequires-python = \">=3.12\"\ndependencies = [\"fastapi\", \"uvicorn\", \"asyncpg\"]\n",
            ),
            ("users/uv.lock", "version = 1\n"),
            (
                "users/main.py",
                "import os\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\nDATABASE = os.environ[\"DATABASE_URL\"]\n",
            ),
            (
                "users/Dockerfile",
                "FROM python:3.13-slim\nCOPY . .\nCMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8000\"]\n",
            ),
            (
                "orders/go.mod",
                "module example.com/orders\n\ngo 1.25\n\nrequire github.com/gin-gonic/gin v1.10.1\n",
            ),
            ("orders/go.sum", ""),
            (
                "orders/main.go",
                "package main\n\nimport \"github.com/gin-gonic/gin\"\n\nfunc main() {\n\tr := gin.Default()\n\tr.Run(\":8080\")\n}\n",
            ),
            ("orders/main_test.go", "package main\n\nimport \"testing\"\n\nfunc TestMain(t *testing.T) {}\n"),
            (
                "orders/Dockerfile",
                "FROM golang:1.25\nCOPY . .\nRUN go build -o /app .\nEXPOSE 8080\nCMD [\"/app\"]\n",
            ),
            (
                "mail/package.json",
                r#"{"name": "mail", "scripts": {"start": "node worker.js", "test": "node --test"}, "dependencies": {"bullmq": "5.56.0", "ioredis": "5.7.0"}}"#,
            ),
            ("mail/package-lock.json", r#"{"name": "mail", "lockfileVersion": 3, "packages": {}}"#),
            (
                "mail/worker.js",
                "const { Worker } = require('bullmq');\nnew Worker('mail', async () => {}, { connection: { url: process.env.REDIS_URL } });\n",
            ),
            ("mail/Dockerfile", "FROM node:24-slim\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"worker.js\"]\n"),
        ],
    },
    Shape {
        name: "monolith with migrations",
        kinds: &[ServiceKind::Web],
        files: &[
            (
                "manage.py",
                "import os\nimport sys\n\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"club.settings\")\n",
            ),
            ("requirements.txt", "Django==5.2\npsycopg[binary]==3.2.9\ngunicorn==23.0.0\n"),
            (
                "club/settings.py",
                "import os\n\nSECRET_KEY = os.environ[\"SECRET_KEY\"]\nDATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.postgresql\", \"NAME\": os.environ[\"DATABASE_NAME\"]}}\nROOT_URLCONF = \"club.urls\"\nWSGI_APPLICATION = \"club.wsgi.application\"\n",
            ),
            ("club/urls.py", "urlpatterns = []\n"),
            (
                "club/wsgi.py",
                "from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n",
            ),
            (
                "members/models.py",
                "from django.db import models\n\n\nclass Member(models.Model):\n    name = models.CharField(max_length=80)\n",
            ),
            (
                "members/migrations/0001_initial.py",
                "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    operations = []\n",
            ),
            ("members/tests.py", "from django.test import TestCase\n"),
        ],
    },
    Shape { name: "planned", kinds: &[], files: &[("README.md", "# Idea\n\nA place for recipes.\n")] },
];

/// A service that keeps nothing: it is in no row of the matrix, what it asks of people is counted.
pub(crate) const STATELESS: Shape = Shape {
    name: "interface without data",
    kinds: &[ServiceKind::Api],
    files: &[
        (
            "package.json",
            r#"{"name": "rates", "engines": {"node": ">=22"}, "scripts": {"start": "node src/server.js", "test": "node --test"},
                "dependencies": {"express": "5.1.0"}}"#,
        ),
        ("package-lock.json", r#"{"name": "rates", "lockfileVersion": 3, "packages": {}}"#),
        (
            "src/server.js",
            "const express = require('express');\nconst app = express();\nconst key = process.env.SIGNING_SECRET;\napp.get('/health', (request, response) => response.json({}));\napp.listen(process.env.PORT || 3000);\n",
        ),
        (".env.example", "SIGNING_SECRET=canary-3f9c1e7ab2\n"),
    ],
};

impl Shape {
    /// What is found in its tree.
    pub(crate) fn survey(&self, signals: &Signals) -> Survey {
        let folder = tempfile::Builder::new().prefix("shape").tempdir().expect("there is room for a tree");
        for (path, text) in self.files {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).expect("a folder can be made");
            fs::write(&file, text).expect("a file can be written");
        }
        let options = Options { spec_path: "specs", root_name: "application", own: &[], signals };
        let mut survey = survey(folder.path(), &options).expect("the tree can be surveyed");
        // The folder's own name is another at every run.
        self.name.clone_into(&mut survey.name.value);
        for service in survey.services.iter_mut().filter(|service| service.kind == ServiceKind::Cron) {
            service.schedule.get_or_insert_with(|| "0 3 * * *".to_owned());
        }
        let mut kinds: Vec<ServiceKind> = survey.services.iter().map(|service| service.kind).collect();
        kinds.sort();
        assert_eq!(kinds, self.kinds, "{}: {:#?}", self.name, survey.services);
        survey
    }
}
