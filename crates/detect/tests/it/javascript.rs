//! JavaScript and TypeScript: which package manager, which frameworks, and how it starts where no script says so.

use siteplan_model::fact::Certainty;
use siteplan_model::survey::Survey;

use crate::tree::{service, services, start, surveyed};

fn manager(survey: &Survey) -> &str {
    survey.package_manager.as_ref().map_or("none", |fact| fact.value.as_str())
}

fn frameworks(survey: &Survey) -> Vec<&str> {
    survey.frameworks.iter().map(|fact| fact.fact.value.as_str()).collect()
}

fn conflict<'s>(survey: &'s Survey, field: &str) -> &'s [String] {
    survey.conflicts.iter().find(|one| one.field == field).map_or(&[], |one| one.values.as_slice())
}

#[test]
fn the_library_of_views_comes_before_its_bundler() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"scripts": {"build": "vite build"}, "dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "6"}}"#,
        ),
        ("index.html", ""),
        ("src/main.tsx", ""),
    ]);
    assert_eq!(frameworks(&survey), ["react", "vite"]);
    assert_eq!(service(&survey, ".").framework.as_deref(), Some("react"));
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"scripts": {"build": "vite build"}, "devDependencies": {"@sveltejs/kit": "2", "@sveltejs/adapter-static": "3", "svelte": "5", "vite": "6"}}"#,
        ),
        ("src/routes/+page.svelte", ""),
    ]);
    assert_eq!(frameworks(&survey), ["sveltekit"], "its own bundler is hidden");
    assert_eq!(services(&survey), [".:static"]);
}

#[test]
fn of_two_lock_files_the_one_in_use_is_meant() {
    let files = |extra: (&'static str, &'static str)| {
        surveyed(&[
            ("package.json", r#"{"scripts": {"start": "node a.js"}}"#),
            ("a.js", "app.listen(1)"),
            ("package-lock.json", "{}"),
            ("yarn.lock", ""),
            extra,
        ])
    };
    let survey = files(("README.md", ""));
    assert_eq!(manager(&survey), "yarn", "npm's is the one that is left over");
    assert_eq!(survey.package_manager.as_ref().map(|fact| fact.certainty), Some(Certainty::Medium));
    assert_eq!(conflict(&survey, "package_manager"), ["yarn", "npm"]);
    let survey = files(("Dockerfile", "FROM node:22\nRUN npm ci\nCMD [\"npm\", \"start\"]\n"));
    assert_eq!(manager(&survey), "npm", "the container is built with it");
}

#[test]
fn a_statement_beats_a_lock_file_that_disagrees() {
    let survey = surveyed(&[
        ("package.json", r#"{"packageManager": "pnpm@9.1.0", "scripts": {"start": "node a.js"}}"#),
        ("a.js", "app.listen(1)"),
        ("yarn.lock", ""),
    ]);
    assert_eq!(manager(&survey), "pnpm");
    assert_eq!(conflict(&survey, "package_manager"), ["pnpm", "yarn"]);
    assert_eq!(
        survey.package_manager.as_ref().and_then(|fact| fact.runner_up.clone()).as_deref(),
        Some("yarn")
    );
}

#[test]
fn the_first_file_tells_the_framework_where_no_script_starts_it() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"type": "module", "dependencies": {"hono": "4"}, "devDependencies": {"typescript": "5"}}"#,
        ),
        ("src/index.ts", "import { Hono } from 'hono'\n\nconst app = new Hono()\nexport default app\n"),
    ]);
    assert_eq!(frameworks(&survey), ["hono"]);
    assert_eq!(services(&survey), [".:api"]);
    assert_eq!(start(&survey), "none", "no build makes a file that Node.js could start");
    assert!(survey.missing.contains(&"commands.start".to_owned()));
    let survey = surveyed(&[
        ("package.json", r#"{"main": "server.js", "dependencies": {"h3": "2"}}"#),
        ("server.js", "import { H3 } from 'h3';\nexport default new H3();\n"),
    ]);
    assert_eq!(start(&survey), "node server.js");
}

