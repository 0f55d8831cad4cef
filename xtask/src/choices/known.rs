//! A tab-separated table → the repositories and what their maintainers chose.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Outcome};

/// One repository of the table.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// The folder of its tree.
    pub(crate) name: String,
    /// Ids of the platforms that its maintainers chose; several where two are equally official.
    pub(crate) chosen: Vec<String>,
    /// The type of the application, as a person labelled it.
    pub(crate) app_type: String,
}

/// Reads the table; its first line names the columns.
pub(crate) fn read(table: &Path) -> Outcome<Vec<Known>> {
    let text = fs::read_to_string(table)
        .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", table.display())))?;
    parse(&text).ok_or_else(|| {
        Failure::new(format!("`{}` is no table of repositories", table.display())).mend(
            "give it the columns name, url, commit, chosen, app_type, language, note, separated by tabs",
        )
    })
}

fn parse(text: &str) -> Option<Vec<Known>> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let columns: Vec<&str> = lines.next()?.split('\t').collect();
    let column = |name: &str| columns.iter().position(|column| *column == name);
    let (name, chosen, app_type) = (column("name")?, column("chosen")?, column("app_type")?);
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            Some(Known {
                name: (*cells.get(name)?).to_owned(),
                chosen: cells.get(chosen)?.split(',').map(|id| id.trim().to_owned()).collect(),
                app_type: (*cells.get(app_type)?).to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn columns_are_found_by_their_names() {
        let known = parse("name\tnote\tapp_type\tchosen\na\tb c\tweb-api\tx, y\n").expect("a table");
        assert_eq!((known[0].name.as_str(), known[0].app_type.as_str()), ("a", "web-api"));
        assert_eq!(known[0].chosen, ["x", "y"]);
        assert!(parse("name\tchosen\n").is_none(), "a column is missing");
        assert!(parse("name\tchosen\tapp_type\na\tx\n").is_none(), "a line is short");
    }
}
