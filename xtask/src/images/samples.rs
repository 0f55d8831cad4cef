//! Small repositories of many languages, each with what tells siteplan how it is installed, built and started.

/// A repository: its name and its files with their texts.
type Sample = (&'static str, &'static [(&'static str, &'static str)]);

/// All of them.
pub(super) const ALL: &[Sample] = &[
    (
        "pnpm-mono",
        &[
            (
                "package.json",
                r#"{
 "name": "root",
 "version": "1.0.0",
 "scripts": {},
 "dependencies": {},
 "private": true,
 "packageManager": "pnpm@10.1.0"
}"#,
            ),
            (
                "pnpm-workspace.yaml",
                r#"packages:
  - "apps/*"
  - "packages/*"
"#,
            ),
            (
                "pnpm-lock.yaml",
                r#"lockfileVersion: "9.0"
"#,
            ),
            (
                "apps/api/package.json",
                r#"{
 "name": "api",
 "version": "1.0.0",
 "scripts": {
  "start": "node index.js",
  "build": "node build.js"
 },
 "dependencies": {
  "express": "^4",
  "@acme/lib": "workspace:*"
 }
}"#,
            ),
            (
                "apps/api/index.js",
                r#"const express=require("express");const app=express();app.get("/",(q,r)=>r.send("ok"));app.listen(process.env.PORT||3000);
"#,
            ),
            ("packages/lib/package.json", r#"{"name":"@acme/lib","version":"1.0.0","main":"i.js"}"#),
            ("packages/lib/i.js", ""),
        ],
    ),
    (
        "yarn-express",
        &[
            (
                "package.json",
                r#"{
 "name": "y",
 "version": "1.0.0",
 "scripts": {
  "start": "node index.js",
  "build": "node build.js"
 },
 "dependencies": {
  "express": "^4.19.0"
 }
}"#,
            ),
            ("yarn.lock", "# yarn lockfile v1\n"),
            (
                "index.js",
                r#"const express=require("express");const app=express();app.get("/",(q,r)=>r.send("ok"));app.listen(process.env.PORT||3000);
"#,
            ),
        ],
    ),
    (
        "bun-app",
        &[
            (
                "package.json",
                r#"{"name":"b","scripts":{"start":"bun run index.ts"},"dependencies":{"hono":"^4"}}"#,
            ),
            ("bun.lock", "{}"),
            (
                "index.ts",
                r#"import {Hono} from "hono"; const app=new Hono(); app.get("/",c=>c.text("x")); export default {port:3000,fetch:app.fetch}
"#,
            ),
        ],
    ),
    (
        "deno-app",
        &[
            (
                "deno.json",
                r#"{"tasks":{"start":"deno run -A main.ts"},"imports":{"@oak/oak":"jsr:@oak/oak@17"}}"#,
            ),
            ("deno.lock", r#"{"version":"4"}"#),
            (
                "main.ts",
                r#"import {Application} from "@oak/oak"; const app=new Application(); await app.listen({port:8000});
"#,
            ),
        ],
    ),
    (
        "pip-flask",
        &[
            ("requirements.txt", "flask==3.0\ngunicorn==22\npsycopg2==2.9\n-r extra-requirements.txt\n"),
            ("extra-requirements.txt", "requests\n"),
            (
                "app.py",
                r#"from flask import Flask
app = Flask(__name__)
@app.route("/")
def i(): return "x"
"#,
            ),
        ],
    ),
    (
        "poetry-flask",
        &[
            (
                "pyproject.toml",
                r#"[tool.poetry]
name="a"
version="0"
[tool.poetry.dependencies]
python="^3.12"
flask="^3"
gunicorn="*"
"#,
            ),
            ("poetry.lock", "\n"),
            (
                "app.py",
                r#"from flask import Flask
app = Flask(__name__)
@app.route("/")
def i(): return "x"
"#,
            ),
        ],
    ),
    (
        "pdm-flask",
        &[
            (
                "pyproject.toml",
                r#"[project]
name="a"
version="0"
requires-python=">=3.12"
dependencies=["flask","gunicorn"]
"#,
            ),
            ("pdm.lock", "\n"),
            (
                "app.py",
                r#"from flask import Flask
app = Flask(__name__)
@app.route("/")
def i(): return "x"
"#,
            ),
        ],
    ),
    (
        "pipenv-flask",
        &[
            (
                "Pipfile",
                r#"[packages]
flask="*"
gunicorn="*"
[requires]
python_version="3.12"
"#,
            ),
            ("Pipfile.lock", "{}"),
            (
                "app.py",
                r#"from flask import Flask
app = Flask(__name__)
@app.route("/")
def i(): return "x"
"#,
            ),
        ],
    ),
    (
        "go-gin",
        &[
            ("go.mod", "module example.com/shop\n\ngo 1.26\n\nrequire github.com/gin-gonic/gin v1.10.0\n"),
            ("go.sum", ""),
            (
                "cmd/server/main.go",
                r#"package main

import "github.com/gin-gonic/gin"

func main() { r := gin.Default(); r.GET("/", func(c *gin.Context) {}); r.Run(":8080") }
"#,
            ),
            ("cmd/worker/main.go", "package main\n\nfunc main() { for { } }\n"),
        ],
    ),
    (
        "rust-ws",
        &[
            (
                "Cargo.toml",
                r#"[workspace]
members=["web","core"]
"#,
            ),
            ("Cargo.lock", "version = 4\n"),
            (
                "web/Cargo.toml",
                r#"[package]
name="web"
version="0.1.0"
edition="2024"
[dependencies]
axum="0.8"
core={path="../core",package="core-x"}
"#,
            ),
            (
                "web/src/main.rs",
                r#"use axum::Router;
#[tokio::main] async fn main(){ let l=tokio::net::TcpListener::bind("0.0.0.0:3000").await.unwrap(); axum::serve(l,Router::new()).await.unwrap(); }
"#,
            ),
            (
                "core/Cargo.toml",
                r#"[package]
name="core-x"
version="0.1.0"
"#,
            ),
            ("core/src/lib.rs", ""),
        ],
    ),
    (
        "spring-maven",
        &[
            (
                "pom.xml",
                "<project><modelVersion>4.0.0</modelVersion><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.4.0</version></parent><groupId>c</groupId><artifactId>shop</artifactId><version>0.0.1</version><properties><java.version>21</java.version></properties><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies><build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>",
            ),
            (
                "src/main/java/c/App.java",
                "package c; import org.springframework.boot.*; import org.springframework.boot.autoconfigure.*; @SpringBootApplication public class App { public static void main(String[] a){SpringApplication.run(App.class,a);} }",
            ),
            ("mvnw", "#!/bin/sh\n"),
        ],
    ),
    (
        "ktor-gradle",
        &[
            (
                "build.gradle.kts",
                r#"plugins { kotlin("jvm") version "2.1.0"; id("io.ktor.plugin") version "3.0.0" }
application { mainClass.set("MainKt") }
dependencies { implementation("io.ktor:ktor-server-netty:3.0.0") }
kotlin { jvmToolchain(17) }
"#,
            ),
            (
                "settings.gradle.kts",
                r#"rootProject.name = "shop"
"#,
            ),
            (
                "src/main/kotlin/Main.kt",
                "import io.ktor.server.engine.*\nimport io.ktor.server.netty.*\nfun main() { embeddedServer(Netty, port = 8080) {}.start(wait = true) }\n",
            ),
            ("gradlew", "#!/bin/sh\n"),
            ("gradle/wrapper/gradle-wrapper.properties", "distributionUrl=x\n"),
        ],
    ),
    (
        "dotnet",
        &[
            (
                "Shop.csproj",
                r#"<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup></Project>"#,
            ),
            (
                "Program.cs",
                r#"var b = WebApplication.CreateBuilder(args); var app = b.Build(); app.MapGet("/", () => "x"); app.Run();
"#,
            ),
        ],
    ),
    (
        "rails",
        &[
            (
                "Gemfile",
                r#"source "https://rubygems.org"
ruby "3.4.1"
gem "rails", "~> 8.0"
gem "pg"
gem "puma"
gem "sidekiq"
"#,
            ),
            (
                "Gemfile.lock",
                "GEM\n  specs:\n    rails (8.0.0)\n    pg (1.5)\n    puma (6)\n    sidekiq (7)\n",
            ),
            ("config.ru", "run Rails.application\n"),
            ("config/application.rb", "module Shop; class Application < Rails::Application; end; end\n"),
            ("config/routes.rb", "Rails.application.routes.draw do\nend\n"),
            ("bin/rails", "#!/usr/bin/env ruby\n"),
            (
                "config/database.yml",
                r#"production:
  adapter: postgresql
  url: <%= ENV["DATABASE_URL"] %>
"#,
            ),
            ("app/assets/config/manifest.js", ""),
            ("package.json", r#"{"scripts":{"build":"esbuild app.js"}}"#),
            ("config/sidekiq.yml", ":queues: [default]\n"),
        ],
    ),
    (
        "laravel",
        &[
            ("composer.json", r#"{"require":{"php":"^8.3","laravel/framework":"^11.0"}}"#),
            ("composer.lock", "{}"),
            ("artisan", "#!/usr/bin/env php\n"),
            ("public/index.php", "<?php\n"),
            ("routes/web.php", "<?php\n"),
            ("package.json", r#"{"scripts":{"build":"vite build"}}"#),
            ("package-lock.json", "{}"),
            (".env.example", "APP_KEY=\nDB_CONNECTION=mysql\n"),
            ("config/database.php", "<?php return ['default' => env('DB_CONNECTION','mysql')];"),
        ],
    ),
    (
        "phoenix",
        &[
            (
                "mix.exs",
                r#"defmodule Shop.MixProject do
 use Mix.Project
 def project, do: [app: :shop, version: "0.1.0", elixir: "~> 1.18", deps: deps(), aliases: ["assets.deploy": ["esbuild"]]]
 defp deps, do: [{:phoenix, "~> 1.7"}, {:ecto_sql, "~> 3"}, {:postgrex, ">= 0.0.0"}]
end
"#,
            ),
            ("mix.lock", "%{}\n"),
            (
                "lib/shop_web/endpoint.ex",
                "defmodule ShopWeb.Endpoint do\n use Phoenix.Endpoint, otp_app: :shop\nend\n",
            ),
            ("lib/shop_web/router.ex", "defmodule ShopWeb.Router do\n use Phoenix.Router\nend\n"),
            (
                "config/runtime.exs",
                r#"import Config
config :shop, url: System.fetch_env!("DATABASE_URL")
"#,
            ),
        ],
    ),
    (
        "dart-shelf",
        &[
            ("pubspec.yaml", "name: shop\nenvironment:\n  sdk: ^3.5.0\ndependencies:\n  shelf: ^1.4.0\n"),
            ("pubspec.lock", ""),
            (
                "bin/server.dart",
                "import 'package:shelf/shelf_io.dart' as io;\nvoid main() async { await io.serve((r)=>Response.ok(''), '0.0.0.0', 8080); }\n",
            ),
        ],
    ),
    (
        "vite-static",
        &[
            (
                "package.json",
                r#"{"name":"v","scripts":{"build":"vite build"},"devDependencies":{"vite":"^5"},"dependencies":{"react":"^18"}}"#,
            ),
            ("package-lock.json", "{}"),
            ("index.html", r#"<div id="root"></div>"#),
            ("vite.config.ts", "export default {}"),
            ("src/main.tsx", "console.log(import.meta.env.VITE_API_URL)\n"),
        ],
    ),
    ("html-plain", &[("index.html", "<h1>x</h1>"), ("style.css", "")]),
];
