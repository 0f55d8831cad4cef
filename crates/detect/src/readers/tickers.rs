//! A source file → the places where a program begins something again by itself: tickers, intervals, loops that sleep.
//!
//! Only what goes on for as long as the process counts. Timers of one request or connection, of tests, of pages and those
//! that only tidy the memory are looked past: by what they stand in, by what they do, and by a period below a second.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;

/// No more places are kept of one file.
const MOST: usize = 3;
/// So many lines below a call are looked at for what it does.
const NEAR: usize = 12;

/// How a language begins something again.
struct Idiom {
    /// The call, with its period where that stands on the same line.
    call: &'static LazyLock<Regex>,
    /// Texts of which one must stand in the file, so that it is looked at at all.
    words: &'static [&'static str],
    /// Texts of which one must stand in the file as well.
    beside: &'static [&'static str],
}

static SCRIPT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[^.\w])(?:global\.)?(setInterval|setTimeout)\s*\((.*)$"));
static GO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\btime\.(NewTicker|Tick)\((.*?)\)(?:\s|$|\.|\{)"));
static PYTHON: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*(?:await )?(?:asyncio|time|anyio|trio)\.(sleep)\((.*)\)\s*(?:#.*)?$"));
static RUST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(interval|interval_at|sleep)\((.*from_(?:secs|mins|hours|millis).*|\w*(?:interval|period|every)\w*)\)",
    )
});
static CSHARP: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\bnew (PeriodicTimer)\((.*)\)|\bTask\.(Delay)\((.*)\)|\bnew (Timer)\((.*)\)"));
static ELIXIR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\bProcess\.(send_after)\(\s*self\(\),(.*)\)|:timer\.(send_interval)\((.*)\)"));
static RUBY: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(sleep)[ (](.*)$"));
static JVM: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(scheduleAtFixedRate|scheduleWithFixedDelay|fixedRateTimer)\s*\((.*)$"));

fn idiom(language: &str) -> Option<Idiom> {
    let of = |call, words, beside| Some(Idiom { call, words, beside });
    match language {
        "javascript" | "typescript" => of(&SCRIPT, &["setInterval", "setTimeout"], &[]),
        "go" => of(&GO, &["time.NewTicker(", "time.Tick("], &[]),
        "python" => of(&PYTHON, &[".sleep("], &["while True", "while 1:", "while not "]),
        "rust" => of(&RUST, &["interval", "sleep("], &["spawn"]),
        "csharp" => of(
            &CSHARP,
            &["PeriodicTimer(", "Task.Delay(", "new Timer("],
            &["BackgroundService", "IHostedService"],
        ),
        "elixir" => of(&ELIXIR, &["send_after(", "send_interval("], &["use GenServer"]),
        "ruby" => of(&RUBY, &["sleep"], &["Thread.new"]),
        "java" | "kotlin" | "scala" => {
            of(&JVM, &["scheduleAtFixedRate", "scheduleWithFixedDelay", "fixedRateTimer"], &[])
        }
        _ => None,
    }
}

/// The places, each with its line and what stands there.
pub(crate) fn read(language: &str, text: &str) -> Vec<(u32, String)> {
    let Some(idiom) = idiom(language) else { return Vec::new() };
    let any = |texts: &[&str]| texts.iter().any(|one| text.contains(one));
    if !any(idiom.words) || !(idiom.beside.is_empty() || any(idiom.beside)) || is_of_a_page(language, text) {
        return Vec::new();
    }
    let lines: Vec<&str> = text.lines().collect();
    let file = File { language, text, lines: &lines };
    let places = (0..lines.len()).filter(|at| file.ticks(*at, idiom.call));
    places
        .take(MOST)
        .filter_map(|at| Some((u32::try_from(at).ok()?.saturating_add(1), lines[at].trim().to_owned())))
        .collect()
}

/// Whether a file is code of a page or of what people see of a live page.
fn is_of_a_page(language: &str, text: &str) -> bool {
    static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\bwindow\.|\bdocument\.|\buse(?:Effect|State|Ref)\b|["']use client["']|from ["'](?:react|vue|svelte|solid-js|preact|react-native|lit|@angular/core|@builder\.io/qwik)["']|requestAnimationFrame|localStorage|sessionStorage|HTMLElement|\bnavigator\.|\$\(\s*["'#.]|\b(?:describe|beforeEach)\("#,
        )
    });
    match language {
        "javascript" | "typescript" => SCRIPT.is_match(text),
        "elixir" => {
            text.contains("LiveView") || text.contains(":live_view") || text.contains(":live_component")
        }
        _ => false,
    }
}

