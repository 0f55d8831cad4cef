//! The state machine of the questions, which every front end drives.
