//! `siteplan.toml` ⇄ Brief. A person may edit the file: comments and layout stay, an answer changed by hand becomes `file`.

mod answers;
mod read;
mod recorded;
mod write;

pub(crate) use read::read;
pub(crate) use write::write;
