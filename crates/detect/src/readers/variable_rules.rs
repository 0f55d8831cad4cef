//! The patterns by which each language reads its environment.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use super::source::Reading;

/// How a pattern's matches are to be understood. Group 1 is the name, group 2 a literal default where there is one.
pub(super) struct Rule {
    pub(super) pattern: LazyLock<Regex>,
    /// What a read without default means.
    pub(super) without_default: Reading,
    pub(super) while_building: bool,
}

macro_rules! rule {
    ($reading:ident, $building:literal, $pattern:expr) => {
        Rule {
            pattern: LazyLock::new(|| pattern($pattern)),
            without_default: Reading::$reading,
            while_building: $building,
        }
    };
}

/// The patterns of a language.
pub(super) fn rules(language: &str) -> &'static [Rule] {
    static SCRIPT: [Rule; 8] = [
        rule!(
            Plain,
            false,
            r#"\b(?:get|read|load|fetch|from|string|number|bool)?_?[eE]nv(?:Or\w+|Var|Variable)?\(\s*["'](?<name>[A-Z][A-Z0-9_]{2,})["']\s*(?:,\s*(?<default>"[^"\n]*"|'[^'\n]*'|\d+))?"#
        ),
        rule!(
            Strict,
            false,
            r#"\b(?:require|required|must|mustGet|getRequired|assert)(?:d)?Env\w*\(\s*["'](?<name>[A-Z][A-Z0-9_]{2,})["']"#
        ),
        rule!(
            Plain,
            false,
            r#"\b(?:process|Bun)\.env\.(?<name>[A-Za-z_]\w*)!?(?:\s+as\s+\w+)?\)?(?:\s*(?:\|\||\?\?)\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|\d+|true|false)|(?<fallback>[\w(\[{])))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\b(?:process|Bun)\.env\[\s*["'`](?<name>\w+)["'`]\s*\]!?(?:\s*(?:\|\||\?\?)\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+)|(?<fallback>[\w(\[{])))?"#
        ),
        rule!(
            Plain,
            true,
            r#"\bimport\.meta\.env\.(?<name>[A-Z_]\w*)(?:\s*(?:\|\||\?\?)\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|\d+|true|false)|(?<fallback>[\w(\[{])))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\b(?:Deno\.env\.get|Env\.get|env\.get)\(\s*["'](?<name>[A-Z_]\w*)["']\s*(?:,\s*(?<default>"[^"\n]*"|'[^'\n]*'|\d+))?\s*\)(?:\s*(?:\|\||\?\?)\s*(?<fallback>\S))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\b[cC]onfig(?:Service)?\.get(?:OrThrow)?(?:<[^>\n]*>)?\(\s*["'](?<name>[A-Z][A-Z0-9_]+)["']\s*(?:,\s*(?<default>"[^"\n]*"|'[^'\n]*'|\d+))?"#
        ),
        // An alias of the environment as a whole.
        rule!(
            Plain,
            false,
            r#"\benvironment\.(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)\b!?(?:\s*(?:\|\||\?\?)\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+|true|false)|(?<fallback>[\w(\[{])))?"#
        ),
    ];
    static PYTHON: [Rule; 8] = [
        rule!(
            Plain,
            false,
            r#"\b(?:get|read|load)_env(?:_\w+)?\(\s*["'](?<name>[A-Z][A-Z0-9_]{2,})["']\s*(?:,\s*(?:default\s*=\s*)?(?<default>"[^"\n]*"|'[^'\n]*'|\d+|True|False|None))?"#
        ),
        rule!(
            Strict,
            false,
            r#"\b(?:require|required|must|get_required|require_get)_env\w*\(\s*["'](?<name>[A-Z][A-Z0-9_]{2,})["']"#
        ),
        rule!(Strict, false, r#"\b(?:os\.)?environ\[\s*["'](?<name>\w+)["']\s*\]"#),
        rule!(
            Plain,
            false,
            r#"\b(?:os\.)?(?:environ\.get|getenv|environ\.setdefault)\(\s*["'](?<name>\w+)["']\s*(?:,\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|-?\d+(?:\.\d+)?|True|False|None)|(?<fallback>[^\s)])))?"#
        ),
        rule!(
            Strict,
            false,
            r#"\benv(?:\.(?:str|bool|int|float|list|tuple|dict|json|url|db|db_url|cache|cache_url|path|email|email_url|search_url))?\(\s*["'](?<name>[A-Z][A-Z0-9_]*)["'](?:\s*,\s*(?:default\s*=\s*|cast\s*=\s*\w+\s*,\s*default\s*=\s*)?(?:(?<default>"[^"\n]*"|'[^'\n]*'|-?\d+(?:\.\d+)?|True|False|None)|(?<fallback>[^\s)])))?"#
        ),
        rule!(
            Strict,
            false,
            r#"\b(?:config|decouple\.config)\(\s*["'](?<name>[A-Z][A-Z0-9_]*)["'](?:\s*,\s*cast\s*=\s*[\w.]+(?:\([^)\n]*\))?)?(?:\s*,\s*default\s*=\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|-?\d+(?:\.\d+)?|True|False|None)|(?<fallback>[^\s)])))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\benv_?(?:secret|bool|int|str|list|float|json|path|var)\(\s*["'](?<name>[A-Z][A-Z0-9_]*)["'](?:\s*,\s*(?:default\s*=\s*)?(?:(?<default>"[^"\n]*"|'[^'\n]*'|-?\d+(?:\.\d+)?|True|False|None)|(?<fallback>[^\s)])))?"#
        ),
        rule!(
            Optional,
            false,
            r#"\bget_\w*from_env\(\s*["'](?<name>[A-Z][A-Z0-9_]*)["'](?:\s*,\s*(?:default\s*=\s*)?(?:(?<default>"[^"\n]*"|'[^'\n]*'|-?\d+|True|False|None)|(?<fallback>[^\s)])))?"#
        ),
    ];
    static GO: [Rule; 6] = [
        rule!(Plain, false, r#"\bos\.(?:Getenv|LookupEnv)\(\s*"(?<name>\w+)"\s*\)"#),
        rule!(
            Optional,
            false,
            r#"\b(?i:get_?env|env|lookup_?env|env_?or\w*|mustget_?env)\w*\(\s*"(?<name>[A-Z][A-Z0-9_]*)"\s*(?:,\s*(?<default>"[^"\n]*"|\d+|true|false))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\benv:"(?<name>[A-Z][A-Z0-9_]*)[^"]*"(?:[^`\n]*(?:envDefault|default):"(?<default>[^"]*)")?"#
        ),
        rule!(
            Plain,
            false,
            r#"\benvconfig:"(?<name>[A-Z][A-Z0-9_]*)"(?:[^`\n]*default:"(?<default>[^"]*)")?"#
        ),
        rule!(Plain, false, r#"\bBindEnv\(\s*"[^"]*"\s*,\s*"(?<name>[A-Z][A-Z0-9_]*)""#),
        rule!(Plain, false, r#"\b\w*[eE]nv\w*\(\s*&?[\w.\[\]]+\s*,\s*"(?<name>[A-Z][A-Z0-9_]{2,})"\s*\)"#),
    ];
    static RUBY: [Rule; 2] = [
        rule!(
            Plain,
            false,
            r#"\bENV\[\s*["'](?<name>\w+)["']\s*\](?:\s*\|\|=?\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+)|(?<fallback>[\w(\[{:])))?"#
        ),
        rule!(
            Strict,
            false,
            r#"\bENV\.fetch\(?\s*["'](?<name>\w+)["']\s*(?:,\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+|true|false|nil)|(?<fallback>[^\s)]))\s*)?\)?(?:\s*\{\s*(?:(?<default2>"[^"\n]*"|'[^'\n]*'|\d+)|(?<fallback2>\S)))?"#
        ),
    ];
    static RUST: [Rule; 5] = [
        rule!(
            Strict,
            false,
            r#"\b(?:env|dotenvy|dotenv|std::env)::var(?:_os)?\(\s*"(?<name>\w+)"\s*\)(?:\s*\.(?<fallback>unwrap_or|ok|is_ok|unwrap_or_else|unwrap_or_default|map_or)\w*\((?:\|[^|]*\|\s*)?(?<default>"[^"\n]*")?)?"#
        ),
        rule!(Strict, true, r#"\benv!\(\s*"(?<name>\w+)""#),
        rule!(Optional, true, r#"\boption_env!\(\s*"(?<name>\w+)""#),
        rule!(
            Strict,
            false,
            r#"\benv\s*=\s*"(?<name>[A-Z][A-Z0-9_]*)"(?:[^\n\]]*default_value(?:_t)?\s*=\s*(?<default>"[^"\n]*"|\w+))?"#
        ),
        // A constant is named as the variable that it holds.
        rule!(Optional, false, r"\benv\s*=\s*(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)\b"),
    ];
    static JVM: [Rule; 3] = [
        rule!(
            Plain,
            false,
            r#"\bSystem\.getenv\(\s*"(?<name>\w+)"\s*\)(?:\s*\?:\s*(?:(?<default>"[^"\n]*")|(?<fallback>\S)))?"#
        ),
        rule!(Strict, false, r#"@Value\(\s*"\\?\$\{(?<name>[A-Z][A-Z0-9_]*)(?::(?<default>[^}\n]*))?\}"#),
        rule!(
            Plain,
            false,
            r#"\b(?:System\.getenv\(\)\[|sys\.env(?:\.get|\.getOrElse)?\()\s*"(?<name>\w+)"(?:\s*,\s*(?<default>"[^"\n]*"))?\s*[\])](?:\s*\?:\s*(?:(?<default2>"[^"\n]*")|(?<fallback>\S)))?"#
        ),
    ];
    static PHP: [Rule; 3] = [
        rule!(
            Plain,
            false,
            r#"\benv\(\s*["'](?<name>[A-Z][A-Z0-9_]*)["']\s*(?:,\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+|true|false|null)|(?<fallback>[^\s)])))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\bgetenv\(\s*["'](?<name>\w+)["']\s*\)(?:\s*\?:\s*(?:(?<default>"[^"\n]*"|'[^'\n]*')|(?<fallback>\S)))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\$_ENV\[\s*["'](?<name>\w+)["']\s*\](?:\s*\?\?\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+)|(?<fallback>\S)))?"#
        ),
    ];
    static ELIXIR: [Rule; 4] = [
        rule!(
            Plain,
            false,
            r#"\bSystem\.get_env\(\s*"(?<name>\w+)"\s*(?:,\s*(?<default>"[^"\n]*"))?\)(?:\s*\|\|\s*(?:(?<default2>"[^"\n]*"|\d+)|(?<fallback>[^\sr])))?"#
        ),
        rule!(Strict, false, r#"\bSystem\.fetch_env!?\(\s*"(?<name>\w+)"\s*\)"#),
        // Helpers that tell the environments apart: only production's own default and everybody's count.
        rule!(
            Plain,
            false,
            r#"\bget_env\(\s*"(?<name>[A-Z][A-Z0-9_]*)"\s*,\s*(?:[^)\n]*\b(?:prod|all):\s*(?<default>"[^"\n]*"|\d+)|\w+:)"#
        ),
        rule!(
            Strict,
            false,
            r#"\bfetch_env!\(\s*"(?<name>[A-Z][A-Z0-9_]*)"\s*,\s*(?:[^)\n]*\b(?:prod|all):\s*(?<default>"[^"\n]*"|\d+)|\w+:)"#
        ),
    ];
    static DOTNET: [Rule; 3] = [
        rule!(
            Plain,
            false,
            r#"\bGetEnvironmentVariable\(?\s*"(?<name>\w+)"\s*\)?(?:\s*\?\?\s*(?:(?<default>"[^"\n]*")|(?<fallback>\S)))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\b[cC]onfig(?:uration)?(?:\[|\.GetValue<[\w?]+>\()\s*"(?<name>[A-Za-z]\w*(?::\w+)*)"(?:\s*,\s*(?<default>"[^"\n]*"|\d+|true|false))?\s*[\])](?:\s*\?\?\s*(?:(?<default2>"[^"\n]*")|(?<fallback>\S)))?"#
        ),
        rule!(Strict, false, r#"\bGet(?<name>ConnectionString\(\s*"\w+)"\s*\)"#),
    ];
    static SWIFT: [Rule; 1] = [rule!(
        Plain,
        false,
        r#"\b(?:Environment\.get\(\s*|environment\[\s*)"(?<name>\w+)"\s*[\])](?:\s*\?\?\s*(?:(?<default>"[^"\n]*"|\d+)|(?<fallback>\S)))?"#
    )];
    static DART: [Rule; 2] = [
        rule!(
            Plain,
            false,
            r#"\benvironment\[\s*["'](?<name>\w+)["']\s*\](?:\s*\?\?\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+)|(?<fallback>\S)))?"#
        ),
        rule!(
            Plain,
            true,
            r#"\b(?:String|int|bool)\.fromEnvironment\(\s*["'](?<name>\w+)["'](?:\s*,\s*defaultValue:\s*(?<default>"[^"\n]*"|'[^'\n]*'|\d+|true|false))?"#
        ),
    ];
    static HASKELL: [Rule; 3] = [
        rule!(Tested, false, r#"\blookupEnv\s+"(?<name>\w+)""#),
        rule!(Strict, false, r#"\bgetEnv\s+"(?<name>\w+)""#),
        // The parsers of `envparse`: what is not given a default or a switch must be there.
        rule!(
            Strict,
            false,
            r#"\bvar\s+(?:\([^()\n]*\)|\w+)\s+"(?<name>[A-Z][A-Z0-9_]*)"(?:[^"\n]*"[^"\n]*"[^\n]*<>\s*(?<fallback>def)\b)?"#
        ),
    ];
    static CLOJURE: [Rule; 1] = [rule!(Plain, false, r#"\bSystem/getenv\s+"(?<name>\w+)""#)];
    static GLEAM: [Rule; 1] = [rule!(
        Plain,
        false,
        r#"\b(?:envoy\.get|get_env)\(\s*"(?<name>\w+)"\s*\)(?:\s*\|>\s*(?<fallback>result\.(?:unwrap|try|or|map))(?:\(\s*(?<default>"[^"\n]*"))?)?"#
    )];
    // C, C++, R, Perl, Lua, Crystal, Erlang, Zig.
    static OTHERS: [Rule; 1] = [rule!(
        Plain,
        false,
        r#"(?:\b(?:getenv|get_env|getenv_s|Sys\.getenv|os\.getenv|env\.get|getEnv)\(\s*|\bENV(?:\.fetch\(|\[)\s*|\$ENV\{\s*)"?(?<name>[A-Z][A-Z0-9_]+)"?\s*(?:,\s*(?<default>"[^"\n]*"|\d+))?"#
    )];
    match language {
        "javascript" | "typescript" => &SCRIPT,
        "python" => &PYTHON,
        "go" => &GO,
        "ruby" => &RUBY,
        "rust" => &RUST,
        "java" | "kotlin" | "scala" => &JVM,
        "php" => &PHP,
        "elixir" => &ELIXIR,
        "csharp" | "fsharp" => &DOTNET,
        "swift" => &SWIFT,
        "dart" => &DART,
        "haskell" => &HASKELL,
        "clojure" => &CLOJURE,
        "gleam" => &GLEAM,
        "c" | "cpp" | "r" | "perl" | "lua" | "crystal" | "erlang" | "zig" => &OTHERS,
        _ => &[],
    }
}
