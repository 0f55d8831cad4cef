//! Context → users, requests and what they use, low, expected and high.
