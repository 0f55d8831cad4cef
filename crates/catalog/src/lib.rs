//! What siteplan knows of the world, as data: typed tables, their loader, their validation, look-ups. No decisions.
//!
//! The data is embedded in the binary by `build.rs`; `--catalog DIR` adds or replaces single files.

pub mod condition;
pub mod data_service;
pub mod figure;
pub mod form;
pub mod health;
pub mod image;
pub mod load;
pub mod names;
pub mod platform;
pub mod reasoning;
pub mod refinement;
pub mod runtimes;
pub mod signals;
pub mod small;
pub mod starts;
pub mod validate;
pub mod words;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

pub use load::{Catalog, CatalogError};
