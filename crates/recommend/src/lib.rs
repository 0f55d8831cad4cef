//! Constraints, criteria, multicriteria acceptability analysis and option sets.
