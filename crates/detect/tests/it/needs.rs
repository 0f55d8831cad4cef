//! What an application asks of a platform, and what only looks as if it did.

use siteplan_model::fact::{Certainty, Evidence};

use crate::tree::surveyed;

#[test]
fn the_empty_channel_of_a_new_rails_application_holds_no_socket() {
    let gemfile = ("Gemfile", "gem 'rails'\ngem 'turbo-rails'\n");
    let channel = (
        "app/channels/application_cable/channel.rb",
        "module ApplicationCable\n  class Channel < ActionCable::Channel::Base\n  end\nend\n",
    );
    assert!(!surveyed(&[gemfile, channel]).needs.websockets.value);
    let own = ("app/channels/chat_channel.rb", "class ChatChannel < ApplicationCable::Channel\nend\n");
    let survey = surveyed(&[gemfile, channel, own]);
    assert!(survey.needs.websockets.value);
    assert_eq!(survey.needs.websockets.evidence[0].path, "app/channels/chat_channel.rb");
    let page = ("app/views/rooms/show.html.erb", "<%= turbo_stream_from @room %>\n");
    assert!(surveyed(&[gemfile, page]).needs.websockets.value);
}

#[test]
fn a_library_that_sends_and_receives_makes_a_worker_only_of_who_receives() {
    let package = ("package.json", r#"{"dependencies": {"express": "4", "kafkajs": "2"}}"#);
    let sends = ("a.js", "await producer.send({ topic: 't' });\napp.listen(3000)\n");
    assert!(!surveyed(&[package, sends]).needs.workers.value);
    let receives = ("b.js", "await consumer.run({ eachMessage: f })\n");
    let found = surveyed(&[package, sends, receives]).needs.workers;
    assert!(found.value);
    assert_eq!(found.evidence[1].path, "b.js");
}

#[test]
fn an_object_store_keeps_files_and_says_so() {
    let s3 = ("package.json", r#"{"dependencies": {"express": "4", "@aws-sdk/client-s3": "3"}}"#);
    let needs = surveyed(&[s3, ("a.js", "app.listen(3000)\n")]).needs;
    let found = &needs.file_storage;
    assert_eq!((found.value, found.certainty), (true, Certainty::Medium));
    assert_eq!(found.evidence[0].seen, "@aws-sdk/client-s3 3");
    assert!(needs.object_storage.value && !needs.disk());
    let mounted = (
        "compose.yml",
        "services:\n  web:\n    build: .\n    volumes:\n      - uploads:/app/uploads\n  db:\n    image: postgres:16\n    volumes:\n      - data:/var/lib/postgresql/data\n",
    );
    let plain = ("package.json", r#"{"dependencies": {"express": "4"}}"#);
    let needs = surveyed(&[plain, mounted, ("Dockerfile", "FROM node\nCMD node a.js\n")]).needs;
    assert!(needs.disk());
    let found = needs.file_storage;
    assert_eq!((found.value, found.evidence.len()), (true, 1));
    assert_eq!(found.evidence[0].seen, "web keeps /app/uploads");
    let code = ("compose.yml", "services:\n  web:\n    build: .\n    volumes:\n      - .:/app/data\n");
    assert!(!surveyed(&[plain, code]).needs.file_storage.value);
}

#[test]
fn memory_is_what_limits_and_heaps_say_before_what_libraries_take() {
    let package = |start: &str| {
        format!(
            r#"{{"scripts": {{"start": "{start}"}}, "dependencies": {{"express": "4", "puppeteer": "22"}}}}"#
        )
    };
    let memory = |files: &[(&str, &str)]| surveyed(files).needs.memory;
    let library = memory(&[("package.json", &package("node a.js"))]);
    assert_eq!((library.value, library.certainty), (Some(1024), Certainty::Medium));
    let heap = memory(&[
        ("package.json", &package("node --max-old-space-size=3072 a.js")),
        ("a.js", "app.listen(3000)\n"),
    ]);
    assert_eq!((heap.value, heap.certainty), (Some(3072), Certainty::High));
    let compose = "services:\n  web:\n    build: .\n    deploy:\n      resources:\n        limits:\n          memory: 2G\n";
    let limit = memory(&[("package.json", "{}"), ("compose.yml", compose)]);
    assert_eq!((limit.value, limit.evidence[0].line), (Some(2048), Some(7)));
    let fly = memory(&[("package.json", "{}"), ("fly.toml", "[[vm]]\nmemory = '4gb'\n")]);
    assert_eq!(fly.value, Some(4096));
    let small = memory(&[("package.json", "{}"), ("fly.toml", "[[vm]]\nmemory = '256mb'\n")]);
    assert_eq!(small.value, None);
}

#[test]
fn a_gpu_is_asked_for_by_images_and_manifests_too() {
    let app = ("requirements.txt", "fastapi\n");
    assert!(!surveyed(&[app]).needs.gpu.value);
    // To ask whether there is one is to do without.
    let asks = ("a.py", "d = 'cuda' if torch.cuda.is_available() else 'cpu'\n");
    assert!(!surveyed(&[app, asks]).needs.gpu.value);
    assert!(surveyed(&[app, ("Dockerfile.gpu", "FROM nvidia/cuda:12.4.1-base\n")]).needs.gpu.value);
    let manifest = "kind: Deployment\nspec:\n  limits:\n    nvidia.com/gpu: 1\n";
    assert!(surveyed(&[app, ("k8s/deployment.yaml", manifest)]).needs.gpu.value);
    let compose = "services:\n  web:\n    build: .\n    runtime: nvidia\n";
    assert!(surveyed(&[app, ("compose.yml", compose)]).needs.gpu.value);
    // What a package or the code can do is less sure than what a file says that it runs on.
    let needs = |files: &[(&str, &str)]| surveyed(files).needs.gpu;
    assert_eq!(
        needs(&[("requirements.txt", "fastapi\nnvidia-cublas-cu12==12.4\n")]).certainty,
        Certainty::Medium
    );
    assert_eq!(needs(&[app, ("Dockerfile", "FROM nvidia/cuda:12.4.1-base\n")]).certainty, Certainty::High);
}

#[test]
fn schedules_of_other_languages() {
    let hangfire = [
        ("a.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"></Project>"),
        ("P.cs", "RecurringJob.AddOrUpdate(\"x\", () => f(), Cron.Daily);\n"),
    ];
    assert!(surveyed(&hangfire).needs.cron.value);
    let oban = [("mix.exs", "{:oban, \"~> 2\"}"), ("config/config.exs", "  crontab: [\n")];
    assert!(surveyed(&oban).needs.cron.value);
}

/// A Phoenix application with these dependencies and further files.
fn phoenix(dependencies: &str, more: &[(&str, &str)]) -> siteplan_model::fact::Fact<bool> {
    let mix = format!(
        "defmodule A.MixProject do\n  use Mix.Project\n  defp deps do\n    [\n      {{:phoenix, \"~> 1.8\"}},\n{dependencies}    ]\n  end\nend\n"
    );
    let application = "defmodule A.Application do\n  def start(_, _) do\n    children = [\n      {DNSCluster, query: Application.get_env(:a, :dns_cluster_query) || :ignore},\n      {Phoenix.PubSub, name: A.PubSub},\n      AWeb.Endpoint\n    ]\n  end\nend\n";
    let runtime = "import Config\nconfig :a, :dns_cluster_query, System.get_env(\"DNS_CLUSTER_QUERY\")\n";
    let mut files = vec![
        ("mix.exs", mix.as_str()),
        ("lib/a/application.ex", application),
        ("config/runtime.exs", runtime),
    ];
    files.extend_from_slice(more);
    surveyed(&files).needs.clustering
}

#[test]
fn what_a_new_phoenix_project_brings_only_hints_at_a_cluster() {
    let dns = "      {:dns_cluster, \"~> 0.2\"},\n";
    let found = phoenix(dns, &[]);
    assert_eq!((found.value, found.certainty, found.runner_up), (false, Certainty::Low, Some(true)));
    assert_eq!(found.evidence[0].place(), "mix.exs:6");
    // Without the library nothing speaks for it at all.
    let found = phoenix("", &[]);
    assert_eq!((found.value, found.runner_up, found.evidence.len()), (false, None, 0));
    // A signed-out user's sockets are closed by every new project with accounts.
    let session =
        ("lib/a_web/user_auth.ex", "AWeb.Endpoint.broadcast(live_socket_id, \"disconnect\", %{})\n");
    assert!(!phoenix(dns, &[session]).value);
}

#[test]
fn instances_find_each_other_where_the_code_says_so() {
    let started =
        ("lib/a/cluster.ex", "children = [{Cluster.Supervisor, [topologies, [name: A.Cluster]]}]\n");
    let lib = "      {:libcluster, \"~> 3.5\"},\n";
    assert!(phoenix(lib, &[started]).value && !phoenix(lib, &[]).value);
    let presence =
        ("lib/a_web/presence.ex", "defmodule AWeb.Presence do\n  use Phoenix.Presence, otp_app: :a\nend\n");
    let found = phoenix("", &[presence]);
    assert!(found.value && found.evidence[0].path == "lib/a_web/presence.ex", "{found:?}");
    assert!(
        !phoenix("      {:phoenix_pubsub_redis, \"~> 3.0\"},\n", &[presence]).value,
        "Redis takes it over"
    );
    let clustering = |files: &[(&str, &str)]| surveyed(files).needs.clustering;
    let pom = "<project><groupId>a</groupId><artifactId>a</artifactId><dependencies><dependency><groupId>com.hazelcast</groupId><artifactId>hazelcast</artifactId><version>5.4</version></dependency></dependencies></project>";
    assert!(clustering(&[("pom.xml", pom)]).value);
    let sbt = "libraryDependencies += \"org.apache.pekko\" %% \"pekko-cluster-typed\" % \"1.1\"\n";
    assert!(clustering(&[("build.sbt", sbt)]).value);
    let project = "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><ItemGroup><PackageReference Include=\"Microsoft.Orleans.Server\" Version=\"9.0\" /></ItemGroup></Project>";
    assert!(clustering(&[("A.csproj", project)]).value);
    let go = "module a\n\ngo 1.23\n\nrequire github.com/nats-io/nats-server/v2 v2.10.0\n";
    let tests_only = ("main.go", "package main\n\nfunc main() { server.NewServer(&server.Options{}) }\n");
    assert!(!clustering(&[("go.mod", go), tests_only]).value);
    let joined =
        ("main.go", "package main\n\nvar o = server.Options{Cluster: server.ClusterOpts{Port: 6222}}\n");
    assert!(clustering(&[("go.mod", go), joined]).value);
}

#[test]
fn sockets_of_one_instance_hint_at_an_adapter() {
    let package = |more: &str| format!(r#"{{"dependencies": {{"express": "4", "socket.io": "4"{more}}}}}"#);
    let found =
        |more: &str| surveyed(&[("package.json", &package(more)), ("a.js", "app.listen(3000)\n")]).needs;
    let alone = found("");
    assert!(alone.websockets.value && !alone.clustering.value);
    assert_eq!(alone.clustering.runner_up, Some(true));
    let shared = found(r#", "@socket.io/redis-adapter": "8""#);
    assert_eq!((shared.clustering.value, shared.clustering.runner_up), (false, None));
}

/// Whether the application keeps a schedule, how sure that is, and where it was seen first.
fn schedule(files: &[(&str, &str)]) -> (bool, Certainty, String) {
    let cron = surveyed(files).needs.cron;
    let place = cron.evidence.first().map(Evidence::place).unwrap_or_default();
    (cron.value, cron.certainty, place)
}

const GO_SERVER: (&str, &str) =
    ("main.go", "package main\nfunc main() {\n\tgo feeds()\n\thttp.ListenAndServe(\":8080\", nil)\n}\n");

#[test]
fn a_ticker_beside_a_server_is_likely_a_schedule() {
    let feeds = "package main\nfunc feeds() {\n\tfor range time.Tick(frequency) {\n\t\tpoll()\n\t}\n}\n";
    let go = [("go.mod", "module m\n"), GO_SERVER, ("scheduler.go", feeds)];
    assert_eq!(schedule(&go), (true, Certainty::Medium, "scheduler.go:3".to_owned()));
    let library = [("go.mod", "module m\nrequire github.com/robfig/cron/v3 v3.0.1\n"), GO_SERVER];
    assert_eq!(schedule(&library), (true, Certainty::High, "go.mod:2".to_owned()));
    let node = |path: &str, text: &str| {
        let manifest = r#"{"scripts": {"start": "node server.js"}, "dependencies": {"express": "4"}}"#;
        let server = ("server.js", "require('express')().listen(3000)\n");
        schedule(&[("package.json", manifest), server, (path, text)])
    };
    assert_eq!(
        node("lib/sync.js", "setInterval(sync, 60 * 1000)\n"),
        (true, Certainty::Medium, "lib/sync.js:1".to_owned())
    );
    let python = |text: &str| {
        schedule(&[
            ("requirements.txt", "fastapi\nuvicorn\n"),
            ("main.py", "app = FastAPI()\n"),
            ("feeds.py", text),
        ])
    };
    let looped =
        "async def refresh():\n    while True:\n        await update()\n        await asyncio.sleep(300)\n";
    assert_eq!(python(looped), (true, Certainty::Medium, "feeds.py:4".to_owned()));
    // Of a page, a test, an example, a command, vendored code; or one that waits.
    assert!(!node("public/app.js", "setInterval(sync, 60 * 1000)\n").0);
    assert!(!node("lib/clock.jsx", "setInterval(sync, 60 * 1000)\n").0);
    assert!(!node("test/sync.js", "setInterval(sync, 60 * 1000)\n").0);
    assert!(!node("examples/sync.js", "setInterval(sync, 60 * 1000)\n").0);
    assert!(!node("vendor/sync.js", "setInterval(sync, 60 * 1000)\n").0);
    assert!(!node("bin/sync.js", "setInterval(sync, 60 * 1000)\n").0);
    assert!(
        !python(
            "def ready():\n    while True:\n        if up():\n            return\n        time.sleep(5)\n"
        )
        .0
    );
    // Without a server it is a worker, which runs all the time as it is.
    let worker = [
        ("go.mod", "module m\n"),
        ("main.go", "package main\nfunc main() {\n\tfor range time.Tick(time.Minute) {\n\t}\n}\n"),
    ];
    assert!(!schedule(&worker).0 && !surveyed(&worker).services[0].ends);
}
