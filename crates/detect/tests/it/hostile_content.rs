//! Files whose content is made to hang, to exhaust or to mislead whoever reads them.

use serde_json::Value;
use siteplan_model::survey::Survey;

use crate::tree::{survey_of, surveyed, write};

/// Files that are read as structured data.
const STRUCTURED: &[&str] = &[
    "package.json",
    "deno.json",
    "tsconfig.json",
    "composer.json",
    "apps/x/project.json",
    "pyproject.toml",
    "Cargo.toml",
    "Pipfile",
    "gradle/libs.versions.toml",
    "fly.toml",
    "compose.yml",
    ".github/workflows/ci.yml",
    ".gitlab-ci.yml",
    "environment.yml",
    "pubspec.yaml",
    "render.yaml",
    "k8s/deployment.yaml",
    "src/main/resources/application.yml",
    "appsettings.json",
    "pom.xml",
    "a/a.csproj",
];

/// Files that are read line by line or by patterns.
const LINES: &[&str] = &[
    "Dockerfile",
    "Procfile",
    ".env.example",
    "requirements.txt",
    "setup.py",
    "Gemfile",
    "Gemfile.lock",
    "go.mod",
    "build.gradle",
    "build.sbt",
    "mix.exs",
    "project.clj",
    "prisma/schema.prisma",
    "supervisord.conf",
    "crontab",
    "CMakeLists.txt",
    ".tool-versions",
    "main.py",
    "main.go",
    "main.rs",
    "server.js",
    "config.ru",
    "routes/web.php",
    "Program.cs",
    "start.sh",
    "src/main/java/A.java",
];

/// A survey of one text under every name, of which nothing can steer a terminal.
fn survey_of_all(paths: &[&str], text: &str) -> Survey {
    let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, text)).collect();
    let survey = surveyed(&files);
    let value = serde_json::to_value(&survey).expect("JSON");
    assert!(!value.to_string().chars().any(char::is_control));
    survey
}

#[test]
fn depth_bombs_are_refused_by_every_format() {
    for (open, close) in
        [("[", "]"), ("{\"a\":", "}"), ("<a>", "</a>"), ("{a: ", "}"), ("- ", ""), ("a.", "=1")]
    {
        let text = format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
        let survey = survey_of_all(STRUCTURED, &text);
        assert!(survey.skipped.iter().any(|one| one.path == "package.json"), "{open}");
    }
    let toml = format!("a = {}{}\n", "[".repeat(20_000), "]".repeat(20_000));
    let survey = survey_of_all(STRUCTURED, &toml);
    assert!(survey.skipped.iter().any(|one| one.path == "pyproject.toml"));
}

#[test]
fn aliases_do_not_multiply() {
    let level = |level: usize| {
        let before = vec![format!("*x{}", level - 1); 10].join(", ");
        format!("x{level}: &x{level} [{before}]\n")
    };
    let levels: Vec<String> = (1..12).map(level).collect();
    let laughs =
        format!("services:\nx0: &x0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n{}", levels.concat());
    let survey = survey_of_all(STRUCTURED, &laughs);
    for path in ["compose.yml", "render.yaml"] {
        let why = survey.skipped.iter().find(|one| one.path == path).map(|one| one.why.as_str());
        assert!(why.is_some_and(|why| why.starts_with("not valid YAML")), "{path}: {why:?}");
    }
    let merged: Vec<String> =
        (0..500).map(|n| format!("s{n}: &s{n}\n  <<: *s{}\n  k{n}: 1\n", n.max(1) - 1)).collect();
    survey_of_all(STRUCTURED, &merged.concat());
    let entities = "<!DOCTYPE a [<!ENTITY x \"lol\"><!ENTITY y \"&x;&x;&x;&x;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>\
        <project><artifactId>&y;&f;</artifactId></project>";
    let survey = survey_of_all(&["pom.xml", "a/pom.xml"], entities);
    assert!(!serde_json::to_string(&survey).expect("JSON").contains("root:"));
}

#[test]
fn enormous_numbers_are_no_ports_and_no_sizes() {
    let survey = surveyed(&[
        (
            "Dockerfile",
            "FROM node:99999999999999999999\nEXPOSE 99999999999 65536 0 -1 70000-99999999\nCMD [\"node\", \"a.js\"]\n",
        ),
        (
            "compose.yml",
            "services:\n  web:\n    build: .\n    ports: ['99999999999:99999999999', 1e999, -1]\n    deploy: {resources: {limits: {memory: 1e999}}, replicas: 99999999999999999999}\n",
        ),
        (
            "package.json",
            r#"{"version": 1e400, "engines": {"node": 1e308}, "scripts": {"start": "node a.js --port 99999999999"}}"#,
        ),
        (
            "a.js",
            "app.listen(99999999999); server.listen(0x7fffffffffffffff); process.env.PORT || 99999999999999",
        ),
        (
            "fly.toml",
            "[http_service]\ninternal_port = 99999999999999999\n[[vm]]\nmemory = '99999999999999gb'\n",
        ),
    ]);
    let text = serde_json::to_value(&survey).expect("JSON");
    let ports: Vec<_> = survey.services.iter().filter_map(|service| service.port.as_ref()).collect();
    assert!(ports.is_empty(), "{ports:?}: {text}");
}

#[test]
fn endless_lines_of_what_every_reader_looks_for_end() {
    let parts = [
        "process.env.A||",
        "os.environ['B'];",
        "-Xmx2g ",
        "adapter: postgresql ",
        "\"type\":\"mysql\",",
        "app.get('/health',",
        "https://a:b@c/d ",
        "${X:-",
        "FROM a ",
        "RUN a && \\",
        "a=b;",
        "env(\"C\")",
        "(((",
        "\"\"\"",
        "getenv(\"D\") ?? ",
        "listen(port)",
        "\\\\\\",
    ];
    let whole = parts.concat();
    for part in parts.iter().copied().chain([whole.as_str()]) {
        // All on one line.
        let text = part.repeat(40_000 / part.len());
        survey_of_all(LINES, &text);
    }
}

