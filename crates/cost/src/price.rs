//! Rates → cost lines.
