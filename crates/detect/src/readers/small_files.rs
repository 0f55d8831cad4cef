//! Files of a few lines: `Procfile`, version pins, `.env.example`, `schema.prisma`, shell scripts → small records.

use super::manifest::Pin;
use super::structured;
use crate::text::{line_of, one_line};

/// A process of a `Procfile`.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) name: String,
    pub(crate) command: String,
    pub(crate) line: u32,
}

/// Reads a `Procfile`.
pub(crate) fn read_procfile(text: &str) -> Vec<Process> {
    (1..)
        .zip(text.lines())
        .filter_map(|(line, content)| {
            let (name, command) = content.split_once(':')?;
            let name = name.trim();
            let named =
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            let command = one_line(command);
            (named && !command.is_empty()).then(|| Process { name: name.to_owned(), command, line })
        })
        .collect()
}

/// Reads one of the files that pin versions of languages and tools.
pub(crate) fn read_pins(name: &str, text: &str) -> Result<Vec<Pin>, String> {
    let pin = |tool: &str, version: &str, line: u32| Pin {
        tool: tool.to_owned(),
        version: version.trim().trim_matches(['"', '\'']).trim_start_matches('v').to_owned(),
        line: Some(line),
    };
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .unwrap_or_default();
    let pins = match name {
        ".nvmrc" | ".node-version" => vec![pin("node", first, 1)],
        ".python-version" => vec![pin("python", first, 1)],
        ".ruby-version" => vec![pin("ruby", first.trim_start_matches("ruby-"), 1)],
        ".go-version" => vec![pin("go", first, 1)],
        ".java-version" | ".jdk-version" => vec![pin("java", java_version(first), 1)],
        ".bun-version" => vec![pin("bun", first, 1)],
        ".dvmrc" | ".deno-version" => vec![pin("deno", first, 1)],
        ".php-version" => vec![pin("php", first, 1)],
        ".swift-version" => vec![pin("swift", first.trim_start_matches("swift-"), 1)],
        ".crystal-version" => vec![pin("crystal", first, 1)],
        ".zigversion" | ".zig-version" => vec![pin("zig", first, 1)],
        ".perl-version" => vec![pin("perl", first.trim_start_matches("perl-"), 1)],
        ".exenv-version" | ".elixir-version" => vec![pin("elixir", first, 1)],
        ".lua-version" => vec![pin("lua", first, 1)],
        ".sdkmanrc" | "elixir_buildpack.config" => text
            .lines()
            .zip(1..)
            .filter_map(|(line, number)| {
                let (tool, version) = line.trim().split_once('=')?;
                let tool = tool.trim().trim_end_matches("_version");
                // SDKMAN names the vendor behind the version: `21.0.2-tem`.
                Some(pin(tool, version.trim().split('-').next()?, number))
            })
            .collect(),
        "rust-toolchain" if !text.contains('[') => vec![pin("rust", first, 1)],
        "rust-toolchain" | "rust-toolchain.toml" => {
            let value = structured::toml(text)?;
            let channel = value["toolchain"]["channel"].as_str();
            channel
                .map(|channel| pin("rust", channel, line_of(text, "channel").unwrap_or(1)))
                .into_iter()
                .collect()
        }
        "runtime.txt" => {
            let (tool, version) = first.split_once('-').unwrap_or((first, ""));
            vec![pin(tool, version, 1)]
        }
        "system.properties" => text
            .lines()
            .zip(1..)
            .filter_map(|(line, number)| {
                Some(pin("java", line.strip_prefix("java.runtime.version=")?, number))
            })
            .collect(),
        "global.json" => {
            let value = structured::jsonc(text)?;
            value["sdk"]["version"].as_str().map(|version| pin("dotnet", version, 1)).into_iter().collect()
        }
        "mise.toml" | ".mise.toml" => {
            let value = structured::toml(text)?;
            structured::fields(&value["tools"])
                .filter_map(|(tool, version)| {
                    let version = version.as_str().or_else(|| version["version"].as_str())?;
                    let version = if tool == "java" { java_version(version) } else { version };
                    Some(pin(tool, version, line_of(text, tool).unwrap_or(1)))
                })
                .collect()
        }
        _ => text
            .lines()
            .zip(1..)
            .filter_map(|(line, number)| {
                let mut words = line.split('#').next()?.split_whitespace();
                let (tool, version) = (words.next()?, words.next()?);
                Some(pin(tool, if tool == "java" { java_version(version) } else { version }, number))
            })
            .collect(),
    };
    Ok(pins
        .into_iter()
        .filter(|pin| {
            pin.version.starts_with(|c: char| c.is_ascii_digit())
                || pin.version.starts_with("lts")
                || pin.tool == "rust"
        })
        .collect())
}

/// The version behind a vendor's name: `temurin-21.0.2+13`, `corretto-17`, `graalvm-ce-java17-22.3`.
fn java_version(text: &str) -> &str {
    let after_java = text.split("java").nth(1).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let numbered = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
    match after_java {
        Some(rest) => rest.split('-').next().unwrap_or(rest),
        None => text.split('-').find(numbered).unwrap_or(text),
    }
}

