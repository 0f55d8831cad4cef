//! Designs of hand-made Surveys on every platform of the catalog.

mod concrete;
mod fixtures;
mod health;
mod images;
mod matrix;
mod needed;
mod order;
mod reads;
mod reuse;
mod wiring;
