//! Settings of a process manager (`[program:worker]`) → the processes that it keeps running.

use super::small_files::Process;
use crate::text::one_line;

/// Reads the programs; one that is not started by itself is none.
pub(crate) fn read(text: &str) -> Vec<Process> {
    let mut processes: Vec<Process> = Vec::new();
    let mut name: Option<&str> = None;
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.trim();
        if let Some(section) = content.strip_prefix('[') {
            let section = section.split(']').next().unwrap_or_default();
            name = section.strip_prefix("program:").map(str::trim).filter(|name| !name.is_empty());
            continue;
        }
        let (Some(name), Some((key, value))) = (name, content.split_once('=')) else { continue };
        match key.trim() {
            "command" => {
                let command = one_line(value);
                if !command.is_empty() {
                    processes.push(Process { name: name.to_owned(), command, line });
                }
            }
            "autostart" if value.trim().eq_ignore_ascii_case("false") => {
                processes.retain(|process| process.name != name);
            }
            _ => {}
        }
    }
    processes
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn programs_have_a_name_and_a_command() {
        let text = "[supervisord]\nnodaemon=true\n[program:jobs]\nautostart = true\ncommand = python manage.py run_huey\n\
            [program:off]\ncommand=x\nautostart=false\n[inet]\ncommand=y\n";
        let processes = read(text);
        assert_eq!(processes.len(), 1);
        assert_eq!(
            (processes[0].name.as_str(), processes[0].command.as_str()),
            ("jobs", "python manage.py run_huey")
        );
        assert_eq!(processes[0].line, 5);
    }
}
