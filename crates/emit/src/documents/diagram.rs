//! The topology as the seed's line of boxes, and as a Mermaid flow chart.

use std::fmt::Write as _;

use siteplan_model::design::{Component, Role, Topology};

use crate::markdown::one_line;

/// Boxes and arrows in text: what a component calls stands to its right, one line each.
///
/// ```text
/// [User] --> [CDN] --> [web ×2] --> [Postgres]
///                               --> [Stripe]
/// ```
pub(super) fn ascii(topology: &Topology) -> String {
    let mut chart =
        Ascii { topology, lines: vec![String::new()], shown: vec![false; topology.components.len()] };
    let is_called = |name: &str| topology.edges.iter().any(|edge| edge.to == name && edge.from != name);
    for (at, component) in topology.components.iter().enumerate() {
        if !is_called(&component.name) {
            chart.root(at);
        }
    }
    for at in 0..topology.components.len() {
        chart.root(at);
    }
    chart.lines.join("\n").trim_end().to_owned()
}

struct Ascii<'a> {
    topology: &'a Topology,
    lines: Vec<String>,
    shown: Vec<bool>,
}

impl Ascii<'_> {
    fn root(&mut self, at: usize) {
        if !self.shown[at] {
            self.place(at);
            self.lines.push(String::new());
        }
    }

    /// Writes a component at the end of the last line, and what it calls to its right.
    fn place(&mut self, at: usize) {
        let component = &self.topology.components[at];
        let last = self.lines.len() - 1;
        let _ = write!(self.lines[last], "[{}]", ascii_label(component));
        if std::mem::replace(&mut self.shown[at], true) {
            return;
        }
        let column = self.lines[last].chars().count();
        let name = &component.name;
        let called = self.topology.edges.iter().filter(|edge| edge.from == *name && edge.to != *name);
        let targets: Vec<usize> = called.filter_map(|edge| self.index(&edge.to)).collect();
        for (number, target) in targets.into_iter().enumerate() {
            if number > 0 {
                self.lines.push(" ".repeat(column));
            }
            let last = self.lines.len() - 1;
            self.lines[last].push_str(" --> ");
            self.place(target);
        }
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.topology.components.iter().position(|component| component.name == *name)
    }
}

fn ascii_label(component: &Component) -> String {
    let name = one_line(&component.name);
    if component.instances > 1 { format!("{name} ×{}", component.instances) } else { name }
}

/// A Mermaid flow chart. Labels are quoted, and every character that means something to Mermaid is an entity.
pub(super) fn mermaid(topology: &Topology) -> String {
    let mut chart = "flowchart LR\n".to_owned();
    for (at, component) in topology.components.iter().enumerate() {
        let (open, close) = shape(component.role);
        let mut label = entity(&ascii_label(component));
        if !component.technology.is_empty() && component.technology != component.name {
            let _ = write!(label, "<br/>{}", entity(&component.technology));
        }
        let _ = writeln!(chart, "    n{at}{open}\"{label}\"{close}");
    }
    let index = |name: &str| topology.components.iter().position(|component| component.name == name);
    for edge in &topology.edges {
        let (Some(from), Some(to)) = (index(&edge.from), index(&edge.to)) else { continue };
        let label = entity(&edge.label);
        let arrow = if label.is_empty() { "-->".to_owned() } else { format!("-->|\"{label}\"|") };
        let _ = writeln!(chart, "    n{from} {arrow} n{to}");
    }
    chart
}

fn shape(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::User => ("([", "])"),
        Role::Edge => ("[/", "/]"),
        Role::App => ("[", "]"),
        Role::Database | Role::Cache => ("[(", ")]"),
        Role::External => ("[[", "]]"),
    }
}

fn entity(text: &str) -> String {
    let mut out = String::new();
    for (at, c) in one_line(text).chars().enumerate() {
        let is_inner_mark = at > 0 && ".,:/+-_()×·–—'".contains(c);
        if c.is_alphanumeric() || c == ' ' || is_inner_mark {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", u32::from(c));
        }
    }
    out
}