#[test]
fn a_bundle_on_one_line_costs_no_more_than_its_size() {
    let bundle =
        "process.env.KEY||x;fetch(\"https://a.b/c\");type:\"postgres\";app.get(\"/health\",f);".repeat(6_000);
    assert!(bundle.len() < 512 * 1024);
    let survey = surveyed(&[("dist-ish/bundle.js", &bundle), ("index.html", "")]);
    assert!(survey.environment.iter().any(|one| one.name == "KEY"));
    let longest = longest(&serde_json::to_value(&survey).expect("JSON"));
    assert!(longest < 1000, "a text of {longest} bytes came out");
}

/// The length of the longest text.
fn longest(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(longest).max().unwrap_or(0),
        Value::Object(fields) => fields.values().map(longest).max().unwrap_or(0),
        _ => 0,
    }
}

#[test]
fn what_refers_to_itself_is_followed_once() {
    let pom = |name: &str, parent: &str| {
        format!(
            "<project><parent><groupId>g</groupId><artifactId>{parent}</artifactId><version>1</version><relativePath>../{parent}/pom.xml</relativePath></parent>\
             <groupId>g</groupId><artifactId>{name}</artifactId><version>${{v}}</version><modules><module>../{parent}</module><module>.</module></modules>\
             <properties><v>${{w}}</v><w>${{v}}${{v}}</w></properties>\
             <dependencies><dependency><groupId>g</groupId><artifactId>{parent}</artifactId><version>${{w}}</version></dependency></dependencies></project>"
        )
    };
    let survey = surveyed(&[
        ("tsconfig.json", r#"{"extends": "./b/tsconfig.json", "references": [{"path": "."}]}"#),
        ("b/tsconfig.json", r#"{"extends": "../tsconfig.json"}"#),
        ("one/pom.xml", &pom("one", "two")),
        ("two/pom.xml", &pom("two", "one")),
        ("Dockerfile", "FROM b AS a\nFROM a AS b\nFROM b AS a\nFROM a\nCOPY --from=a / /\nCMD [\"x\"]\n"),
        ("self/Dockerfile", "FROM self AS self\nCMD [\"x\"]\n"),
        ("go.work", "go 1.22\nuse (\n  .\n  ./..\n  ./m\n  ../../../../etc\n)\n"),
        ("go.mod", "module x\nreplace y => ./m\n"),
        ("m/go.mod", "module y\nreplace x => ../\n"),
        (
            "settings.gradle",
            "include ':a', ':a:a', ':'\nincludeBuild '.'\nincludeBuild '../..'\nproject(':a').projectDir = file('.')\n",
        ),
        ("build.gradle", "dependencies { implementation project(':a') }\nversion = \"$version\"\n"),
        ("a/build.gradle", "dependencies { implementation project(':') }\napply from: 'build.gradle'\n"),
        (
            "requirements.txt",
            "-r requirements-dev.txt\n-r requirements.txt\n-c ../../../../etc/passwd\nflask\n",
        ),
        ("requirements-dev.txt", "-r requirements.txt\n"),
        (
            "package.json",
            r#"{"name": "x", "workspaces": [".", "..", "../../..", "p", "**"], "scripts": {"start": "npm run dev", "dev": "npm start", "build": "npm run build"}, "dependencies": {"x": "workspace:*"}}"#,
        ),
        (
            "p/package.json",
            r#"{"name": "p", "workspaces": ["../"], "dependencies": {"x": "*", "p": "*"}, "scripts": {"start": "yarn start"}}"#,
        ),
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\".\", \"..\", \"c\"]\n[package]\nname = \"x\"\n[dependencies]\nc = { path = \"c\" }\n",
        ),
        (
            "c/Cargo.toml",
            "[package]\nname = \"c\"\nworkspace = \"..\"\n[dependencies]\nx = { path = \"..\" }\n",
        ),
        (
            "compose.yml",
            "services:\n  a: { extends: { service: b }, depends_on: [b, a] }\n  b: { extends: { service: a }, depends_on: [a] }\ninclude: [compose.yml]\n",
        ),
        (".gitlab-ci.yml", "include: .gitlab-ci.yml\na: { extends: b, script: x }\nb: { extends: a }\n"),
        ("app/urls.py", "urlpatterns = [path('a/', include('app.urls'))]\n"),
        ("Makefile", "a: b\nb: a\nstart: start\n"),
    ]);
    let text = serde_json::to_string(&survey).expect("JSON");
    assert!(!text.contains("etc/passwd"), "{text}");
    assert!(survey.services.iter().all(|service| !service.path.starts_with("..")), "{text}");
}

#[test]
fn bytes_that_are_no_text_are_read_as_far_as_they_are() {
    let folder = write(&[("index.html", "")]);
    let mut bytes =
        b"\xef\xbb\xbf# \xff\xfe\xc3\x28\r\nENV A=1\r\nprocess.env.SEEN \xf0\x9f\x98\r\n".to_vec();
    bytes.extend((1..=255_u8).cycle().take(3000));
    for path in STRUCTURED.iter().chain(LINES) {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, &bytes).expect("a file");
    }
    let survey = survey_of(folder.path());
    assert!(survey.environment.iter().any(|one| one.name == "SEEN"));
    assert!(!serde_json::to_string(&survey).expect("JSON").chars().any(char::is_control));
}
