//! Whole surveys of small trees: what users report against repository detection elsewhere, and what must never happen.

mod ecosystems;
mod hostile;
mod monorepos;
mod statements;
mod tree;
