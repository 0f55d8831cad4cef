//! Section 6's commands: the lines that set the secrets, by environment, and what `.env.example` lacks.

use serde::Serialize;
use siteplan_model::design::{ExampleFile, SetCommand};

use crate::environment;
use crate::names::capital;

/// The lines for one environment and one place that keeps secrets.
#[derive(Serialize)]
pub(super) struct SecretLines {
    label: String,
    lines: String,
}

/// The lines in their order, one block for each environment and place.
pub(super) fn lines(commands: &[SetCommand]) -> Vec<SecretLines> {
    let several = commands.iter().any(|command| command.store != commands[0].store);
    let mut blocks: Vec<SecretLines> = Vec::new();
    for command in commands {
        let environment =
            command.environment.as_deref().map_or_else(|| "Every environment".to_owned(), capital);
        let label = if several { format!("{environment}, {}", command.store) } else { environment };
        match blocks.iter_mut().find(|block| block.label == label) {
            Some(block) => {
                block.lines.push('\n');
                block.lines.push_str(&command.line);
            }
            None => blocks.push(SecretLines { label, lines: command.line.clone() }),
        }
    }
    blocks
}

/// What to append to the team's own `.env.example`; empty where it names all variables or is still to be written.
pub(super) fn missing(example: &ExampleFile) -> String {
    if !example.exists {
        return String::new();
    }
    environment::entries(&example.entries).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use siteplan_model::design::SetCommand;

    use super::lines;

    #[test]
    fn each_environment_has_its_block() {
        let command = |name: &str, environment: Option<&str>| SetCommand {
            name: name.to_owned(),
            environment: environment.map(str::to_owned),
            store: "a vault".to_owned(),
            line: format!("set {name}"),
        };
        let shown =
            lines(&[command("A", Some("staging")), command("B", Some("staging")), command("C", None)]);
        let shown: Vec<(&str, &str)> =
            shown.iter().map(|block| (block.label.as_str(), block.lines.as_str())).collect();
        assert_eq!(shown, [("Staging", "set A\nset B"), ("Every environment", "set C")]);
    }
}
