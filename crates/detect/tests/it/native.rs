//! Languages whose manifest names the programs that it builds, and programs of a single file without any.

use siteplan_model::survey::{ServiceKind, Survey};

use crate::tree::{service, services, start, surveyed};

fn build(survey: &Survey) -> &str {
    survey.commands.build.as_deref().unwrap_or("none")
}

fn framework(survey: &Survey) -> &str {
    survey.services.first().and_then(|one| one.framework.as_deref()).unwrap_or("none")
}

fn manager(survey: &Survey) -> &str {
    survey.package_manager.as_ref().map_or("none", |fact| fact.value.as_str())
}

#[test]
fn swift_starts_the_product_that_it_built() {
    let survey = surveyed(&[
        (
            "Package.swift",
            "// swift-tools-version:5.9\nlet package = Package(name: \"shop\", dependencies: [\n .package(url: \"https://github.com/vapor/vapor.git\", from: \"4.99.3\"),\n],\ntargets: [\n .executableTarget(name: \"App\", dependencies: []),\n .testTarget(name: \"AppTests\"),\n])\n",
        ),
        (
            "Sources/App/routes.swift",
            "func routes(_ app: Application) {\n    app.get(\"health\") { _ in \"ok\" }\n}\n",
        ),
        ("Tests/AppTests/AppTests.swift", "final class T {}\n"),
    ]);
    assert_eq!((framework(&survey), manager(&survey)), ("vapor", "swift"));
    assert_eq!(
        build(&survey),
        "swift build -c release --product App && mkdir -p bin && cp .build/release/App bin/"
    );
    assert_eq!(start(&survey), "./bin/App serve --env production --hostname 0.0.0.0 --port 8080");
    assert_eq!(survey.commands.test.as_deref(), Some("swift test"));
    assert_eq!(survey.health_endpoint.as_ref().map(|fact| fact.value.as_str()), Some("/health"));
    assert_eq!(survey.languages[0].version.as_deref(), Some("5.9"));
}

#[test]
fn dart_server_and_flutter_pages() {
    let survey = surveyed(&[
        ("pubspec.yaml", "name: api\nenvironment:\n  sdk: ^3.4.0\ndependencies:\n  shelf: ^1.4.0\n"),
        ("bin/server.dart", "void main() async {\n  await serve(handler, '0.0.0.0', 8085);\n}\n"),
    ]);
    assert_eq!(
        (framework(&survey), manager(&survey), services(&survey)),
        ("shelf", "dart", vec![".:api".to_owned()])
    );
    assert_eq!(build(&survey), "dart compile exe bin/server.dart -o bin/server");
    assert_eq!(start(&survey), "./bin/server");
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(8085));
    let flutter = "name: shop\ndependencies:\n  flutter:\n    sdk: flutter\n";
    let survey = surveyed(&[
        ("pubspec.yaml", flutter),
        ("lib/main.dart", "void main() => runApp(App());\n"),
        ("web/index.html", "<html></html>"),
    ]);
    assert_eq!((framework(&survey), services(&survey)), ("flutter", vec![".:static".to_owned()]));
    assert_eq!(survey.services[0].static_output.as_deref(), Some("build/web"));
    let telephone =
        surveyed(&[("pubspec.yaml", flutter), ("lib/main.dart", "void main() => runApp(App());\n")]);
    assert!(telephone.services.is_empty(), "an application for telephones is not deployed");
    assert!(telephone.missing.contains(&"services".to_owned()));
}

#[test]
fn crystal_targets_and_haskell_programs() {
    let survey = surveyed(&[
        (
            "shard.yml",
            "name: shop\ntargets:\n  shop:\n    main: src/shop.cr\n  worker:\n    main: src/worker.cr\ndependencies:\n  kemal:\n    github: kemalcr/kemal\n",
        ),
        ("shard.lock", ""),
        ("src/shop.cr", "require \"kemal\"\nget \"/healthz\" do\nend\nKemal.run\n"),
        ("src/worker.cr", "loop { work }\n"),
    ]);
    assert_eq!(services(&survey), [".:api", ".:worker"]);
    assert_eq!(build(&survey), "shards build shop --release --production");
    assert_eq!(
        (start(&survey), survey.services[1].commands.start.as_deref()),
        ("./bin/shop", Some("./bin/worker"))
    );
    assert_eq!(survey.health_endpoint.as_ref().map(|fact| fact.value.as_str()), Some("/healthz"));
    let survey = surveyed(&[
        ("stack.yaml", "resolver: lts-22.0\npackages:\n- .\n"),
        (
            "shop.cabal",
            "name: shop\nexecutable shop-exe\n  hs-source-dirs: app\n  main-is: Main.hs\n  build-depends: base, servant-server\n",
        ),
        ("app/Main.hs", "main = run 8081 app\n"),
    ]);
    assert_eq!((framework(&survey), manager(&survey)), ("servant", "stack"));
    assert_eq!(build(&survey), "stack build --copy-bins --local-bin-path bin");
    assert_eq!((start(&survey), survey.port.as_ref().map(|fact| fact.value)), ("./bin/shop-exe", Some(8081)));
}

