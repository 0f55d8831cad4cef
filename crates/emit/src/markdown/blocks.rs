//! Fenced blocks, and the blank lines between blocks.

use super::is_invisible;
use super::spans::longest_run;

/// A fenced block that its content cannot leave. The language tag is kept only if it is a plain word.
pub(crate) fn fence(text: &str, syntax: &str) -> String {
    let marks = "`".repeat(longest_run(text).max(2) + 1);
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '+';
    let syntax = if !syntax.is_empty() && syntax.chars().all(is_word) { syntax } else { "text" };
    let lines: Vec<String> = text
        .replace("\r\n", "\n")
        .split(['\n', '\r'])
        .map(|line| line.chars().filter(|c| *c == '\t' || !is_invisible(*c)).collect::<String>())
        .map(|line| line.trim_end().to_owned())
        .collect();
    let body = lines.join("\n");
    format!("{marks}{syntax}\n{}\n{marks}", body.trim_matches('\n'))
}

/// Every line that is not empty, moved to the right: a block inside a list item.
pub(crate) fn indent(block: &str, columns: usize) -> String {
    let margin = " ".repeat(columns);
    let lines =
        block.lines().map(|line| if line.is_empty() { String::new() } else { format!("{margin}{line}") });
    lines.collect::<Vec<_>>().join("\n").trim_start().to_owned()
}

/// One blank line at most between blocks, none at the ends, one newline at the very end; fenced text is left alone.
pub(crate) fn tidy(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    let mut open: Option<String> = None;
    let mut blank = true;
    for line in document.lines() {
        let marks: String = line.trim_start().chars().take_while(|c| *c == '`').collect();
        match &open {
            Some(fence) if marks.len() >= fence.len() && line.trim() == marks => open = None,
            None if marks.len() >= 3 => open = Some(marks),
            None if line.trim().is_empty() => {
                if !blank {
                    out.push('\n');
                }
                blank = true;
                continue;
            }
            _ => {}
        }
        blank = false;
        out.push_str(if open.is_some() { line } else { line.trim_end() });
        out.push('\n');
    }
    let length = out.trim_end().len();
    out.truncate(length);
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::{fence, indent, tidy};

    #[test]
    fn a_fence_is_longer_than_any_in_its_content() {
        assert_eq!(fence("a: 1\n", "yaml"), "```yaml\na: 1\n```");
        assert_eq!(fence("````\nx", "yaml"), "`````yaml\n````\nx\n`````");
        assert_eq!(fence("x", "a b"), "```text\nx\n```");
    }

    #[test]
    fn a_block_in_a_list_item_is_moved_but_for_its_first_line() {
        assert_eq!(indent("```sh\na\n\nb\n```", 3), "```sh\n   a\n\n   b\n   ```");
    }

    #[test]
    fn blank_lines_are_single_outside_fences() {
        assert_eq!(tidy("\n\na\n\n\n\nb\n```\nx\n\n\ny\n```\n\n\n"), "a\n\nb\n```\nx\n\n\ny\n```\n");
    }
}
