//! Usage model and catalog rates → what a platform would cost for an application, item by item.
//!
//! [`workload`] says what has to run; [`quote`](quote::quote) places it on a platform, chooses sizes and plans, and prices
//! them. `recommend` compares quotes, `design` writes the chosen one down. [`account`](account::account),
//! [`data`](data::data) and [`services`] price a stated use by the catalog's rates: what quotes are made of.

pub mod account;
pub mod asked;
pub mod data;
pub mod price;
pub mod quote;
pub mod services;
pub mod usage;
pub mod workload;

mod assumed;
mod bill;
mod cents;
mod growth;
mod layout;
mod load;
mod open;
mod place;
mod plans;
mod regions;
mod rest;
mod server;
mod shares;
mod sizing;

pub use layout::platform_builds;
pub use load::load_beside_scale;
pub use quote::{
    Choices, Depth, LaidOut, PlacedComponent, PlacedData, Pricer, Quote, Volume, expected_at, expected_cost,
    quote, requests_of_users,
};
pub use regions::{regions, regions_of};
pub use rest::{MINUTES_OF_A_MONTH, Rest, Wait};
pub use workload::{Component, EngineNeed, InUse, Workload};