struct File<'f> {
    language: &'f str,
    text: &'f str,
    lines: &'f [&'f str],
}

impl File<'_> {
    /// Whether a line begins something again for as long as the process runs.
    fn ticks(&self, at: usize, call: &Regex) -> bool {
        static COMMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?://|#|/?\*|--)"));
        let line = self.lines[at];
        let Some(found) = call.captures(line).filter(|_| !COMMENT.is_match(line)) else { return false };
        let mut parts = found.iter().skip(1).flatten().map(|part| part.as_str());
        let (Some(verb), Some(rest)) = (parts.next(), parts.next()) else { return false };
        let around = self.around(at);
        let near = self.near(at);
        if does_not_last(self.language, &around) || only_keeps_alive(&near) {
            return false;
        }
        match self.language {
            "javascript" | "typescript" if verb == "setTimeout" => self.calls_itself(at, rest, &around),
            "javascript" | "typescript" => {
                let period = self.script_period(at, rest);
                period.is_some_and(|period| self.is_long(&period)) && starts_with_the_process(&around)
            }
            "python" | "ruby" => self.sleeps_in_a_loop(at, rest, &around),
            "rust" if verb == "sleep" => self.is_long(rest) && in_loop(&around),
            "csharp" if verb == "Delay" => self.is_long(rest) && in_loop(&around),
            // The last argument of what the language calls is the period.
            "elixir" => self.is_long(rest.rsplit(',').next().unwrap_or(rest)),
            _ => self.is_long(rest),
        }
    }

    /// The lines that a line stands in, the nearest first: each indented less than the one before.
    fn around(&self, at: usize) -> Vec<&str> {
        let mut depth = indentation(self.lines[at]);
        let mut around = Vec::new();
        for line in self.lines[..at].iter().rev().filter(|line| !line.trim().is_empty()) {
            if depth == 0 {
                break;
            }
            let own = indentation(line);
            // The end of a long head stands no deeper than its beginning.
            let ends_head = line.trim_start().starts_with(')');
            if own < depth && !ends_head {
                depth = own;
                around.push(*line);
            }
        }
        around
    }

    /// The call with what follows it at the same depth or deeper.
    fn near(&self, at: usize) -> String {
        let depth = indentation(self.lines[at]);
        let mut near = vec![self.lines[at]];
        for line in self.lines[at + 1..].iter().take(NEAR) {
            if !line.trim().is_empty() && indentation(line) < depth {
                break;
            }
            near.push(line);
        }
        near.join("\n")
    }

    /// The period of an interval: the last argument, on this line or where its function closes.
    fn script_period(&self, at: usize, rest: &str) -> Option<String> {
        static END: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"^\s*\}?\s*,?\s*([^{}]+?)\s*,?\s*\)\s*;?\s*$"));
        static SAME: LazyLock<Regex> = LazyLock::new(|| pattern(r",\s*([^,{}]+?)\s*\)[;,)\s]*(?://.*)?$"));
        if let Some(found) = SAME.captures(rest) {
            return Some(found[1].to_owned());
        }
        let depth = indentation(self.lines[at]);
        let mut below = self.lines[at + 1..].iter().take(120).filter(|line| !line.trim().is_empty());
        let end = below.position(|line| indentation(line) <= depth)?;
        let below: Vec<&&str> = self.lines[at + 1..].iter().filter(|line| !line.trim().is_empty()).collect();
        if let Some(found) = SAME.captures(below.get(end)?) {
            return Some(found[1].to_owned());
        }
        // `}, PERIOD)` or the period on a line of its own before the bracket.
        let own = below.get(end.checked_sub(1)?)?;
        END.captures(own).map(|found| found[1].to_owned()).or_else(|| {
            let last = own.trim().trim_end_matches(',');
            (!last.contains(['{', '}', '('])).then(|| last.to_owned())
        })
    }

    /// Whether a period is a second at least, or has the name of one.
    fn is_long(&self, period: &str) -> bool {
        static SHORT: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?i)millis(?:econd)?s?\b|micros|nanos|from_millis"));
        static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z_@][\w.]*$"));
        static SPEAKS: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)interval|period|frequency|every|poll|refresh|sync|cron|schedule|hours?|minutes?|days?|_ms\b|seconds?|delay",
            )
        });
        let period = period.trim();
        let in_milliseconds = matches!(self.language, "javascript" | "typescript" | "elixir" | "csharp");
        if let Some(number) = product(period) {
            return number >= if in_milliseconds { 1000.0 } else { 1.0 };
        }
        if SHORT.is_match(period) && !period.contains("1000") {
            return false;
        }
        if NAME.is_match(period) {
            let name = period.rsplit('.').next().unwrap_or(period);
            if let Some(number) = self.value_of(name) {
                return number >= if in_milliseconds { 1000.0 } else { 1.0 };
            }
            return SPEAKS.is_match(period);
        }
        true
    }

    /// The number that the file gives to a name.
    fn value_of(&self, name: &str) -> Option<f64> {
        let given = |line: &&str| {
            let (left, right) = line.split_once('=')?;
            let words = left.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            if !words.into_iter().any(|word| word == name) {
                return None;
            }
            product(right.trim().trim_end_matches(';').split("//").next().unwrap_or_default().trim())
        };
        if !self.text.contains(name) {
            return None;
        }
        self.lines.iter().find_map(given)
    }

    /// Whether a function names itself to be called again, later and for good.
    fn calls_itself(&self, at: usize, rest: &str, around: &[&str]) -> bool {
        static NAMED: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"^\s*(?:\(\)\s*=>\s*(?:void\s+)?)?(?:this\.)?(\w+)(?:\.bind\(this\)|\(\))?\s*,\s*(.+?)\)[;,)\s]*$",
            )
        });
        static AGAIN: LazyLock<Regex> = LazyLock::new(|| {
            pattern(r"(?i)retry|retries|connect|backoff|attempt|[^a]wait|debounce|throttle|resolve|flush")
        });
        let Some(found) = NAMED.captures(rest) else { return false };
        let name = &found[1];
        let word = |line: &&str| {
            line.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|one| one == name)
                && (line.contains("function") || line.contains("=>") || line.trim_end().ends_with('{'))
        };
        let near = self.lines[at.saturating_sub(4)..=at].join("\n");
        around.iter().any(word) && !AGAIN.is_match(name) && !AGAIN.is_match(&near) && self.is_long(&found[2])
    }

    /// Whether a sleep stands in a loop that nothing in it leaves.
    fn sleeps_in_a_loop(&self, at: usize, rest: &str, around: &[&str]) -> bool {
        static LOOP: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"^\s*(?:while (?:True|1|true|not )|loop do|loop \{)"));
        static LEAVES: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:break|return|yield)\b|\byield\b"));
        static IDLE: LazyLock<Regex> = LazyLock::new(|| {
            pattern(r"^\s*(?:#|pass\b|continue\b|try:|end\b|\}|(?:await )?(?:[\w.]+\.)?sleep\b)")
        });
        let Some(head) = around.iter().find(|line| LOOP.is_match(line)) else { return false };
        let begin = self.lines[..at].iter().rposition(|line| line == head).unwrap_or(at);
        let depth = indentation(head);
        let inside = self.lines[begin + 1..]
            .iter()
            .take_while(|line| line.trim().is_empty() || indentation(line) > depth);
        let leaves = inside.clone().any(|line| LEAVES.is_match(line));
        // A loop that only sleeps keeps the program there while others of its threads answer.
        let idle = !inside.clone().any(|line| !line.trim().is_empty() && !IDLE.is_match(line));
        let period = rest.trim().trim_end_matches([')', '}']).trim();
        !leaves && !idle && !is_inner(around) && self.is_long(period)
    }
}

