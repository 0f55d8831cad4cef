//! The binary from outside: what it writes, what it refuses, and with which status it ends.

mod conventions;
mod counted;
mod decisions;
mod errors;
mod examples;
mod generate;
mod generated;
mod knowledge;
mod matrix;
mod missing;
mod ownership;
mod recommendations;
mod releases;
mod replay;
mod repository;
mod safety;
mod terminal;
mod tools;
