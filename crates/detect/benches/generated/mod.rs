//! Trees for measurements, the same for the same number of files: a monorepo of services and libraries in several
//! languages, with what surrounds code in real repositories (pictures, documents, tests, lock files, translations).

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// So many files make one package of the monorepo.
const PACKAGE: usize = 100;

/// Writes a monorepo of about `files` files below `root`.
pub(crate) fn monorepo(root: &Path, files: usize) -> io::Result<()> {
    write(
        root,
        "package.json",
        "{\"name\": \"whole\", \"private\": true, \"workspaces\": [\"packages/*\"]}\n",
    )?;
    write(root, "README.md", "# A generated monorepo\n")?;
    let mut chance = Chance(1);
    for package in 0..files.div_ceil(PACKAGE) {
        match package % 5 {
            0 | 1 => script(root, package, &mut chance)?,
            2 => python(root, package, &mut chance)?,
            3 => go(root, package, &mut chance)?,
            _ => ruby(root, package, &mut chance)?,
        }
        beside(root, package, &mut chance)?;
    }
    Ok(())
}

/// Writes one folder that holds `files` files.
pub(crate) fn flat(root: &Path, files: usize) -> io::Result<()> {
    for file in 0..files {
        write(root, &format!("module_{file:06}.py"), &format!("import os\n\nVALUE = {file}\n"))?;
    }
    Ok(())
}

fn script(root: &Path, package: usize, chance: &mut Chance) -> io::Result<()> {
    let home = format!("packages/script-{package}");
    let uses = package.saturating_sub(5);
    write(
        root,
        &format!("{home}/package.json"),
        &format!(
            "{{\"name\": \"@whole/script-{package}\", \"version\": \"1.0.0\", \"scripts\": {{\"start\": \"node src/index.js\", \"test\": \"vitest\"}},\n \"dependencies\": {{\"express\": \"^5.0.0\", \"pg\": \"^8.0.0\", \"@whole/script-{uses}\": \"*\"}}}}\n"
        ),
    )?;
    write(
        root,
        &format!("{home}/src/index.js"),
        "import express from 'express';\nconst app = express();\napp.get('/health', (request, response) => response.send('ok'));\napp.listen(process.env.PORT || 3000);\n",
    )?;
    for file in 0..70 {
        let text = lines(chance, "export function", " {\n  return items.map((item) => item.value);\n}\n");
        let ending = if file % 2 == 0 { "ts" } else { "tsx" };
        write(root, &format!("{home}/src/part-{}/file-{file}.{ending}", file % 7), &text)?;
    }
    Ok(())
}

fn python(root: &Path, package: usize, chance: &mut Chance) -> io::Result<()> {
    let home = format!("packages/python-{package}");
    let manifest =
        format!("[project]\nname = \"python-{package}\"\ndependencies = [\"fastapi\", \"celery\"]\n");
    write(root, &format!("{home}/pyproject.toml"), &manifest)?;
    write(
        root,
        &format!("{home}/app/main.py"),
        "import os\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\nURL = os.environ[\"DATABASE_URL\"]\n\n\n@app.get(\"/health\")\ndef health():\n    return {}\n",
    )?;
    for file in 0..70 {
        let text = lines(chance, "def", "(items):\n    return [item.value for item in items]\n\n");
        write(root, &format!("{home}/app/part_{}/file_{file}.py", file % 7), &text)?;
    }
    Ok(())
}

fn go(root: &Path, package: usize, chance: &mut Chance) -> io::Result<()> {
    let home = format!("packages/go-{package}");
    let module = format!(
        "module example.org/whole/go{package}\n\ngo 1.24\n\nrequire github.com/gin-gonic/gin v1.10.0\n"
    );
    write(root, &format!("{home}/go.mod"), &module)?;
    write(
        root,
        &format!("{home}/main.go"),
        "package main\n\nimport \"github.com/gin-gonic/gin\"\n\nfunc main() {\n\trouter := gin.Default()\n\trouter.GET(\"/healthz\", health)\n\trouter.Run(\":8080\")\n}\n",
    )?;
    for file in 0..70 {
        let text = lines(chance, "func", "(items []Item) int {\n\treturn len(items)\n}\n\n");
        write(root, &format!("{home}/internal/part{}/file{file}.go", file % 7), &text)?;
    }
    Ok(())
}

fn ruby(root: &Path, package: usize, chance: &mut Chance) -> io::Result<()> {
    let home = format!("packages/ruby-{package}");
    write(
        root,
        &format!("{home}/Gemfile"),
        "source 'https://rubygems.org'\ngem 'rails'\ngem 'pg'\ngem 'sidekiq'\n",
    )?;
    write(
        root,
        &format!("{home}/config/routes.rb"),
        "Rails.application.routes.draw do\n  get \"up\" => \"health#show\"\nend\n",
    )?;
    for file in 0..70 {
        let text = lines(chance, "def", "(items)\n  items.map(&:value)\nend\n\n");
        write(root, &format!("{home}/app/part_{}/file_{file}.rb", file % 7), &text)?;
    }
    Ok(())
}

/// What surrounds the code.
fn beside(root: &Path, package: usize, chance: &mut Chance) -> io::Result<()> {
    let home = format!("packages/beside-{package}");
    for file in 0..28 {
        let (path, text) = match file % 7 {
            0 => (format!("docs/page-{file}.md"), lines(chance, "The", " item has a value.\n")),
            1 => {
                (format!("tests/file-{file}.test.ts"), lines(chance, "test", "('has a value', () => {});\n"))
            }
            2 => (format!("locales/language-{file}.json"), "{\"hello\": \"hello\"}\n".repeat(100)),
            3 => (format!("assets/picture-{file}.svg"), "<svg><path d=\"M0 0L1 1\"/></svg>\n".repeat(50)),
            4 => (format!("styles/sheet-{file}.scss"), lines(chance, ".item-", " { color: red; }\n")),
            5 => (format!("lib/bundle-{file}.min.js"), "!function(){return 1}();".repeat(500)),
            _ => (format!("data/lock-{file}.lock"), "item@1.0.0:\n  version \"1.0.0\"\n".repeat(200)),
        };
        write(root, &format!("{home}/{path}"), &text)?;
    }
    Ok(())
}

/// Some tens of lines that differ from file to file.
fn lines(chance: &mut Chance, before: &str, after: &str) -> String {
    let mut text = String::new();
    for _ in 0..20 + chance.next() % 60 {
        // Writing to a string cannot fail.
        let _ = write!(text, "{before} name{}{after}", chance.next() % 100_000);
    }
    text
}

fn write(root: &Path, path: &str, text: &str) -> io::Result<()> {
    let path = root.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}
