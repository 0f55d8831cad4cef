//! Usage model and catalog rates to cost lines.
