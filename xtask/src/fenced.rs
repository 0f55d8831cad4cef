//! A Markdown document → its fenced blocks, each with the file that it is the text of.
//!
//! A block belongs to a file if the last line before it that is not empty begins with the file's path in backticks.

/// One fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fenced {
    /// The path that the line before it names.
    pub(crate) path: Option<String>,
    /// The word after the opening marks.
    pub(crate) language: String,
    /// The text, without the margin that the fence stands at.
    pub(crate) text: String,
    /// The line of the opening marks, from 1.
    pub(crate) line: usize,
}

/// Every fenced block of a document, in its order. A block that never ends goes to the end of the document.
pub(crate) fn blocks(document: &str) -> Vec<Fenced> {
    let mut blocks = Vec::new();
    let mut before = "";
    let mut lines = document.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some((margin, marks, language)) = opening(line) else {
            if !line.trim().is_empty() {
                before = line;
            }
            continue;
        };
        let mut text = String::new();
        for (_, inner) in lines.by_ref() {
            if closes(inner, marks) {
                break;
            }
            let indented = inner.len() - inner.trim_start_matches(' ').len();
            text.push_str(&inner[indented.min(margin)..]);
            text.push('\n');
        }
        let (path, language) = (path_of(before), language.to_owned());
        blocks.push(Fenced { path, language, text, line: index + 1 });
        before = "";
    }
    blocks
}

/// The margin, the marks and the language of a line that opens a block.
fn opening(line: &str) -> Option<(usize, &str, &str)> {
    let rest = line.trim_start_matches(' ');
    let length = rest.len() - rest.trim_start_matches('`').len();
    let (marks, info) = rest.split_at(length);
    let opens = length >= 3 && !info.contains('`');
    opens.then(|| (line.len() - rest.len(), marks, info.split_whitespace().next().unwrap_or_default()))
}

fn closes(line: &str, marks: &str) -> bool {
    let line = line.trim();
    line.len() >= marks.len() && line.chars().all(|c| c == '`')
}

/// The path in backticks at the beginning of a line.
fn path_of(line: &str) -> Option<String> {
    let (path, _) = line.trim_start().strip_prefix('`')?.split_once('`')?;
    let is_path = !path.is_empty() && !path.contains(char::is_whitespace) && !path.starts_with(['$', '-']);
    is_path.then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Fenced, blocks};

    fn block(path: Option<&str>, language: &str, text: &str, line: usize) -> Fenced {
        Fenced { path: path.map(str::to_owned), language: language.to_owned(), text: text.to_owned(), line }
    }

    #[test]
    fn a_block_has_the_file_that_the_line_before_it_names() {
        let document = "# Title\n\n`.do/app.yaml`, the specification:\n\n```yaml\nname: a\n\nregion: b\n```\n\n\
                        **Command**, not `a file`:\n\n```bash\nls\n```\n";
        assert_eq!(
            blocks(document),
            [
                block(Some(".do/app.yaml"), "yaml", "name: a\n\nregion: b\n", 5),
                block(None, "bash", "ls\n", 13),
            ]
        );
    }

    #[test]
    fn a_block_in_a_list_loses_its_margin_and_keeps_its_own() {
        let document = "1. Do:\n\n   ```bash\n   if true; then\n     ls\n   fi\n\n   ```\n";
        assert_eq!(blocks(document), [block(None, "bash", "if true; then\n  ls\nfi\n\n", 3)]);
    }

    #[test]
    fn longer_marks_hold_shorter_ones() {
        let document = "`a.md`:\n\n````markdown\n```sh\nls\n```\n````\n```\nplain\n```\n";
        assert_eq!(
            blocks(document),
            [block(Some("a.md"), "markdown", "```sh\nls\n```\n", 3), block(None, "", "plain\n", 8)]
        );
    }

    #[test]
    fn what_is_no_path_names_no_file() {
        for line in ["`$APP_URL` is:", "`render deploys create`:", "a `b.md`:", "``:"] {
            assert_eq!(blocks(&format!("{line}\n\n```sh\nls\n```\n"))[0].path, None, "{line}");
        }
    }

    #[test]
    fn inline_code_of_three_marks_opens_nothing() {
        assert_eq!(blocks("```a``` is code\n\ntext\n"), []);
    }
}