/// A variable that an example file names.
#[derive(Clone, Debug)]
pub(crate) struct ExampleVariable {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) line: u32,
    /// Whether the line is commented out.
    pub(crate) commented: bool,
}

/// Reads a file like `.env.example`.
pub(crate) fn read_env_example(text: &str) -> Vec<ExampleVariable> {
    (1..)
        .zip(text.lines())
        .filter_map(|(line, content)| {
            let trimmed = content.trim();
            let (commented, body) = match trimmed.strip_prefix('#') {
                Some(rest) => (true, rest.trim_start()),
                None => (false, trimmed),
            };
            let (name, value) = body.trim_start_matches("export ").split_once('=')?;
            let name = name.trim();
            let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && (!commented || name.chars().all(|c| !c.is_ascii_lowercase()));
            let value = value.trim();
            let value = match value.strip_prefix(['"', '\'']) {
                Some(rest) => rest.split(['"', '\'']).next().unwrap_or_default(),
                // What follows the sign at once is a comment too, as libraries that load such files take it.
                None if value.starts_with('#') => "",
                None => value.split(" #").next().unwrap_or_default().trim(),
            };
            named.then(|| ExampleVariable { name: name.to_owned(), value: value.to_owned(), line, commented })
        })
        .collect()
}

/// Where a TypeScript compiler reads from and writes to.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypeScript {
    pub(crate) out: Option<(String, u32)>,
    pub(crate) root: Option<String>,
    /// Files and folders that are compiled.
    pub(crate) include: Vec<String>,
    /// The configuration that it builds upon, where it is a file of the repository.
    pub(crate) extends: Option<String>,
}

/// Reads a `tsconfig.json`.
pub(crate) fn read_typescript(text: &str) -> Result<TypeScript, String> {
    let value = structured::jsonc(text)?;
    let options = &value["compilerOptions"];
    let path = |key: &str| {
        options[key].as_str().map(|path| path.trim_start_matches("./").trim_end_matches('/').to_owned())
    };
    let out = path("outDir").filter(|_| options["noEmit"].as_bool() != Some(true));
    let mut include = structured::strings(&value["include"]);
    include.extend(structured::strings(&value["files"]));
    Ok(TypeScript {
        out: out.map(|out| (out, line_of(text, "\"outDir\"").unwrap_or(1))),
        root: path("rootDir"),
        include,
        extends: value["extends"].as_str().filter(|path| path.starts_with('.')).map(str::to_owned),
    })
}

/// What a Prisma schema says of its data source.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prisma {
    pub(crate) provider: Option<(String, u32)>,
    pub(crate) variables: Vec<(String, u32)>,
}

/// Reads a `schema.prisma`.
pub(crate) fn read_prisma(text: &str) -> Prisma {
    let mut prisma = Prisma::default();
    let mut in_datasource = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.starts_with("datasource") {
            in_datasource = true;
        } else if line.starts_with('}') {
            in_datasource = false;
        } else if in_datasource && !line.starts_with("//") {
            let quoted = line.split('"').nth(1);
            if line.starts_with("provider") {
                prisma.provider = quoted.map(|provider| (provider.to_owned(), number));
            } else if line.contains("env(") {
                prisma.variables.extend(quoted.map(|name| (name.to_owned(), number)));
            }
        }
    }
    prisma
}

#[cfg(test)]
mod tests {
    use super::{read_env_example, read_pins, read_prisma, read_procfile};

    #[test]
    fn processes_and_pins() {
        let processes = read_procfile("web: gunicorn app\n# c\nworker:  celery   -A x\n");
        assert_eq!(processes.len(), 2);
        assert_eq!(processes[1].command, "celery -A x");
        assert_eq!(read_pins(".nvmrc", "v20.1\n").expect("valid")[0].version, "20.1");
        assert_eq!(read_pins(".tool-versions", "nodejs 20.1 # x\npython 3.12\n").expect("valid").len(), 2);
        assert_eq!(read_pins("runtime.txt", "python-3.12.1").expect("valid")[0].tool, "python");
    }

    #[test]
    fn example_variables_keep_what_is_commented_out_apart() {
        let variables =
            read_env_example("A=1 # one\n# B=\"x y\"\nexport C='z'\nD=#maybe\n# some text = here\n");
        let shown: Vec<_> =
            variables.iter().map(|v| (v.name.as_str(), v.value.as_str(), v.commented)).collect();
        assert_eq!(shown, [("A", "1", false), ("B", "x y", true), ("C", "z", false), ("D", "", false)]);
    }

    #[test]
    fn the_data_source_of_prisma() {
        let prisma =
            read_prisma("datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n");
        assert_eq!(prisma.provider, Some(("postgresql".to_owned(), 2)));
        assert_eq!(prisma.variables, [("DATABASE_URL".to_owned(), 3)]);
    }
}
