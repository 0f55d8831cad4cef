//! A merged text → whether it is still what its name says: two edits that fit together line by line can break a file.

/// Why the merged text of a file cannot be read, although both texts that went into it can.
pub(super) fn broken_by_merge(path: &str, current: &str, new: &str, merged: &str) -> Option<String> {
    let format = Format::of(path)?;
    if format.wrong(current).is_some() || format.wrong(new).is_some() { None } else { format.wrong(merged) }
}

/// A format that can be read here.
#[derive(Clone, Copy)]
enum Format {
    Json,
    Toml,
    Yaml,
}

impl Format {
    /// By the ending of a file's name.
    fn of(path: &str) -> Option<Self> {
        match path.rsplit_once('.')?.1 {
            "json" | "jsonc" | "json5" => Some(Self::Json),
            "toml" => Some(Self::Toml),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }

    /// Why a text is none of this format.
    fn wrong(self, text: &str) -> Option<String> {
        match self {
            // JSON is YAML too, and the reader of YAML also refuses a key that occurs twice.
            Self::Json => match serde_json::from_str::<serde_json::Value>(text) {
                Err(error) => Some(error.to_string()),
                Ok(_) => yaml(text),
            },
            Self::Toml => text.parse::<toml_edit::DocumentMut>().err().map(|error| error.to_string()),
            Self::Yaml => yaml(text),
        }
    }
}

fn yaml(text: &str) -> Option<String> {
    serde_saphyr::from_multiple::<serde_json::Value>(text).err().map(|error| error.to_string())
}
