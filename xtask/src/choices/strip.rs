//! A tree → a copy in which nothing speaks of the platform: neither its files nor the lines that mention it.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use super::marks::Marks;

/// Never copied: it belongs to no commit.
const NOT_SOURCE: [&str; 7] = [".git", ".next", ".venv", "__pycache__", "node_modules", "target", "venv"];
/// A longer text is copied as it is: it is data.
const LONGEST: u64 = 4_000_000;

/// How much was left out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LeftOut {
    folders: usize,
    files: usize,
    lines: usize,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "left out: {} folders, {} files, {} lines", self.folders, self.files, self.lines)
    }
}

/// Makes `to` such a copy of `from`. What is there under that name is a whole copy.
pub(crate) fn copy(from: &Path, to: &Path, marks: &Marks) -> io::Result<LeftOut> {
    let part = to.with_extension("part");
    for old in [to, part.as_path()] {
        if old.exists() {
            fs::remove_dir_all(old)?;
        }
    }
    let mut left_out = LeftOut::default();
    folder(from, &part, "", marks, &mut left_out)?;
    fs::rename(&part, to)?;
    Ok(left_out)
}

fn folder(from: &Path, to: &Path, path: &str, marks: &Marks, left_out: &mut LeftOut) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let (path, target) = (format!("{path}{name}"), to.join(entry.file_name()));
        if kind.is_dir() {
            if marks.owns_folder(&name) {
                left_out.folders += 1;
            } else if !NOT_SOURCE.contains(&name.as_str()) {
                folder(&entry.path(), &target, &format!("{path}/"), marks, left_out)?;
            }
        } else if kind.is_file() {
            file(&entry.path(), &target, &path, marks, left_out)?;
        }
    }
    Ok(())
}

fn file(from: &Path, to: &Path, path: &str, marks: &Marks, left_out: &mut LeftOut) -> io::Result<()> {
    let text =
        if fs::metadata(from)?.len() < LONGEST { String::from_utf8(fs::read(from)?).ok() } else { None };
    if marks.owns_file(path, text.as_deref().unwrap_or_default()) {
        left_out.files += 1;
        return Ok(());
    }
    match text {
        Some(text) => {
            let (kept, lines) = without_mentions(&text, path, marks);
            left_out.lines += lines;
            fs::write(to, kept)
        }
        None => fs::copy(from, to).map(drop),
    }
}

/// The text without lines that mention a platform, and how many these were. JSON stays JSON where an element was a line.
fn without_mentions(text: &str, path: &str, marks: &Marks) -> (String, usize) {
    if !marks.mentioned_in(text) {
        return (text.to_owned(), 0);
    }
    let all = text.split_inclusive('\n');
    let kept: String = all.clone().filter(|line| !marks.mentioned_in(line)).collect();
    let lines = all.count() - kept.split_inclusive('\n').count();
    let is_json = Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    (if is_json { without_last_commas(&kept) } else { kept }, lines)
}

/// JSON whose last element of a list or an object went away.
fn without_last_commas(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(comma) = rest.find(',') {
        let (before, after) = rest.split_at(comma);
        whole.push_str(before);
        let closes = after[1..].trim_start().starts_with(['}', ']']);
        if !closes {
            whole.push(',');
        }
        rest = &after[1..];
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use siteplan_catalog::signals::Signals;

    use super::{copy, without_mentions};
    use crate::choices::marks::Marks;

    fn marks() -> Marks {
        Marks::new(&Signals::builtin().expect("signals")).expect("marks")
    }

    #[test]
    fn what_is_left_of_a_manifest_is_still_json() {
        let text =
            "{\n  \"dependencies\": {\n    \"next\": \"15\",\n    \"@vercel/analytics\": \"1\"\n  }\n}\n";
        let (kept, lines) = without_mentions(text, "package.json", &marks());
        assert_eq!((kept.as_str(), lines), ("{\n  \"dependencies\": {\n    \"next\": \"15\"\n  }\n}\n", 1));
    }

    #[test]
    fn a_copy_holds_the_application_alone() {
        let folder = std::env::temp_dir().join(format!("siteplan-choices-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        std::fs::create_dir_all(from.join("terraform")).expect("a folder");
        for (path, text) in [
            ("fly.toml", "app = 'x'"),
            ("main.py", "print()\n"),
            ("README.md", "a\non Fly.io\nb\n"),
            ("terraform/a", ""),
        ] {
            std::fs::write(from.join(path), text).expect("a file");
        }
        let left_out = copy(&from, &to, &marks()).expect("a copy").to_string();
        let readme = std::fs::read_to_string(to.join("README.md")).expect("a readme");
        let names = std::fs::read_dir(&to).expect("a folder").count();
        std::fs::remove_dir_all(&folder).expect("cleaning up");
        assert_eq!((readme.as_str(), names), ("a\nb\n", 2));
        assert_eq!(left_out, "left out: 1 folders, 1 files, 1 lines");
    }
}