#[test]
fn a_compiled_program_is_named_only_where_the_build_makes_it() {
    let tree = |build: &'static str| {
        surveyed(&[
            ("package.json", build),
            (
                "tsconfig.json",
                "{\n  // where to\n  \"compilerOptions\": {\n    \"outDir\": \"./build\",\n    \"rootDir\": \"src\"\n  }\n}",
            ),
            ("src/server.ts", "import express from 'express';\nexpress().listen(3000);\n"),
            ("src/index.ts", "export {}"),
        ])
    };
    let survey = tree(r#"{"scripts": {"build": "tsc"}, "dependencies": {"express": "5"}}"#);
    assert_eq!(start(&survey), "node build/server.js");
    let place = survey.evidence["commands.start"][0].place();
    assert_eq!(place, "tsconfig.json:4");
    let survey = tree(r#"{"dependencies": {"express": "5"}}"#);
    assert_eq!(start(&survey), "none");
}

#[test]
fn a_start_script_for_development_is_doubted() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"scripts": {"start": "next dev", "build": "next build"}, "dependencies": {"next": "15"}}"#,
        ),
        ("app/page.tsx", ""),
    ]);
    assert_eq!(start(&survey), "npx next start");
    assert_eq!(conflict(&survey, "commands.start"), ["npx next start", "npm start"]);
    let survey = surveyed(&[
        ("package.json", r#"{"scripts": {"start": "nodemon server.js"}, "dependencies": {"express": "4"}}"#),
        ("server.js", "app.listen(3000)"),
    ]);
    assert_eq!(start(&survey), "node server.js");
}

