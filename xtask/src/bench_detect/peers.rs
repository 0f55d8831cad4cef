//! What siteplan is measured against: a search of the tree's contents and other detectors, as far as they are installed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::on_path;
use crate::program::Program;
use crate::world::World;

/// Names the folder in which npm installed the detectors that are packages of Node.js.
const PACKAGES_VARIABLE: &str = "BENCH_NODE_FOLDER";

/// A text that no tree holds, so that the search reads every file to its end.
const RARE: &str = "zqxjkwvqzqxjkwvq";

/// Another program.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub(super) name: &'static str,
    program: OsString,
    arguments: Vec<OsString>,
}

impl Peer {
    /// As it runs on a tree, which is its last argument.
    pub(super) fn on(&self, tree: &Path) -> Program {
        Program::new(self.program.clone(), tree).args(self.arguments.clone()).files(&[tree])
    }
}

/// Those that are there, and for each of the others how to install it.
pub(super) fn installed(world: &World) -> (Vec<Peer>, Vec<String>) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    let program = |name: &'static str, arguments: &[&str]| {
        let arguments = arguments.iter().map(OsString::from).collect();
        on_path(name).map(|path| Peer { name, program: path.into(), arguments })
    };
    match program("rg", &["--count", RARE]) {
        Some(peer) => found.push(Peer { name: "one search (rg)", ..peer }),
        None => missing.push("the floor: cargo install ripgrep".to_owned()),
    }
    match program("nixpacks", &["plan"]) {
        Some(peer) => found.push(peer),
        None => missing.push("nixpacks: cargo install nixpacks".to_owned()),
    }
    let packages = std::env::var_os(PACKAGES_VARIABLE).map_or_else(|| world.root().to_owned(), PathBuf::from);
    let of_npm = |package: &str| {
        let there = packages.join("node_modules").join(package).is_dir();
        on_path("node").filter(|_| there).ok_or_else(|| {
            format!("{package}: `npm install {package}` in any folder, then {PACKAGES_VARIABLE}=FOLDER cargo xtask bench-detect")
        })
    };
    let mut take = |name: &'static str, script: PathBuf, arguments: Vec<OsString>| match of_npm(name) {
        Ok(node) => {
            let arguments = std::iter::once(script.into()).chain(arguments).collect();
            found.push(Peer { name, program: node.into(), arguments });
        }
        Err(how) => missing.push(how),
    };
    take("@netlify/build-info", packages.join("node_modules/@netlify/build-info/bin.js"), Vec::new());
    let driver = world.root().join("xtask/peers/fs-detectors.mjs");
    take("@vercel/fs-detectors", driver, vec![packages.clone().into()]);
    (found, missing)
}
