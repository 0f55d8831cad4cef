//! A tree to a Survey.