#[test]
fn a_main_that_is_not_there_is_not_started() {
    let survey = surveyed(&[("package.json", r#"{"main": "inbex.js"}"#), ("index.js", "console.log(1)")]);
    assert_eq!(start(&survey), "node index.js");
    let survey = surveyed(&[("package.json", r#"{"main": "lib/a.js"}"#)]);
    assert_eq!(start(&survey), "none");
    assert_eq!(survey.languages[0].fact.value, "javascript");
}

#[test]
fn deno_is_known_by_its_file_or_its_addresses() {
    let survey = surveyed(&[
        (
            "deno.jsonc",
            "{\n  // tasks\n  \"tasks\": {\"start\": \"deno run -A main.ts\"},\n  \"imports\": {\"@oak/oak\": \"jsr:@oak/oak@17\"}\n}",
        ),
        ("deno.lock", "{}"),
        (
            "main.ts",
            "import { Application } from '@oak/oak';\nawait new Application().listen({ port: 8000 });\n",
        ),
        ("main_test.ts", "Deno.test('a', () => {})"),
    ]);
    assert_eq!((manager(&survey), frameworks(&survey)), ("deno", vec!["oak"]));
    assert_eq!(start(&survey), "deno task start");
    assert_eq!(survey.commands.test.as_deref(), Some("deno test -A"));
    assert_eq!(survey.runtimes[0].fact.value, "deno");
    let survey = surveyed(&[(
        "src/index.ts",
        "import { Hono } from 'https://deno.land/x/hono@v4/mod.ts';\nDeno.serve(new Hono().fetch);\n",
    )]);
    assert_eq!((manager(&survey), frameworks(&survey)), ("deno", vec!["hono"]));
    assert_eq!(start(&survey), "deno run -A src/index.ts");
}

#[test]
fn functions_in_deno_do_not_decide_a_repository_of_node() {
    let survey = surveyed(&[
        ("package.json", r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "5"}}"#),
        ("package-lock.json", "{}"),
        ("a.js", "app.listen(3000)"),
        ("deno.json", r#"{"name": "@a/b", "version": "1.0.0", "exports": "./mod.ts"}"#),
        ("supabase/functions/a/deno.json", "{}"),
        ("supabase/functions/a/index.ts", "Deno.serve(() => new Response('a'))"),
    ]);
    assert_eq!(manager(&survey), "npm");
    assert_eq!(start(&survey), "npm start");
    assert_eq!(survey.runtimes[0].fact.value, "node");
}

#[test]
fn the_commands_of_a_workspace_are_those_of_its_root() {
    let web = r#"{"name": "web", "scripts": {"build": "next build", "start": "next start"}, "dependencies": {"next": "15"}}"#;
    let docs = r#"{"name": "docs", "scripts": {"build": "next build", "start": "next start"}, "dependencies": {"next": "15"}}"#;
    let root = r#"{"private": true, "workspaces": ["apps/*"], "packageManager": "npm@10.0.0", "scripts": {"build": "turbo run build", "dev": "turbo run dev"}}"#;
    let files = [
        ("package.json", root),
        ("package-lock.json", "{}"),
        ("apps/web/package.json", web),
        ("apps/web/app/page.tsx", ""),
        ("apps/docs/package.json", docs),
        ("apps/docs/app/page.tsx", ""),
    ];
    let survey = surveyed(&files);
    assert_eq!(services(&survey), ["apps/web:web", "apps/docs:web"]);
    assert_eq!(survey.commands.build.as_deref(), Some("npm run build"));
    assert_eq!(start(&survey), "none", "no line starts both");
    assert_eq!(service(&survey, "apps/web").commands.start.as_deref(), Some("npm start"));
    let mut with_runner = files.to_vec();
    with_runner.push(("turbo.json", r#"{"tasks": {"build": {}, "start": {}}}"#));
    assert_eq!(start(&surveyed(&with_runner)), "npx turbo run start");
}

#[test]
fn projects_of_nx_without_a_manifest_are_services() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"scripts": {"start": "nx serve", "build": "nx build"}, "dependencies": {"express": "4", "next": "15", "react-dom": "19"}, "devDependencies": {"nx": "20"}}"#,
        ),
        ("package-lock.json", "{}"),
        ("nx.json", r#"{"defaultProject": "api"}"#),
        (
            "apps/api/project.json",
            r#"{"name": "api", "projectType": "application", "targets": {"build": {"executor": "@nx/webpack:webpack", "options": {"outputPath": "dist/apps/api", "main": "apps/api/src/main.ts"}}}}"#,
        ),
        ("apps/api/src/main.ts", "import * as express from 'express';\nexpress().listen(3333);\n"),
        (
            "apps/shop/project.json",
            r#"{"name": "shop", "projectType": "application", "targets": {"build": {"executor": "@nx/next:build"}}}"#,
        ),
        ("apps/shop/pages/index.tsx", ""),
        (
            "libs/ui/project.json",
            r#"{"name": "ui", "projectType": "library", "targets": {"build": {"executor": "@nx/vite:build"}}}"#,
        ),
        ("libs/ui/src/index.ts", "export * from 'react-dom'"),
    ]);
    assert_eq!(services(&survey), ["apps/shop:web", "apps/api:api"]);
    let api = service(&survey, "apps/api");
    assert_eq!((api.framework.as_deref(), api.port), (Some("express"), Some(3333)));
    assert_eq!(api.commands.build.as_deref(), Some("npx nx build api"));
    assert_eq!(api.commands.start.as_deref(), Some("node dist/apps/api/main.js"));
    assert_eq!(start(&survey), "node dist/apps/api/main.js", "the project that is meant when none is named");
}

#[test]
fn documentation_is_a_site_of_its_own_and_says_nothing_of_the_application() {
    let survey = surveyed(&[
        ("package.json", r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "5"}}"#),
        ("a.js", "app.listen(3000)"),
        (
            "docs/package.json",
            r#"{"scripts": {"build": "docusaurus build"}, "dependencies": {"@docusaurus/core": "3"}}"#,
        ),
        ("docs/docusaurus.config.js", ""),
        (
            "examples/a/package.json",
            r#"{"scripts": {"start": "node b.js"}, "dependencies": {"express": "5"}}"#,
        ),
        ("examples/a/b.js", "app.listen(3000)"),
    ]);
    assert_eq!(services(&survey), [".:api", "docs:static"]);
    let kind = survey.app_type.as_ref().map(|fact| fact.value.as_str());
    assert_eq!(kind, Some("web-api"));
}

#[test]
fn a_static_setting_does_not_make_a_server_static() {
    let config = ("nuxt.config.ts", "export default defineNuxtConfig({ ssr: false })");
    let manifest = |start: &'static str| ("package.json", start);
    let spa = surveyed(&[
        manifest(r#"{"scripts": {"build": "nuxt build"}, "devDependencies": {"nuxt": "4"}}"#),
        config,
        ("app/app.vue", ""),
    ]);
    assert_eq!(services(&spa), [".:static"]);
    let served = surveyed(&[
        manifest(
            r#"{"scripts": {"build": "nuxt build", "start": "PORT=5000 node .output/server/index.mjs"}, "devDependencies": {"nuxt": "4"}}"#,
        ),
        config,
        ("server/api/list.ts", "export default defineEventHandler(() => [])"),
        ("app/app.vue", ""),
    ]);
    assert_eq!(services(&served), [".:web"]);
    assert_eq!(start(&served), "npm start");
    let generated = surveyed(&[
        manifest(r#"{"scripts": {"build": "nuxt generate"}, "devDependencies": {"nuxt": "4"}}"#),
        ("app/app.vue", ""),
    ]);
    assert_eq!(services(&generated), [".:static"]);
}

#[test]
fn an_adapter_decides_whether_there_is_a_program_to_start() {
    let with =
        |adapter: &'static str| surveyed(&[("package.json", adapter), ("src/routes/+page.svelte", "")]);
    let node = with(
        r#"{"scripts": {"build": "vite build"}, "devDependencies": {"@sveltejs/kit": "2", "@sveltejs/adapter-node": "5"}}"#,
    );
    assert_eq!(start(&node), "node build");
    let platform = with(
        r#"{"scripts": {"build": "vite build"}, "devDependencies": {"@sveltejs/kit": "2", "@sveltejs/adapter-vercel": "5"}}"#,
    );
    assert_eq!((services(&platform), start(&platform)), (vec![".:web".to_owned()], "none"));
}

#[test]
fn a_page_whose_script_listens_to_keys_is_no_server() {
    let survey = surveyed(&[
        ("index.html", "<script src=js/input.js></script>"),
        ("js/input.js", "Input.prototype.listen = function () {};\nnew Input().listen();\n"),
    ]);
    assert_eq!(services(&survey), [".:static"]);
}

#[test]
fn what_the_root_builds_for_its_only_member_is_that_member() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"private": true, "workspaces": ["app", "packages/*"], "scripts": {"build": "yarn --cwd app build"}}"#,
        ),
        ("yarn.lock", ""),
        ("docker-compose.yml", "services:\n  draw:\n    build: .\n    ports: [\"3000:80\"]\n"),
        (
            "Dockerfile",
            "FROM node:24 AS build\nCOPY . .\nRUN yarn && yarn build\nFROM nginx\nCOPY --from=build /app/build /usr/share/nginx/html\n",
        ),
        (
            "app/package.json",
            r#"{"name": "draw-app", "scripts": {"build": "vite build"}, "dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "6"}}"#,
        ),
        ("app/index.html", ""),
        ("packages/math/package.json", r#"{"name": "@draw/math", "exports": "./src/index.ts"}"#),
        ("packages/math/src/index.ts", "export {}"),
        ("scripts/a.js", "x"),
    ]);
    assert_eq!(services(&survey), ["app:static"]);
    assert_eq!(service(&survey, "app").dockerfile.as_deref(), Some("Dockerfile"));
    assert_eq!(survey.commands.build.as_deref(), Some("yarn build"));
}

#[test]
fn a_package_that_others_import_is_no_service_even_if_an_example_of_it_serves() {
    let survey = surveyed(&[
        ("package.json", r#"{"private": true, "workspaces": ["api", "protocol"]}"#),
        ("bun.lock", ""),
        (
            "api/package.json",
            r#"{"name": "api", "dependencies": {"hono": "4", "@a/protocol": "workspace:*"}}"#,
        ),
        (
            "api/index.ts",
            "import { Hono } from 'hono';\nexport default { port: 8080, fetch: new Hono().fetch };\n",
        ),
        (
            "protocol/package.json",
            r#"{"name": "@a/protocol", "private": true, "exports": {".": "./index.ts"}}"#,
        ),
        ("protocol/index.ts", "export {}"),
        ("protocol/sample.ts", "Bun.serve({ port: 3000 })"),
    ]);
    assert_eq!(services(&survey), ["api:api"]);
    assert_eq!(service(&survey, "api").commands.start.as_deref(), Some("bun index.ts"));
}

#[test]
fn versions_of_a_catalogue_are_the_workspaces_and_its_root_is_no_service() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"private": true, "scripts": {"start": "turbo run start"}, "dependencies": {"a": "1", "b": "1", "c": "1"}}"#,
        ),
        ("pnpm-workspace.yaml", "packages:\n  - apps/*\ncatalog:\n  next: 16.0.1\n"),
        ("pnpm-lock.yaml", ""),
        ("scripts/tool.mjs", "x"),
        (
            "apps/web/package.json",
            r#"{"name": "web", "scripts": {"build": "next build", "start": "next start"}, "dependencies": {"next": "catalog:"}}"#,
        ),
        ("apps/web/app/page.tsx", ""),
        ("packages/ui/package.json", r#"{"name": "ui", "exports": "./index.ts"}"#),
        ("packages/ui/index.ts", ""),
    ]);
    assert_eq!(services(&survey), ["apps/web:web"]);
    assert_eq!(survey.frameworks[0].version.as_deref(), Some("16.0.1"));
    assert_eq!(start(&survey), "pnpm start");
}

