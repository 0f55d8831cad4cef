//! What an application asks of a platform, and what only looks as if it did.

use siteplan_model::fact::Certainty;

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
