//! Usage model and catalog rates → what a platform would cost for an application, item by item.
//!
//! [`workload`] says what has to run; [`quote`](quote::quote) places it on a platform, chooses sizes and plans, and prices
//! them. `recommend` compares quotes, `design` writes the chosen one down.

pub mod quote;
pub mod usage;
pub mod workload;

mod bill;
mod layout;
mod place;
mod price;
mod server;
mod sizing;

pub use layout::platform_builds;
pub use quote::{
    Choices, Depth, PlacedComponent, PlacedData, Quote, expected_at, expected_cost, quote, requests_of_users,
};
pub use workload::{Component, EngineNeed, Workload};