#[test]
fn a_workspace_of_rush_is_installed_by_it() {
    let survey = surveyed(&[
        ("rush.json", "{\n  // packages\n  \"pnpmVersion\": \"9.0.0\"\n}"),
        ("common/config/rush/pnpm-lock.yaml", ""),
        (
            "apps/api/package.json",
            r#"{"name": "api", "scripts": {"build": "heft build", "start": "node lib/a.js"}, "dependencies": {"fastify": "5"}}"#,
        ),
        ("apps/api/src/a.ts", "app.listen({ port: 3000 })"),
        (
            "apps/job/package.json",
            r#"{"name": "job", "scripts": {"build": "heft build", "start": "node lib/a.js"}, "dependencies": {"express": "5"}}"#,
        ),
        ("apps/job/src/a.ts", "app.listen({ port: 3000 })"),
    ]);
    assert_eq!(manager(&survey), "pnpm");
    assert_eq!(survey.commands.install.as_deref(), Some("node common/scripts/install-run-rush.js install"));
    assert_eq!(survey.commands.build.as_deref(), Some("node common/scripts/install-run-rush.js build"));
    assert_eq!(survey.commands.test, None, "only what the tool has by itself");
}

#[test]
fn documentation_in_the_root_of_a_library_is_not_the_application() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"private": true, "workspaces": ["api"], "scripts": {"docs:build": "vitepress build docs", "build": "tsc"}, "devDependencies": {"vitepress": "1"}}"#,
        ),
        ("docs/.vitepress/config.ts", ""),
        (
            "api/package.json",
            r#"{"name": "api", "scripts": {"start": "node a.js"}, "dependencies": {"express": "5"}}"#,
        ),
        ("api/a.js", "app.listen(3000)"),
    ]);
    assert_eq!(services(&survey), ["api:api", ".:static"]);
    let docs = service(&survey, ".");
    assert_eq!(docs.static_output.as_deref(), Some("docs/.vitepress/dist"));
    assert_eq!(docs.commands.build.as_deref(), Some("npm run docs:build"));
    assert_eq!(survey.app_type.as_ref().map(|fact| fact.value.as_str()), Some("web-api"));
}

