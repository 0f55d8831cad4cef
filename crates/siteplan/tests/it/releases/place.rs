//! A folder with the scripts of a design, and a program for each tool of a platform that answers by rules.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use siteplan_model::design::Design;

/// Tools that are never really called.
const TOOLS: &[&str] = &[
    "aws",
    "az",
    "curl",
    "docker",
    "doctl",
    "flyctl",
    "gcloud",
    "gke-gcloud-auth-plugin",
    "heroku",
    "kamal",
    "kubectl",
    "kubelogin",
    "netlify",
    "npm",
    "railway",
    "render",
    "scp",
    "sleep",
    "ssh",
    "tar",
    "vercel",
    "wrangler",
];

/// Notes its call, takes what it is given, and answers by the first rule whose pattern fits `tool arguments`.
const HEAD: &str = r#"#!/bin/sh
call="$(basename "$0") $*"
printf '%s\n' "$call" >> "$CALLS"
out=
for word; do
  [ "$out" != next ] || out=$word
  [ "$word" != --output ] || out=next
  case $word in @- | tee | --password-stdin) printf 'read: %s\n' "$(cat)" >> "$CALLS" ;; esac
done
rules() {
case $call in
"#;

/// What a call with `--output FILE` answers goes to the file.
const TAIL: &str = r#"esac
}
case $(basename "$0") in curl) [ -z "$out" ] || { rules > "$out"; exit; } ;; esac
rules
"#;

/// The folder.
pub(super) struct Place {
    root: PathBuf,
    names: Vec<String>,
}

impl Place {
    /// Writes the scripts; absent where there is none.
    pub(super) fn new(test: &str, label: &str, design: &Design) -> Option<Self> {
        let folder = label.replace(' ', "-");
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("releases").join(test).join(folder);
        let _ = fs::remove_dir_all(&root);
        let mut names: Vec<String> = Vec::new();
        for file in siteplan_emit::files(design) {
            let is_script = file.syntax == "sh" && file.path.starts_with("deploy/");
            if !is_script && !file.path.starts_with("deploy/") {
                continue;
            }
            let path = root.join(&file.path);
            fs::create_dir_all(path.parent()?).expect("a folder");
            fs::write(&path, &file.contents).expect("a file");
            if is_script {
                names.push(path.file_name()?.to_string_lossy().into_owned());
            }
        }
        let place = Self { root, names };
        for name in ["bin", "home/.local/bin", "home/.ssh"] {
            fs::create_dir_all(place.root.join(name)).expect("a folder");
        }
        let needs: Vec<&str> = design
            .delivery
            .scripts
            .iter()
            .flat_map(|script| &script.needs)
            .map(|need| need.name.as_str())
            .collect();
        let values: Vec<String> = needs.iter().map(|name| format!("export {name}=value1\n")).collect();
        fs::write(place.root.join("values"), values.concat()).expect("a file");
        (!place.names.is_empty()).then_some(place)
    }

    /// Sets a variable for the scripts.
    pub(super) fn set(&self, name: &str, value: &str) {
        let path = self.root.join("values");
        let values = fs::read_to_string(&path).expect("a file");
        fs::write(&path, format!("{values}export {name}={value}\n")).expect("a file");
    }

    pub(super) fn has(&self, script: &str) -> bool {
        self.names.iter().any(|name| name == script)
    }

    /// Says what the tools answer: pattern and shell line, the first that fits.
    pub(super) fn rules(&self, rules: &[(&str, &str)]) {
        let arms: Vec<String> =
            rules.iter().map(|(pattern, line)| format!("{}) {line} ;;\n", escaped(pattern))).collect();
        let text = format!("{HEAD}{}{TAIL}", arms.concat());
        let folders = [self.root.join("bin"), self.root.join("home/.local/bin")];
        for path in folders.iter().flat_map(|folder| TOOLS.iter().map(|tool| folder.join(tool))) {
            fs::write(&path, &text).expect("a file");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
        }
    }

    /// Runs a script: its status and all that it says.
    pub(super) fn run(&self, call: &str) -> (i32, String) {
        self.run_as(call, &"d".repeat(40))
    }

    /// The same for another commit.
    pub(super) fn run_as(&self, call: &str, commit: &str) -> (i32, String) {
        let path = format!("{}:/usr/bin:/bin", self.root.join("bin").display());
        let output = Command::new("sh")
            .args(["-c", &format!(". ./values; exec sh deploy/{call}")])
            .current_dir(&self.root)
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.root.join("home"))
            .env("DEPLOY_STATE", self.root.join("kept"))
            .env("CALLS", self.root.join("calls"))
            .env("COMMIT", commit)
            .output()
            .expect("the script runs");
        let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        (output.status.code().unwrap_or(-1), said.concat())
    }

    /// The calls so far, and what was read.
    pub(super) fn calls(&self) -> String {
        fs::read_to_string(self.root.join("calls")).unwrap_or_default()
    }

    /// Whether a text stands in a call or in a file that a release wrote for one.
    pub(super) fn wrote(&self, text: &str) -> bool {
        let files = fs::read_dir(&self.root).into_iter().flatten().flatten();
        let holds = |path: &Path| {
            let name = path.file_name().unwrap_or_default();
            name != "images.env" && fs::read_to_string(path).is_ok_and(|contents| contents.contains(text))
        };
        self.calls().contains(&format!("@{text}")) || files.map(|entry| entry.path()).any(|path| holds(&path))
    }

    /// The names of what was kept.
    pub(super) fn kept(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.join("kept")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    found.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
        }
        found
    }
}

/// A pattern of `case`: everything but its stars stands for itself.
fn escaped(pattern: &str) -> String {
    pattern.split('*').map(|part| format!("'{part}'")).collect::<Vec<_>>().join("*")
}
