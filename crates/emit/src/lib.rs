//! A Design to files: documents, pipelines, platform files.