#[test]
fn a_container_of_deno_runs_deno_and_a_task_that_watches_is_for_development() {
    let tree = |command: &'static str| {
        surveyed(&[
            (
                "deno.json",
                r#"{"tasks": {"start": "deno run -A --watch=routes/ dev.ts"}, "imports": {"$fresh/": "https://deno.land/x/fresh@1.7.3/"}}"#,
            ),
            ("main.ts", ""),
            ("dev.ts", ""),
            ("Dockerfile", command),
        ])
    };
    let survey = tree("FROM denoland/deno:2.1.4\nCMD [\"run\", \"-A\", \"--cached-only\", \"main.ts\"]\n");
    assert_eq!(start(&survey), "deno run -A --cached-only main.ts");
    let survey = tree("FROM denoland/deno:2.1.4\nCMD [\"task\", \"start\"]\n");
    assert_eq!(start(&survey), "deno run -A main.ts");
    assert_eq!(conflict(&survey, "commands.start"), ["deno run -A main.ts", "deno task start"]);
    assert_eq!(frameworks(&survey), ["fresh"]);
}

#[test]
fn without_a_lock_file_the_manager_that_is_called_is_meant() {
    let files = |docker: &'static str| {
        surveyed(&[
            ("package.json", r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "5"}}"#),
            ("a.js", "app.listen(3000)"),
            ("Dockerfile", docker),
        ])
    };
    let survey = files("FROM node:22\nRUN yarn install && yarn build\nCMD [\"node\", \"a.js\"]\n");
    assert_eq!(manager(&survey), "yarn");
    assert_eq!(survey.package_manager.as_ref().map(|fact| fact.certainty), Some(Certainty::Medium));
    assert_eq!(manager(&files("FROM node:22\nCMD [\"node\", \"a.js\"]\n")), "npm");
}