#[test]
fn beam_languages_have_their_own_tools() {
    let survey = surveyed(&[
        ("gleam.toml", "name = \"shop\"\n[dependencies]\nwisp = \"~> 1.0\"\nmist = \"~> 2.0\"\n"),
        ("manifest.toml", ""),
        (
            "src/shop.gleam",
            "pub fn main() {\n  handler |> mist.new |> mist.port(8000) |> mist.start_http\n}\n",
        ),
    ]);
    assert_eq!((framework(&survey), manager(&survey)), ("wisp", "gleam"));
    assert_eq!(start(&survey), "./build/erlang-shipment/entrypoint.sh run");
    assert_eq!(survey.languages[0].fact.value, "gleam");
    let survey = surveyed(&[
        ("rebar.config", "{deps, [{cowboy, \"2.9\"}]}.\n{relx, [{release, {shop, \"0.1\"}, [shop]}]}.\n"),
        ("src/shop_app.erl", "start(_, _) -> cowboy:start_clear(http, [{port, 8080}], #{}).\n"),
    ]);
    assert_eq!((framework(&survey), manager(&survey)), ("cowboy", "rebar3"));
    assert_eq!(start(&survey), "_build/prod/rel/shop/bin/shop foreground");
}

#[test]
fn builds_leave_programs_where_their_description_says() {
    let survey = surveyed(&[
        (
            "CMakeLists.txt",
            "project(shop CXX)\nfind_package(Drogon CONFIG REQUIRED)\nadd_subdirectory(src)\n",
        ),
        (
            "src/CMakeLists.txt",
            "add_executable(shop main.cc)\ntarget_link_libraries(shop PRIVATE Drogon::Drogon)\n",
        ),
        ("src/main.cc", "int main() {\n  app().addListener(\"0.0.0.0\", 8848).run();\n}\n"),
    ]);
    assert_eq!(
        (framework(&survey), manager(&survey), services(&survey)),
        ("drogon", "cmake", vec![".:api".to_owned()])
    );
    assert_eq!(
        (start(&survey), survey.port.as_ref().map(|fact| fact.value)),
        ("./build/src/shop", Some(8848))
    );
    let survey = surveyed(&[
        ("dune-project", "(lang dune 3.0)\n(name shop)\n"),
        ("bin/dune", "(executable\n (public_name shop)\n (name main)\n (libraries dream))\n"),
        ("bin/main.ml", "let () = Dream.run ~port:8081 handler\n"),
    ]);
    assert_eq!((framework(&survey), start(&survey)), ("dream", "./_build/default/bin/main.exe"));
    let survey = surveyed(&[
        (
            "build.zig",
            "const exe = b.addExecutable(.{\n .name = \"shop\",\n .root_source_file = b.path(\"src/main.zig\"),\n});\n",
        ),
        ("src/main.zig", "pub fn main() !void {}\n"),
    ]);
    assert_eq!((manager(&survey), start(&survey)), ("zig", "./zig-out/bin/shop"));
    let survey = surveyed(&[
        ("shop.nimble", "srcDir = \"src\"\nbin = @[\"shop\"]\nrequires \"jester >= 0.5\"\n"),
        ("src/shop.nim", "routes:\n  get \"/\":\n    resp \"x\"\nrunForever()\n"),
    ]);
    assert_eq!((framework(&survey), start(&survey)), ("jester", "./shop"));
}

#[test]
fn a_library_is_no_service() {
    for files in [
        [("shard.yml", "name: shop\n"), ("src/shop.cr", "module Shop\nend\n")],
        [
            ("Package.swift", "let package = Package(name: \"x\", targets: [.target(name: \"x\")])"),
            ("Sources/x/x.swift", "struct X {}\n"),
        ],
        [
            ("CMakeLists.txt", "project(shop)\nadd_library(shop shop.cpp)\n"),
            ("shop.cpp", "int add(int a, int b) { return a + b; }\n"),
        ],
    ] {
        let survey = surveyed(&files);
        assert!(survey.services.is_empty(), "{files:?} gave {:?}", services(&survey));
        assert!(survey.missing.contains(&"services".to_owned()));
    }
}

