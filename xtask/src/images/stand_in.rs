//! A Dockerfile → an image built by `buildah` without any registry: each base is a small image whose programs only make what later
//! stages copy.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::dockerfile::{Stage, copied, shell_line, stages};
use crate::failure::{Failure, Outcome};
use crate::program::Program;

/// The shell and its tools in every stand-in.
const BUSYBOX: &str = "/bin/busybox";
/// What of it the stand-ins need.
const TOOLS: [&str; 20] = [
    "sh", "ls", "cat", "echo", "mkdir", "cp", "rm", "ln", "test", "id", "chmod", "chown", "env", "printf",
    "sed", "true", "touch", "dirname", "tr", "grep",
];

/// What scripts of a repository are written for.
const INTERPRETERS: [&str; 4] = ["node", "php", "python3", "ruby"];

/// `buildah` with a storage of its own.
pub(super) struct Builder {
    folder: PathBuf,
    settings: PathBuf,
}

/// How often a build is tried.
const ATTEMPTS: u32 = 3;

impl Builder {
    /// Installs `buildah` where nobody did, and makes its storage anew.
    pub(super) fn ready(folder: &Path) -> Outcome<Self> {
        let here = Path::new("/");
        if Program::new("buildah", here).args(["--version"]).output().is_err()
            || !Path::new(BUSYBOX).is_file()
        {
            let install = Program::new("apt-get", here)
                .args(["install", "--yes", "--quiet", "buildah", "busybox-static"])
                .env("DEBIAN_FRONTEND", "noninteractive");
            Program::new("apt-get", here)
                .args(["update", "--quiet"])
                .output()
                .and_then(|_| install.output())
                .map_err(|failure| {
                    failure
                        .mend("install buildah and busybox (Debian: apt-get install buildah busybox-static)")
                })?;
        }
        let failed = |error| Failure::new(format!("cannot write `{}`: {error}", folder.display()));
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(failed)?;
        }
        fs::create_dir_all(folder).map_err(failed)?;
        let settings = folder.join("storage.conf");
        let text = format!(
            "[storage]\ndriver = \"vfs\"\ngraphroot = \"{0}/graph\"\nrunroot = \"{0}/run\"\n",
            folder.display()
        );
        fs::write(&settings, text).map_err(failed)?;
        Ok(Self { folder: folder.to_owned(), settings })
    }

    /// Builds one image and looks at what it says of itself.
    pub(super) fn build(&self, name: &str, context: &Path, dockerfile: &Path) -> Outcome {
        let stages = stages(dockerfile)?;
        for base in bases(&stages) {
            self.stand_in(&base, &stages)?;
        }
        let tag = format!("localhost/{}", name.to_lowercase());
        let file = dockerfile.to_string_lossy().into_owned();
        let attempt = || {
            let arguments =
                ["bud", "--quiet", "--pull-never", "--network", "none", "--tag", &tag, "--file", &file, "."];
            self.buildah(context).args(arguments).output()
        };
        // buildah copies itself into memory and seals the copy, which the kernel refuses now and then (`sealing memfd copy`). A
        // Dockerfile that cannot be built fails each time.
        let mut outcome = attempt();
        for _ in 1..ATTEMPTS {
            if outcome.is_ok() {
                break;
            }
            outcome = attempt();
        }
        outcome?;
        let inspect = self.buildah(context).args(["inspect", "--type", "image", &tag]);
        let text = inspect.output()?;
        let value: Value = serde_json::from_str(&text).map_err(|error| {
            Failure::new(format!("`buildah inspect` gave no JSON: {error}")).reproduce(&inspect)
        })?;
        let config = &value["OCIv1"]["config"];
        let user = config["User"].as_str().unwrap_or_default();
        let numeric = user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0));
        if !numeric {
            return Err(Failure::new(format!(
                "the image of {name} runs as `{user}`, not as a number above 0"
            ))
            .reproduce(&inspect));
        }
        let serves =
            stages.last().is_some_and(|stage| stage.instructions.iter().any(|(name, _)| name == "EXPOSE"));
        if serves && config["ExposedPorts"].as_object().is_none_or(serde_json::Map::is_empty) {
            return Err(Failure::new(format!("the image of {name} opens no port")).reproduce(&inspect));
        }
        self.buildah(context).args(["rmi", "--force", &tag]).output()?;
        Ok(())
    }

    fn buildah(&self, folder: &Path) -> Program {
        Program::new("buildah", folder)
            .env("CONTAINERS_STORAGE_CONF", &self.settings)
            .env("BUILDAH_ISOLATION", "chroot")
            .env("STORAGE_DRIVER", "vfs")
    }

    /// An image with the tag of a base, a shell, and every program that the file calls.
    fn stand_in(&self, base: &str, stages: &[Stage]) -> Outcome {
        let root = self.folder.join("root");
        let failed = |error| Failure::new(format!("cannot write `{}`: {error}", root.display()));
        if root.exists() {
            fs::remove_dir_all(&root).map_err(failed)?;
        }
        for folder in [
            "bin",
            "tmp",
            "etc/nginx",
            "config/caddy",
            "data/caddy",
            "usr/local/bin",
            "usr/local/lib/node_modules",
            "usr/local/bundle",
            "usr/bin",
            "srv",
        ] {
            fs::create_dir_all(root.join(folder)).map_err(failed)?;
        }
        fs::copy(BUSYBOX, root.join("bin/busybox")).map_err(failed)?;
        for tool in TOOLS {
            std::os::unix::fs::symlink("busybox", root.join("bin").join(tool)).map_err(failed)?;
        }
        // Scripts of a repository name their interpreter through it.
        std::os::unix::fs::symlink("/bin/busybox", root.join("usr/bin/env")).map_err(failed)?;
        fs::write(root.join("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n").map_err(failed)?;
        let makes: Vec<String> = taken(stages)
            .iter()
            .map(|path| {
                format!("[ -e '{path}' ] || {{ mkdir -p \"$(dirname '{path}')\" && echo made > '{path}'; }}")
            })
            .collect();
        let script = format!("#!/bin/sh\nset -e\n{}\n", makes.join("\n"));
        let called = programs(stages).into_iter().chain(INTERPRETERS.map(str::to_owned));
        for program in called {
            let place = root.join("bin").join(&program);
            if !place.exists() {
                fs::write(&place, &script).map_err(failed)?;
                fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).map_err(failed)?;
            }
        }
        for own in ["usr/local/bin/node", "usr/bin/composer"] {
            fs::write(root.join(own), "#!/bin/sh\n").map_err(failed)?;
            fs::set_permissions(root.join(own), fs::Permissions::from_mode(0o755)).map_err(failed)?;
        }
        let container = self.buildah(&self.folder).args(["from", "scratch"]).output()?.trim().to_owned();
        let content = root.to_string_lossy().into_owned();
        self.buildah(&self.folder).args(["add", "--quiet", &container, &content, "/"]).output()?;
        self.buildah(&self.folder)
            .args(["config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin", &container])
            .output()?;
        self.buildah(&self.folder).args(["commit", "--quiet", &container, &qualified(base)]).output()?;
        self.buildah(&self.folder).args(["rm", &container]).output()?;
        Ok(())
    }
}

