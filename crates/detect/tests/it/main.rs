//! Whole surveys of small trees: what users report against repository detection elsewhere, and what must never happen.

mod containers;
mod ecosystems;
mod environment;
mod hostile;
mod javascript;
mod monorepos;
mod native;
mod python;
mod schedules;
mod statements;
mod stores;
mod tree;
mod versions;