#[test]
fn programs_of_one_file() {
    let of = |path: &str, text: &str| {
        let survey = surveyed(&[(path, text)]);
        let first = survey.services.first().map(|one| one.kind);
        (build(&survey).to_owned(), start(&survey).to_owned(), first)
    };
    assert_eq!(
        of("src/index.cbl", "IDENTIFICATION DIVISION.\n"),
        (
            "cobc -x -o bin/index src/index.cbl".to_owned(),
            "./bin/index".to_owned(),
            Some(ServiceKind::Worker)
        )
    );
    assert_eq!(of("init.scm", "(display 1)\n").1, "guile --auto-compile init.scm");
    assert_eq!(of("start.sh", "#!/bin/sh\necho 1\n").1, "bash start.sh");
    assert_eq!(of("install.sh", "#!/bin/sh\necho 1\n").1, "none", "a script of any name is no program");
}

#[test]
fn several_mains_are_judged_by_build_name_and_code() {
    let main = "package main\n\nfunc main() {}\n";
    let go = "module example.com/acme/shop\n\ngo 1.23\n";
    let serving = "package main\n\nfunc main() {\n\thttp.ListenAndServe(\":8080\", nil)\n}\n";
    // The daemon of the module, not the tool that talks to it.
    let survey = surveyed(&[("go.mod", go), ("cmd/shop/main.go", main), ("cmd/shopd/main.go", serving)]);
    assert_eq!((services(&survey), start(&survey)), (vec![".:api".to_owned()], "./bin/shopd"));
    // Parts of the whole do not stand for it.
    let survey =
        surveyed(&[("go.mod", go), ("cmd/shop/main.go", serving), ("cmd/nonce-service/main.go", main)]);
    assert_eq!(start(&survey), "./bin/shop");
    // What the container compiles is what is deployed.
    let survey = surveyed(&[
        ("go.mod", go),
        ("cmd/alpha/main.go", serving),
        ("cmd/beta/main.go", serving),
        (
            "Dockerfile",
            "FROM golang:1.23 AS build\nRUN go build -o /out/app ./cmd/beta\nFROM scratch\nCOPY --from=build /out/app /app\nCMD [\"/app\"]\n",
        ),
    ]);
    assert_eq!(survey.commands.build.as_deref(), Some("go build -o bin/beta ./cmd/beta"));
    // Scripts are no programs.
    let survey = surveyed(&[("go.mod", go), ("main.go", serving), ("hack/server/main.go", main)]);
    assert_eq!((services(&survey).len(), start(&survey)), (1, "./bin/shop"));
}

#[test]
fn members_of_a_cargo_workspace() {
    let survey = surveyed(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\"]\n[workspace.dependencies]\nactix-web = \"4.9\"\ndiesel = { version = \"2\", features = [\"postgres\"] }\n",
        ),
        ("Cargo.lock", ""),
        (
            "crates/server/Cargo.toml",
            "[package]\nname = \"shop_server\"\n[dependencies]\nactix-web = { workspace = true }\ndiesel = { workspace = true }\n",
        ),
        ("crates/server/src/main.rs", "fn main() {\n    HttpServer::new(app).bind(\"0.0.0.0:8536\");\n}\n"),
        (
            "crates/utils/Cargo.toml",
            "[package]\nname = \"shop_utils\"\n[dependencies]\nactix-web = { workspace = true }\n[[bin]]\nname = \"shop_util_bin\"\npath = \"src/main.rs\"\n",
        ),
        ("crates/utils/src/main.rs", "fn main() {}\n"),
        (
            "docker/Dockerfile",
            "FROM rust AS build\nRUN cargo build --release\nFROM debian\nCOPY --from=build /x /usr/local/bin/shop_server\nCMD [\"shop_server\"]\n",
        ),
        (
            "docker/docker-compose.yml",
            "services:\n  shop:\n    build:\n      context: ../\n      dockerfile: docker/Dockerfile\n    ports: [\"8536:8536\"]\n",
        ),
    ]);
    assert_eq!(services(&survey), ["crates/server:api"]);
    let server = service(&survey, "crates/server");
    assert_eq!(server.commands.start.as_deref(), Some("../../target/release/shop_server"));
    assert_eq!(server.dockerfile.as_deref(), Some("docker/Dockerfile"));
    assert_eq!(server.databases, ["postgres"], "the workspace's features are the member's");
    assert_eq!(survey.frameworks[0].version.as_deref(), Some("4.9"));
}

