//! Rows of plain cells → lines with columns that fit a width; where the terminal is narrow one column gives way, its cells in several
//! lines.

use anstyle::Style;

use super::sanitise::short;
use super::style::{columns, padded, paint};

/// Columns between two columns of a table.
const GAP: usize = 2;
/// Before every line of a cell but its first.
const HANGING: &str = "  ";
/// No column becomes narrower than this.
const SHORTEST: usize = 8;

/// On which side the words of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// One row: a cell for each column, and how it looks.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) cells: Vec<String>,
    pub(crate) style: Style,
    /// Said below the row, in the first column's place.
    pub(crate) below: Option<String>,
}

impl Row {
    pub(crate) fn new(cells: impl IntoIterator<Item = String>) -> Self {
        Self { cells: cells.into_iter().collect(), style: Style::new(), below: None }
    }

    #[must_use]
    pub(crate) fn styled(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    #[must_use]
    pub(crate) fn with_below(mut self, text: String) -> Self {
        self.below = Some(text).filter(|text| !text.is_empty());
        self
    }
}

/// The rows in lines, each after `indent` spaces; the cells of the `elastic` column are wrapped so that a line fits the width.
pub(crate) fn table(sides: &[Side], elastic: usize, rows: &[Row], indent: usize, width: usize) -> String {
    let mut widths: Vec<usize> = (0..sides.len())
        .map(|column| rows.iter().filter_map(|row| row.cells.get(column)).map(|cell| columns(cell)).max())
        .map(Option::unwrap_or_default)
        .collect();
    let others: usize =
        widths.iter().enumerate().filter(|(column, _)| *column != elastic).map(|(_, w)| w).sum();
    let gaps = GAP * sides.len().saturating_sub(1);
    if let Some(own) = widths.get_mut(elastic) {
        *own = (*own).min(width.saturating_sub(indent + others + gaps).max(SHORTEST));
    }
    let margin = " ".repeat(indent);
    let mut text = String::new();
    for row in rows {
        let lines: Vec<Vec<String>> = sides
            .iter()
            .enumerate()
            .map(|(column, _)| {
                let cell = row.cells.get(column).map_or("", String::as_str);
                if column == elastic {
                    broken(cell, widths[column])
                } else {
                    vec![short(cell, widths[column])]
                }
            })
            .collect();
        for number in 0..lines.iter().map(Vec::len).max().unwrap_or(1) {
            let mut line = String::new();
            for (column, side) in sides.iter().enumerate() {
                let cell = lines[column].get(number).map_or("", String::as_str);
                let gap = if column == 0 { 0 } else { GAP };
                line.push_str(&" ".repeat(gap));
                match side {
                    Side::Left => line.push_str(&padded(cell, widths[column])),
                    Side::Right => {
                        line.push_str(&" ".repeat(widths[column].saturating_sub(columns(cell))));
                        line.push_str(cell);
                    }
                }
            }
            text.push_str(&margin);
            text.push_str(&paint(row.style, line.trim_end()));
            text.push('\n');
        }
        if let Some(below) = &row.below {
            let first = format!("{margin}  ");
            let wrapped = super::style::wrapped(&first, below, width);
            text.push_str(&paint(super::style::QUIET, &wrapped));
            text.push('\n');
        }
    }
    text
}

/// A cell in lines, the first as wide as the column and the others a little after it; a word without room for it is cut.
fn broken(cell: &str, width: usize) -> Vec<String> {
    let hanging = if width > SHORTEST { HANGING } else { "" };
    let options = textwrap::Options::new(width).subsequent_indent(hanging).break_words(false);
    textwrap::wrap(cell, options).into_iter().map(|line| short(&line, width)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Row, Side, table};

    #[test]
    fn a_long_cell_gives_way_and_numbers_stand_under_each_other() {
        let rows = [
            Row::new(["a very long name of something".to_owned(), "$7".to_owned()]),
            Row::new(["short".to_owned(), "$1,200".to_owned()]).with_below("and why".to_owned()),
        ];
        let text = table(&[Side::Left, Side::Right], 0, &rows, 2, 30);
        let text = anstream::adapter::strip_str(&text).to_string();
        assert_eq!(
            text,
            "  a very long name of       $7\n    something\n  short                 $1,200\n    and why\n"
        );
        assert!(text.lines().all(|line| line.chars().count() <= 30));
    }
}