#[test]
fn ports_stand_in_scripts_and_in_the_frameworks_own_configuration() {
    let port = |files: &[(&str, &str)]| {
        let survey = surveyed(files);
        survey.port.map(|fact| (fact.value, fact.certainty))
    };
    let next = r#"{"scripts": {"build": "next build", "start": "next start -p 8610"}, "dependencies": {"next": "15"}}"#;
    let found = port(&[("package.json", next), ("next.config.js", "module.exports = {}")]);
    assert_eq!(found.map(|(port, _)| port), Some(8610));
    let manifest = r#"{"scripts": {"build": "nuxt build"}, "dependencies": {"nuxt": "2"}}"#;
    let config = ("nuxt.config.js", "export default {\n  server: {\n    port: 8787\n  }\n}\n");
    let found = port(&[("package.json", manifest), config, ("pages/index.vue", "")]);
    assert_eq!(found.map(|(port, _)| port), Some(8787));
    let vite = r#"{"scripts": {"dev": "vite --port 8282", "build": "vite build"}, "devDependencies": {"vite": "6", "svelte": "5"}}"#;
    let found = port(&[("package.json", vite), ("index.html", "")]);
    assert_eq!(found, Some((8282, Certainty::Low)), "only people who work on it see it there");
}

#[test]
fn programs_for_peoples_own_machines_and_components_for_pages_are_no_services() {
    let survey = surveyed(&[
        ("package.json", r#"{"private": true, "workspaces": ["apps/*", "packages/*"]}"#),
        ("yarn.lock", ""),
        (
            "apps/api/package.json",
            r#"{"name": "api", "scripts": {"start": "node a.js"}, "dependencies": {"express": "5"}}"#,
        ),
        ("apps/api/a.js", "app.listen(3000)"),
        (
            "apps/desktop/package.json",
            r#"{"name": "desktop", "scripts": {"build": "vite build"}, "dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "6", "electron": "33"}}"#,
        ),
        ("apps/desktop/index.html", ""),
        (
            "packages/kit/package.json",
            r#"{"name": "kit", "exports": {".": "./src/index.js"}, "scripts": {"dev": "vite dev"}, "devDependencies": {"@sveltejs/kit": "2"}}"#,
        ),
        ("packages/kit/src/index.js", ""),
        (
            "apps/api/templates/a/package.json",
            r#"{"name": "a", "scripts": {"start": "node b.js"}, "dependencies": {"express": "5"}}"#,
        ),
        ("apps/api/templates/a/b.js", "app.listen(3000)"),
    ]);
    assert_eq!(services(&survey), ["apps/api:api"]);
}

#[test]
fn a_worker_that_answers_a_health_check_is_a_worker() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"private": true, "workspaces": ["apps/*"], "scripts": {"start": "turbo run start"}}"#,
        ),
        ("yarn.lock", ""),
        ("apps/worker/package.json", r#"{"name": "jobs", "scripts": {"start": "node w.js"}}"#),
        ("apps/worker/w.js", "http.createServer(ok).listen(3001)"),
        (
            "apps/web/package.json",
            r#"{"name": "web", "scripts": {"start": "next start"}, "dependencies": {"next": "15"}}"#,
        ),
        ("apps/web/app/page.tsx", ""),
    ]);
    assert_eq!(services(&survey), ["apps/web:web", "apps/worker:worker"]);
    assert_eq!(start(&survey), "yarn start");
}