#[test]
fn a_launched_rocket_is_a_program() {
    let survey = surveyed(&[
        ("Cargo.toml", "[package]\nname = \"shop\"\n[dependencies]\nrocket = \"0.5\"\n"),
        (
            "src/main.rs",
            "#[get(\"/health\")]\nfn health() -> &'static str { \"ok\" }\n#[launch]\nfn rocket() -> _ {\n    rocket::build().mount(\"/api\", routes![health])\n}\n",
        ),
    ]);
    assert_eq!((framework(&survey), start(&survey)), ("rocket", "./target/release/shop"));
    assert_eq!(survey.health_endpoint.as_ref().map(|fact| fact.value.as_str()), Some("/api/health"));
}

#[test]
fn elixir_releases_and_the_arguments_of_a_container() {
    let survey = surveyed(&[
        (
            "mix.exs",
            "@elixir_requirement \"~> 1.18\"\napp: :shop, elixir: @elixir_requirement, releases: releases()\n{:phoenix, \"~> 1.7\"}\n",
        ),
        (
            "lib/shop_web/router.ex",
            "  scope \"/api\", ShopWeb do\n    get \"/health\", HealthController, :index\n  end\n",
        ),
    ]);
    assert_eq!(survey.commands.build.as_deref(), Some("MIX_ENV=prod mix release"));
    assert_eq!(start(&survey), "PHX_SERVER=true _build/prod/rel/shop/bin/shop start");
    assert_eq!(survey.languages[0].version.as_deref(), Some("~> 1.18"));
    assert_eq!(survey.health_endpoint.as_ref().map(|fact| fact.value.as_str()), Some("/api/health"));
    let survey = surveyed(&[
        ("go.mod", "module shop\n\ngo 1.23\n"),
        ("main.go", "package main\n\nfunc main() {\n\thttp.ListenAndServe(\":8080\", nil)\n}\n"),
        (
            "Dockerfile",
            "FROM golang\nRUN go build -o shop .\nENTRYPOINT [\"/app/shop\"]\nCMD [\"serve\", \"--verbose\"]\n",
        ),
    ]);
    assert_eq!(start(&survey), "./bin/shop serve --verbose");
}

#[test]
fn pages_that_a_container_serves_are_a_site() {
    let survey = surveyed(&[
        ("Dockerfile", "FROM nginx:alpine\nCOPY . /usr/share/nginx/html\nEXPOSE 80\n"),
        ("index.html", "<html></html>"),
    ]);
    assert_eq!(services(&survey), [".:static"]);
    let survey = surveyed(&[("Dockerfile", "FROM acme/tool:1\nEXPOSE 9000\nCMD [\"tool\", \"serve\"]\n")]);
    assert_eq!((services(&survey), start(&survey)), (vec![".:api".to_owned()], "tool serve"));
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(9000));
}

#[test]
fn go_without_a_module_names_its_file() {
    let survey =
        surveyed(&[("main.go", "package main\n\nfunc main() {\n\thttp.ListenAndServe(\":8081\", nil)\n}\n")]);
    assert_eq!(survey.commands.install, None, "there is no module to install");
    assert_eq!(build(&survey), "go build -o bin/main main.go");
    assert_eq!(start(&survey), "./bin/main");
}

#[test]
fn a_module_of_a_workspace_that_takes_jobs_is_a_worker() {
    let survey = surveyed(&[
        ("go.work", "go 1.22\nuse (\n ./api\n ./lib\n ./jobs\n)\n"),
        ("api/go.mod", "module x/api\n\ngo 1.22\n\nrequire github.com/labstack/echo/v4 v4.1.0\n"),
        ("api/main.go", "package main\n\nfunc main() {\n\te.Start(\":1323\")\n}\n"),
        ("lib/go.mod", "module x/lib\n\ngo 1.22\n"),
        ("lib/lib.go", "package lib\n"),
        ("jobs/go.mod", "module x/jobs\n\ngo 1.22\n\nrequire github.com/hibiken/asynq v0.24.0\n"),
        ("jobs/main.go", "package main\n\nfunc main() {\n\tsrv := asynq.NewServer()\n}\n"),
    ]);
    assert_eq!(services(&survey), ["api:api", "jobs:worker"]);
}

