//! Whole surveys of small trees: what users report against repository detection elsewhere, and what must never happen.

mod ci;
mod containers;
mod dotnet;
mod ecosystems;
mod environment;
mod handlers;
mod health;
mod hostile;
mod hostile_content;
mod javascript;
mod jvm;
mod monorepos;
mod native;
mod needs;
mod ports;
mod proposals;
mod python;
mod ruby_and_php;
mod schedules;
mod statements;
mod stores;
mod tree;
mod versions;
