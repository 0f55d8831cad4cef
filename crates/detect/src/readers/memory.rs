//! Sizes of memory that start commands and settings name → megabytes.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use crate::text::{line_at, line_text};

/// An amount of memory that a place names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) megabytes: u32,
    pub(crate) line: u32,
    pub(crate) seen: String,
}

/// The heap that a start command or a setting gives to a JVM or to Node, in megabytes.
pub(crate) fn heap(command: &str) -> Option<u32> {
    heaps(command).first().map(|one| one.megabytes)
}

/// No more are taken from one file.
const MOST_HEAPS: usize = 100;

/// Heaps that a text gives to a JVM or to Node.
pub(crate) fn heaps(text: &str) -> Vec<Memory> {
    static HEAP: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"-Xmx(\d+[kKmMgG]?)\b|--max[-_]old[-_]space[-_]size[= ](\d+)"));
    if !["-Xmx", "old-space", "old_space"].iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    HEAP.captures_iter(text)
        .take(MOST_HEAPS)
        .filter_map(|found| {
            let whole = found.get(0)?;
            let node = found.get(2).and_then(|number| number.as_str().parse().ok());
            // A JVM's bare number counts bytes, Node's megabytes.
            let megabytes = node.or_else(|| size(found.get(1)?.as_str()))?;
            let seen = line_text(text, whole.start()).trim().to_owned();
            let comment = seen.starts_with(['#', '*']) || seen.starts_with("//");
            (!comment).then(|| Memory { megabytes, line: line_at(text, whole.start()), seen })
        })
        .collect()
}

/// `512Mi`, `2g`, `1.5GB`, `1073741824` → megabytes.
pub(crate) fn size(text: &str) -> Option<u32> {
    let text = text.trim().trim_matches(['"', '\'']);
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let number: f64 = text[..end].parse().ok()?;
    let megabytes = match text[end..].trim().to_ascii_lowercase().as_str() {
        "g" | "gb" | "gi" | "gib" => number * 1024.0,
        "m" | "mb" | "mi" | "mib" => number,
        "k" | "kb" | "ki" | "kib" => number / 1024.0,
        "" | "b" => number / (1024.0 * 1024.0),
        _ => return None,
    };
    // More than this is a mistake, less than one is nothing.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
    (1.0..4_000_000.0).contains(&megabytes).then_some(megabytes.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::{heaps, size};

    #[test]
    fn sizes_in_all_spellings() {
        assert_eq!(size("512Mi"), Some(512));
        assert_eq!(size("2g"), Some(2048));
        assert_eq!(size("1.5GB"), Some(1536));
        assert_eq!(size("1073741824"), Some(1024));
        assert_eq!(size("{{ .Values.memory }}"), None);
        assert_eq!(size("9e999"), None);
    }

    #[test]
    fn heaps_of_start_commands() {
        let found =
            heaps("FROM x\nENV JAVA_OPTS=\"-Xmx2g\"\nCMD node --max-old-space-size=4096 a.js\n# -Xmx9g\n");
        let shown: Vec<_> = found.iter().map(|one| (one.megabytes, one.line)).collect();
        assert_eq!(shown, [(2048, 2), (4096, 3)]);
    }
}
