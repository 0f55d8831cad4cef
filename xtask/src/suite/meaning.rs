//! A start command → what it does, so that two right ways to say it are equal.

use std::sync::LazyLock;

use regex::Regex;

/// What stands for any server of static files.
pub(crate) const STATIC_SERVER: &str = "static server";

static RELEASE_STEP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^((python3? )?manage\.py migrate( --noinput)?|(npx |pnpm |yarn |bunx )?prisma migrate deploy",
        r"|(bundle exec )?(rake|rails|bin/rails) db:(migrate|prepare)|(python3? -m )?alembic upgrade head",
        r"|php artisan migrate( --force)?) ?(&&|;) ?"
    ))
});
static SHELL: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(exec|sh -c|bash -c|/bin/sh -c|/bin/bash -c) ?"));
static VARIABLES: LazyLock<Regex> = LazyLock::new(|| pattern(r"(^|\s)([A-Z_][A-Z0-9_]*=\S+ )+"));
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\s(-b|--bind|--host|-H|-p|--port|-o)([ =]\S+)?(\s|$)"));
static HERE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(^|\s)(\./|/app/)"));
static COMPILED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^((/?(out|bin|build|target|dist|root/\.cargo|usr/local/bin)\S*|[\w.-]+)( .*)?)$")
});
static INTERPRETER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(node|python3?|ruby|php|deno|bun|npm|pnpm|yarn|npx|go|cargo|dotnet|java|gleam|lein|sbt|swift|dart",
        r"|Rscript|bash|sh|celery|foreman|ffmpeg|echo|ls)\b"
    ))
});
static RUN_FROM_SOURCE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(go run|cargo run|dotnet (run|\S+\.dll)|swift run)"));
static SCRIPT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(npm|pnpm|yarn|bun) (run )?"));

/// Servers that are one whatever their options: a pattern, and the word for them.
static SERVERS: LazyLock<[(Regex, &str); 7]> = LazyLock::new(|| {
    [
        (pattern(r"caddy|\bserve -s\b|http-server|static-web-server"), STATIC_SERVER),
        (
            pattern(r"start-container\.sh|php-fpm|frankenphp|php -S|artisan serve|apache2-foreground"),
            "php server",
        ),
        (pattern(r"java .*-jar"), "java -jar"),
        (pattern(r"phx\.server|_build/prod/rel|mix run|rel/.*/bin/"), "elixir"),
        (pattern("gunicorn"), "gunicorn"),
        (pattern(r"uvicorn|fastapi (run|dev)|hypercorn"), "asgi server"),
        (pattern(r"rackup|puma|rails (s|server)\b"), "ruby server"),
    ]
});

/// What a start command does; empty for none.
pub(crate) fn of(command: &str) -> String {
    let words: Vec<&str> = command.split_whitespace().collect();
    let joined = words.join(" ");
    let quotes = ['"', '\''];
    let mut text = SHELL.replace(joined.trim_matches(quotes), "").trim_matches(quotes).to_owned();
    if text == "-" {
        return String::new();
    }
    while let Some(step) = RELEASE_STEP.find(&text).map(|step| step.end()) {
        text.drain(..step);
    }
    if text.contains("nginx") && !text.contains("php") {
        return STATIC_SERVER.to_owned();
    }
    if let Some((_, word)) = SERVERS.iter().find(|(server, _)| server.is_match(&text)) {
        return (*word).to_owned();
    }
    let text = VARIABLES.replace_all(&text, "$1");
    let text = ADDRESS.replace_all(&text, "$3");
    let text = HERE.replace_all(&text, "$1");
    let text = text.trim();
    let compiled = COMPILED.is_match(text) && !INTERPRETER.is_match(text);
    if compiled || RUN_FROM_SOURCE.is_match(text) {
        return "the compiled program".to_owned();
    }
    let text = SCRIPT.replace(text, "script ");
    text.replacen("python3 ", "python ", 1).trim().to_owned()
}

#[expect(clippy::expect_used, reason = "the patterns are literals of this file; a test uses each")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of this file")
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn ways_to_say_the_same_are_equal() {
        assert_eq!(of("npm start"), of("pnpm run start"));
        assert_eq!(
            of("exec gunicorn a.wsgi"),
            of("python manage.py migrate && gunicorn b:app -b 0.0.0.0:80")
        );
        assert_eq!(of("./out"), of("target/release/web"));
        assert_eq!(of("./out"), of("cargo run --release"));
        assert_eq!(of("PORT=3 node server.js --port 3"), of("node ./server.js"));
        assert_eq!(of("python3 main.py"), of("python main.py"));
        assert_eq!(of("-"), "");
    }

    #[test]
    fn what_differs_stays_different() {
        assert_ne!(of("node server.js"), of("node worker.js"));
        assert_ne!(of("npm start"), of("npm run worker"));
        assert_ne!(of("python main.py"), of("python app.py"));
    }
}