/// Images that are no stage of the file.
fn bases(stages: &[Stage]) -> BTreeSet<String> {
    let copied_from = stages.iter().flat_map(|stage| &stage.instructions).filter(|(name, _)| name == "COPY");
    let copied_from = copied_from.filter_map(|(_, rest)| copied(rest).0);
    let own = |name: &String| stages.iter().any(|stage| stage.name == *name);
    stages.iter().map(|stage| stage.base.clone()).chain(copied_from).filter(|name| !own(name)).collect()
}

/// Paths that a later stage copies from an earlier one and that the build must have made.
fn taken(stages: &[Stage]) -> BTreeSet<String> {
    let own = |name: &str| stages.iter().any(|stage| stage.name == name);
    let copies = stages.iter().flat_map(|stage| &stage.instructions).filter(|(name, _)| name == "COPY");
    let taken = copies.map(|(_, rest)| copied(rest)).filter(|(from, ..)| from.as_deref().is_some_and(own));
    taken
        .flat_map(|(_, sources, _)| sources)
        .filter(|path| path != "/app")
        .map(|path| {
            if path.ends_with('/') || path.starts_with("/opt/") || path.ends_with("/bundle") {
                format!("{}/made", path.trim_end_matches('/'))
            } else {
                path
            }
        })
        .collect()
}

/// The first words of all commands of the file.
fn programs(stages: &[Stage]) -> BTreeSet<String> {
    let lines = stages.iter().flat_map(|stage| &stage.instructions).filter(|(name, _)| name == "RUN");
    let lines: Vec<String> = lines.map(|(_, rest)| shell_line(rest)).collect();
    let parts = lines.iter().flat_map(|line| line.split("&&"));
    let words =
        parts.filter_map(|part| part.split_whitespace().find(|word| !word.contains('=') && *word != "("));
    words.filter(|word| !word.contains('/')).map(str::to_owned).collect()
}

/// A name as `buildah` looks it up.
fn qualified(base: &str) -> String {
    match base.split_once('/') {
        None => format!("docker.io/library/{base}"),
        Some((host, _)) if host.contains('.') => base.to_owned(),
        Some(_) => format!("docker.io/{base}"),
    }
}
