//! The chosen option to a whole plan, one module per section of the document.