/// Whether a function of Python is made by another one that does not start the process: it is over with that one.
fn is_inner(around: &[&str]) -> bool {
    static DEF: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:async )?def (\w+)"));
    static STARTS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)start|init|main|lifespan|create_app|boot|setup|run|launch|ready"));
    let mut functions = around.iter().filter_map(|line| DEF.captures(line));
    let inner = functions.next().is_some();
    inner && functions.any(|outer| !STARTS.is_match(&outer[1]))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The value of numbers that are multiplied.
fn product(text: &str) -> Option<f64> {
    let mut value = 1.0;
    for part in text.split('*') {
        let number = part.trim().trim_matches(['(', ')']).replace('_', "");
        value *= number.parse::<f64>().ok()?;
    }
    Some(value)
}

fn in_loop(around: &[&str]) -> bool {
    static LOOP: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bloop\b|\bwhile\b|\bfor\b"));
    around.iter().any(|line| LOOP.is_match(line))
}

/// Whether what a timer stands in is over with a request, a connection, a wait or a test.
fn does_not_last(language: &str, around: &[&str]) -> bool {
    static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\b(?:req|request|res|reply|ctx|socket|ws|conn|connection|peer|stream|controller|session|player|room)\b[^=;]*(?:=>|\)\s*\{)|new Promise|ReadableStream|\.on\(\s*["'](?:connection|open|connect|message|error)|\b(?:test|it)\("#,
        )
    });
    static GO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^func .*(?:http\.ResponseWriter|http\.Request|gin\.Context|echo\.Context|fiber\.Ctx|websocket\.|net\.Conn|\*[cC]lient\)|\*[cC]onn\)|\*[sS]ession\)|Server\)\s+error|[wW]aitFor|[wW]aitUntil|[rR]etry|Test|Pump)",
        )
    });
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:pub |async |public |private |protected |override )*(?:def|fn|fun|task|void|static)\b.*(?:websocket|request|socket|wait_|retry|test_|connection)",
        )
    });
    let standing = match language {
        "javascript" | "typescript" => &SCRIPT,
        "go" => &GO,
        _ => &OTHERS,
    };
    around.iter().any(|line| standing.is_match(line))
}

