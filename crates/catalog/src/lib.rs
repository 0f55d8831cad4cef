//! What siteplan knows of the world, as data: loader, validation, typed look-up.
