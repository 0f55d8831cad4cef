//! Loads → sizes and instance counts.