/// Whether a timer only keeps a connection open, shows progress, or tidies what the process remembers.
fn only_keeps_alive(near: &str) -> bool {
    static KEEPS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b[pP]ing|Ping\b|Ping[A-Z(]|PING|(?i:heart_?beat|keep_?-?alive|spinner|progress|debounce|throttle)|\.unref\(|res\.write|\.enqueue\(|\bdelete\(|memoryUsage|ReadMemStats",
        )
    });
    static TIDIES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\.(?:delete|clear|prune)\("));
    KEEPS.is_match(near) || (TIDIES.is_match(near) && !near.contains("await"))
}

/// Whether a timer begins with the process: at the margin of the file, or in what starts it.
fn starts_with_the_process(around: &[&str]) -> bool {
    static STARTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)start|init|schedul|\brun|boot|setup|\bmain\b|listen|launch|begin|poll|loop|monitor|ready|cron|worker|jobs?\b|sync|constructor|watch|refresh|onModule",
        )
    });
    around.is_empty() || around.iter().any(|line| STARTS.is_match(line))
}

#[cfg(test)]
mod tests {
    use super::read;

    fn lines(language: &str, text: &str) -> Vec<u32> {
        read(language, text).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn what_goes_on_with_the_process() {
        let go = "func feeds(store *Store, frequency time.Duration) {\n\tfor range time.Tick(frequency) {\n\t\tstore.Next()\n\t}\n}\n";
        assert_eq!(lines("go", go), [2]);
        assert_eq!(
            lines(
                "go",
                "func run() {\n\tticker := time.NewTicker(5 * time.Minute)\n\tfor range ticker.C {}\n}\n"
            ),
            [2]
        );
        assert_eq!(lines("javascript", "setInterval(syncAll, 5 * 60 * 1000);\n"), [1]);
        let block = "const EVERY = 60_000;\nexport function startPolling() {\n  setInterval(async () => {\n    await poll();\n  }, EVERY);\n}\n";
        assert_eq!(lines("typescript", block), [3]);
        let again = "async function beat() {\n  await check();\n  setTimeout(beat, 20 * 1000);\n}\n";
        assert_eq!(lines("javascript", again), [3]);
        let python = "async def refresh():\n    while True:\n        await update()\n        await asyncio.sleep(300)\n";
        assert_eq!(lines("python", python), [4]);
        let rust = "tokio::spawn(async move {\n    let mut every = tokio::time::interval(Duration::from_secs(60));\n});\n";
        assert_eq!(lines("rust", rust), [2]);
        let csharp = "class Poll : BackgroundService {\n  Task Execute() {\n    using var t = new PeriodicTimer(TimeSpan.FromMinutes(5));\n  }\n}\n";
        assert_eq!(lines("csharp", csharp), [3]);
        let elixir = "use GenServer\ndef handle_info(:poll, state) do\n  Process.send_after(self(), :poll, 60_000)\nend\n";
        assert_eq!(lines("elixir", elixir), [3]);
        let ruby = "Thread.new do\n  loop do\n    sync\n    sleep 60\n  end\nend\n";
        assert_eq!(lines("ruby", ruby), [4]);
    }

    #[test]
    fn what_is_over_with_something_else() {
        for text in [
            "setInterval(tick, 16)\n",
            "setInterval(() => ws.ping(), 30000)\n",
            "wss.on('connection', (ws) => {\n  setInterval(() => send(), 30000)\n})\n",
            "function stream(req, res) {\n  setInterval(() => push(), 15000)\n}\n",
            "setInterval(() => { seen.delete(key) }, 60000)\n",
            "setInterval(report, 60000).unref()\n",
            "setInterval(() => { document.title = 'x' }, 60000)\n",
            "// setInterval(syncAll, 60000)\n",
            "function connect() {\n  setTimeout(connect, 5000)\n}\n",
            "setTimeout(once, 5000)\n",
        ] {
            assert!(lines("javascript", text).is_empty(), "{text}");
        }
        assert!(
            lines("go", "func (c *Client) writePump() {\n\tt := time.NewTicker(pingPeriod)\n}\n").is_empty()
        );
        assert!(lines("go", "func x() {\n\tt := time.NewTicker(100 * time.Millisecond)\n}\n").is_empty());
        assert!(
            lines(
                "go",
                "func s(w http.ResponseWriter, r *http.Request) {\n\tt := time.NewTicker(time.Second)\n}\n"
            )
            .is_empty()
        );
        let waits =
            "def ready():\n    while True:\n        if done():\n            return\n        time.sleep(5)\n";
        assert!(lines("python", waits).is_empty());
        assert!(lines("python", "def stay():\n    while True:\n        time.sleep(3600)\n").is_empty());
        let head = "async def serve(\n    websocket: WebSocket,\n) -> None:\n    while True:\n        await push()\n        await asyncio.sleep(1)\n";
        assert!(lines("python", &head.replace("serve", "websocket_endpoint")).is_empty());
        let inner = "async def answer(socket):\n    async def send():\n        while True:\n            await push()\n            await asyncio.sleep(1)\n";
        assert!(lines("python", inner).is_empty());
        assert!(lines("python", "while True:\n    yield x\n    time.sleep(5)\n").is_empty());
        assert!(
            lines("elixir", "use GenServer\nuse Phoenix.LiveView\nProcess.send_after(self(), :a, 60_000)\n")
                .is_empty()
        );
    }
}