#[test]
fn a_stray_file_of_another_language_decides_nothing() {
    let survey = surveyed(&[
        ("package.json", r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "5"}}"#),
        ("a.js", "const express = require('express')\nexpress().listen(3000)\n"),
        ("scripts/export.py", "print('a')\n"),
        ("main.go", "package tools\n"),
    ]);
    assert_eq!(services(&survey), [".:api"]);
    assert_eq!(survey.languages[0].fact.value, "javascript");
    assert_eq!(manager(&survey), "npm");
}

#[test]
fn the_framework_of_a_member_is_found_and_not_the_bundler_that_the_root_shares() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"private": true, "workspaces": ["web"], "devDependencies": {"vite": "6", "react-dom": "19"}}"#,
        ),
        ("package-lock.json", "{}"),
        (
            "web/package.json",
            r#"{"name": "web", "scripts": {"build": "astro build"}, "dependencies": {"astro": "5"}}"#,
        ),
        ("web/astro.config.ts", "export default {}"),
    ]);
    assert_eq!(frameworks(&survey), ["astro"]);
    assert_eq!(services(&survey), ["web:static"]);
}

#[test]
fn a_container_for_development_does_not_say_how_production_starts() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"scripts": {"build": "next build", "dev": "next dev"}, "dependencies": {"next": "15"}}"#,
        ),
        ("app/page.tsx", ""),
        ("Dockerfile", "FROM node:22\nEXPOSE 4000\nCMD [\"npm\", \"run\", \"dev\"]\n"),
    ]);
    assert_eq!(start(&survey), "npx next start");
    assert!(survey.containerised.fact.value && !survey.containerised.production);
    assert_eq!(survey.port.map(|fact| fact.value), Some(3000));
}

#[test]
fn what_deno_runs_goes_by_its_name() {
    let survey = surveyed(&[
        ("deno.json", r#"{"tasks": {"start": "deno run -A main.ts"}}"#),
        ("main.ts", "Deno.serve(() => new Response())\n"),
    ]);
    let names: Vec<(&str, bool)> =
        survey.languages.iter().map(|one| (one.fact.value.as_str(), one.primary)).collect();
    assert_eq!(names, [("deno", true), ("typescript", false)]);
    assert_eq!(survey.services[0].language.as_deref(), Some("typescript"));
}
