//! Where a run takes place: the checkout, the cache beside it, and what several steps share, each made once.

use std::cell::{Cell, OnceCell};
use std::env;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::failure::{Failure, Outcome};
use crate::plans::Plans;
use crate::tools::Tools;

/// The place of a run.
#[derive(Debug)]
pub(crate) struct World {
    root: PathBuf,
    cache: PathBuf,
    schemas: Option<PathBuf>,
    tools: OnceCell<Outcome<Tools>>,
    plans: OnceCell<Outcome<Plans>>,
    not_run: Cell<Option<usize>>,
}

impl World {
    /// The checkout in which cargo runs this program, and the cache of this person.
    pub(crate) fn open() -> Outcome<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let manifest = PathBuf::from(manifest);
        let root = manifest
            .parent()
            .filter(|root| root.join("Cargo.toml").is_file())
            .ok_or_else(|| Failure::new("this is no checkout of siteplan; run it as `cargo xtask`"))?;
        let home = || env::home_dir().map(|home| home.join(".cache"));
        let cache = env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|folder| folder.is_absolute())
            .or_else(home)
            .ok_or_else(|| Failure::new("there is no cache folder; set XDG_CACHE_HOME"))?
            .join("siteplan-checks");
        let schemas = env::var_os("SITEPLAN_SCHEMAS").filter(|folder| !folder.is_empty());
        Ok(Self {
            root: root.to_owned(),
            cache,
            schemas: schemas.map(PathBuf::from),
            tools: OnceCell::new(),
            plans: OnceCell::new(),
            not_run: Cell::new(None),
        })
    }

    /// The checkout.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where installed tools are kept.
    pub(crate) fn cache(&self) -> &Path {
        &self.cache
    }

    /// Where this checkout's examples are copied to and tested; it outlives the run, so that a failure can be looked at.
    pub(crate) fn work(&self) -> PathBuf {
        let name = digest([self.root.as_os_str().as_encoded_bytes()]);
        self.cache.join(format!("work-{}", &name[..12]))
    }

    /// The folder of vendors' schemas, if the environment names one.
    pub(crate) fn schemas(&self) -> Option<&Path> {
        self.schemas.as_deref()
    }

    /// The validators, installed by the first who asks.
    pub(crate) fn tools(&self) -> Outcome<&Tools> {
        shared(&self.tools, "the validators could not be installed, see above", || Tools::install(self))
    }

    /// The plans of the examples, made by the first who asks.
    pub(crate) fn plans(&self) -> Outcome<&Plans> {
        shared(&self.plans, "the examples could not be planned, see above", || Plans::make(self))
    }

    /// Remembers how many checks against vendors' schemas could not run.
    pub(crate) fn leave_out_schema_checks(&self, number: usize) {
        self.not_run.set(Some(self.not_run.get().unwrap_or_default() + number));
    }

    /// How many checks against vendors' schemas could not run; `None` if none was due.
    pub(crate) fn schema_checks_not_run(&self) -> Option<usize> {
        self.not_run.get()
    }
}

/// What the first who asks makes for all. Only the first gets the whole story of a failure.
fn shared<'a, T>(
    cell: &'a OnceCell<Outcome<T>>,
    again: &str,
    make: impl FnOnce() -> Outcome<T>,
) -> Outcome<&'a T> {
    let is_first = cell.get().is_none();
    let result = cell.get_or_init(make).as_ref();
    result.map_err(|failure| if is_first { failure.clone() } else { Failure::new(again) })
}

/// SHA-256 of bytes as other programs give it, in hexadecimal digits.
pub(crate) fn digest_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// SHA-256 of some texts, each with its length, in hexadecimal digits.
pub(crate) fn digest<'a>(texts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.len().to_le_bytes());
        hasher.update(text);
    }
    hexadecimal(&hasher.finalize())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