#[test]
fn rust_for_browsers_and_generators_of_sites() {
    let survey = surveyed(&[
        (
            "Cargo.toml",
            "[package]\nname = \"fe\"\n[dependencies]\nyew = { version = \"0.21\", features = [\"csr\"] }\n",
        ),
        ("src/main.rs", "fn main() {}\n"),
        ("index.html", "<html></html>"),
    ]);
    assert_eq!((services(&survey), build(&survey)), (vec![".:static".to_owned()], "trunk build --release"));
    assert_eq!((start(&survey), survey.services[0].static_output.as_deref()), ("none", Some("dist")));
    let survey = surveyed(&[
        (
            "Cargo.toml",
            "[package]\nname = \"fe\"\n[dependencies]\nleptos = \"0.8\"\naxum = { version = \"0.8\", optional = true }\n",
        ),
        ("src/main.rs", "async fn main() {\n    axum::serve(l, app);\n}\n"),
    ]);
    assert_eq!((framework(&survey), services(&survey)), ("leptos", vec![".:web".to_owned()]));
    assert_eq!((build(&survey), start(&survey)), ("cargo leptos build --release", "./target/release/fe"));
    let survey = surveyed(&[
        ("config.toml", "base_url = \"https://x\"\n"),
        ("content/_index.md", "+++\n"),
        ("templates/index.html", "<html></html>"),
    ]);
    assert_eq!((framework(&survey), build(&survey)), ("zola", "zola build"));
    let survey =
        surveyed(&[("config.toml", "[server]\nport = 1\n"), ("templates/index.html", "<html></html>")]);
    assert!(survey.services.is_empty(), "a file of that name is many things");
}

#[test]
fn a_client_library_makes_no_server() {
    let go = "module example.com/tap\n\ngo 1.23\n\nrequire google.golang.org/grpc v1.60.0\n";
    let main = "package main\n\nfunc main() {\n\tgrpc.NewClient(target)\n}\n";
    let survey = surveyed(&[("go.mod", go), ("main.go", main)]);
    assert_eq!((services(&survey), framework(&survey)), (vec![".:worker".to_owned()], "none"));
    let server = "package main\n\nfunc main() {\n\ts := grpc.NewServer()\n}\n";
    let survey = surveyed(&[("go.mod", go), ("main.go", server)]);
    assert_eq!((services(&survey), framework(&survey)), (vec![".:api".to_owned()], "grpc"));
}

#[test]
fn one_stray_file_or_a_container_for_development_decides_nothing() {
    let survey = surveyed(&[
        ("go.mod", "module shop\n\ngo 1.23\n\nrequire github.com/gin-gonic/gin v1.10.0\n"),
        ("main.go", "package main\n\nfunc main() {\n\tr := gin.New()\n\tr.Run(\":8080\")\n}\n"),
        ("setup.py", "print(1)\n"),
        ("tool.zig", "pub fn main() void {}\n"),
        (
            "Dockerfile.dev",
            "FROM golang:1.23\nRUN go install github.com/air-verse/air@latest\nEXPOSE 4000\nCMD [\"air\", \"-c\", \".air.toml\"]\n",
        ),
    ]);
    assert_eq!((survey.languages[0].fact.value.as_str(), framework(&survey)), ("go", "gin"));
    assert_eq!((start(&survey), survey.port.as_ref().map(|fact| fact.value)), ("./bin/shop", Some(8080)));
    assert!(!survey.containerised.production, "the only container build is for development");
}

#[test]
fn the_port_of_the_container_wins_over_the_framework_default() {
    let survey = surveyed(&[
        ("Cargo.toml", "[package]\nname = \"shop\"\n[dependencies]\nrocket = \"0.5\"\n"),
        ("src/main.rs", "#[launch]\nfn rocket() -> _ {\n    rocket::build()\n}\n"),
        (
            "Dockerfile",
            "FROM rust AS b\nRUN cargo build --release\nFROM debian\nCOPY --from=b /target/release/shop /shop\nENV ROCKET_PORT=9100\nEXPOSE 9100\nCMD [\"/shop\"]\n",
        ),
    ]);
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(9100));
}

#[test]
fn a_procfile_of_workers_gives_no_web_process() {
    let survey = surveyed(&[
        ("go.mod", "module jobs\n\ngo 1.23\n"),
        ("main.go", "package main\n\nfunc main() {\n\tconsume()\n}\n"),
        ("Procfile", "worker: bin/jobs --queue mail\n"),
    ]);
    assert_eq!(services(&survey), [".:worker"]);
    assert_eq!(start(&survey), "bin/jobs --queue mail");
    assert_eq!(survey.port, None);
}
