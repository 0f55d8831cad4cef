//! The ledger that writes everything down: entries and terms as they come, words only at the end.

use siteplan_catalog::Catalog;
use siteplan_catalog::figure::Source;
use siteplan_catalog::platform::EffortItem;
use siteplan_catalog::reasoning::ParameterBy;
use siteplan_model::explanation::{Input, Operation, Origin, Reference, Scale, Term};

use super::demands::{DEMAND, WORTH};
use super::ledger::{Entry, Ledger, Name, Words, width, work_out};

/// Everything beneath one value.
pub(super) struct Trace<'a> {
    catalog: &'a Catalog,
    rows: Vec<Row<'a>>,
    half_width: f64,
    because: Because<'a>,
}

/// A number of a trace: its row.
#[derive(Clone, Copy)]
pub(super) struct Number(usize);

enum Row<'a> {
    Entry(Entry<'a>, f64),
    Term { name: Name<'a>, operation: Operation, of: Vec<usize>, value: f64 },
}

enum Because<'a> {
    Nothing,
    Said(&'static str),
    Fact(Name<'a>, &'a Source),
}

impl<'a> Trace<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, rows: Vec::new(), half_width: 0.0, because: Because::Nothing }
    }

    /// The value behind a number.
    pub(super) fn value(&self, number: Number) -> f64 {
        match &self.rows[number.0] {
            Row::Entry(_, value) | Row::Term { value, .. } => *value,
        }
    }

    /// How far the true value may lie from it, and why so far.
    pub(super) fn half_width(&self) -> (f64, String) {
        let because = match &self.because {
            Because::Nothing => "nothing beneath it is uncertain".to_owned(),
            Because::Said(words) => (*words).to_owned(),
            Because::Fact(name, source) => {
                let parameters = &self.catalog.criteria.value;
                let months = (source.age_years(self.catalog.date) * 12.0).round();
                let noun = if (months - 1.0).abs() < 0.5 { "month" } else { "months" };
                format!(
                    "the weakest fact, {}, is {} ({}) and {months} {noun} old ({} a year)",
                    words(*name),
                    source.grade.as_str(),
                    parameters.width_by_grade.of(&source.grade),
                    parameters.width_per_year.value,
                )
            }
        };
        (self.half_width, because)
    }

    /// The entries, each with its number.
    pub(super) fn inputs(&self) -> Vec<Input> {
        let entry = |(index, row): (usize, &Row<'a>)| match row {
            Row::Entry(entry, value) => Some(input(id(index), entry, *value)),
            Row::Term { .. } => None,
        };
        self.rows.iter().enumerate().filter_map(entry).collect()
    }

    /// The terms, each with its number.
    pub(super) fn terms(&self) -> Vec<Term> {
        let term = |(index, row): (usize, &Row<'a>)| match row {
            Row::Entry(..) => None,
            Row::Term { name, operation, of, value } => Some(Term {
                id: id(index),
                name: words(*name),
                operation: *operation,
                of: of.iter().copied().map(id).collect(),
                value: *value,
            }),
        };
        self.rows.iter().enumerate().filter_map(term).collect()
    }

    /// The scales by which words became numbers.
    pub(super) fn scales(&self) -> Vec<Scale> {
        let mut keys: Vec<&'static str> = self
            .rows
            .iter()
            .filter_map(|row| match row {
                Row::Entry(entry, _) => scale_of(entry),
                Row::Term { .. } => None,
            })
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().filter_map(|key| scale(self.catalog, key)).collect()
    }
}

impl<'a> Ledger<'a> for Trace<'a> {
    type Number = Number;

    fn enter(&mut self, entry: Entry<'a>, number: f64) -> Number {
        if let Entry::Fact { name, source: Some(source), .. } = entry {
            let width = width(self.catalog, source);
            if width > self.half_width {
                self.half_width = width;
                self.because = Because::Fact(name, source);
            }
        }
        self.rows.push(Row::Entry(entry, number));
        Number(self.rows.len() - 1)
    }

    fn term(&mut self, name: Name<'a>, operation: Operation, of: &[Number]) -> Number {
        let numbers: Vec<f64> = of.iter().map(|number| self.value(*number)).collect();
        let value = work_out(operation, &numbers);
        self.rows.push(Row::Term { name, operation, of: of.iter().map(|number| number.0).collect(), value });
        Number(self.rows.len() - 1)
    }

    fn widen(&mut self, half_width: f64, because: &'static str) {
        if half_width > self.half_width {
            self.half_width = half_width;
            self.because = Because::Said(because);
        }
    }
}

fn id(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

fn words(name: Name<'_>) -> String {
    name.what.replace("{}", name.of)
}

fn scale_of(entry: &Entry<'_>) -> Option<&'static str> {
    match entry {
        Entry::Fact { words: Words::Scaled(_, key), .. }
        | Entry::Application { words: Words::Scaled(_, key), .. } => Some(key),
        _ => None,
    }
}

fn input(id: u32, entry: &Entry<'_>, value: f64) -> Input {
    let scale = scale_of(entry).map(str::to_owned);
    let blank = Input {
        id,
        name: String::new(),
        value,
        words: None,
        from: Origin::Application,
        at: None,
        scale,
        note: None,
        source: None,
    };
    match *entry {
        Entry::Fact { name, words, thing, at, note, source } => Input {
            name: self::words(name),
            words: spoken(words),
            from: Origin::Fact,
            at: Some(format!("{thing}.{at}")),
            note: note.map(str::to_owned),
            source: source.map(reference),
            ..blank
        },
        Entry::Parameter { key, word, reason } => Input {
            name: if word.is_empty() { key.to_owned() } else { format!("{key}, {word}") },
            from: Origin::Parameter,
            at: Some(key.to_owned()),
            note: Some(reason.to_owned()),
            ..blank
        },
        Entry::Assumption { of } => Input {
            name: of.name.clone(),
            from: Origin::Assumption,
            at: Some(of.key.clone()),
            note: Some(of.reason.clone()),
            ..blank
        },
        Entry::Application { name, words } => {
            Input { name: self::words(name), words: spoken(words), ..blank }
        }
    }
}

fn spoken(words: Words<'_>) -> Option<String> {
    match words {
        Words::None => None,
        Words::Text(text) | Words::Scaled(text, _) => Some(text.to_owned()),
        Words::List(items) => Some(listed(items)),
        Words::Needed(items, cases) => {
            let needed = items.iter().filter(|item| item.is_needed(cases));
            Some(listed(&needed.map(EffortItem::shown).collect::<Vec<_>>()))
        }
        Words::NotNeeded(items, cases) => {
            let others = items.iter().filter(|item| !item.is_needed(cases));
            Some(listed(&others.map(EffortItem::shown).collect::<Vec<_>>()))
        }
        Words::Credentials(items, cases) => {
            let asked = items.iter().filter(|item| item.is_asked(cases));
            Some(listed(&asked.map(|item| item.name.clone()).collect::<Vec<_>>()))
        }
    }
}

fn listed(items: &[String]) -> String {
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

fn reference(source: &Source) -> Reference {
    Reference {
        url: source.url.clone(),
        seen: source.seen,
        as_of: source.as_of.clone(),
        grade: source.grade.as_str().to_owned(),
    }
}

/// A scale of the method by its key.
fn scale(catalog: &Catalog, key: &str) -> Option<Scale> {
    let parameters = &catalog.criteria.value;
    match key {
        DEMAND => {
            let factors = &catalog.refinements.demand;
            let values = WORTH.map(|(word, of)| (word.to_owned(), of(factors)));
            Some(Scale {
                key: key.to_owned(),
                values: values.into_iter().collect(),
                reason: factors.reason.clone(),
            })
        }
        "run_mode_value" => Some(written(key, &parameters.run_mode_value, |mode| mode.as_str())),
        "ability_value" => Some(written(key, &parameters.ability_value, |ability| ability.as_str())),
        "data_place_value" => Some(written(key, &parameters.data_place_value, |place| place.as_str())),
        "lifecycle_value" => Some(written(key, &parameters.lifecycle_value, |state| state.as_str())),
        _ => None,
    }
}

fn written<K: Ord>(key: &str, scale: &ParameterBy<K>, word: fn(&K) -> &'static str) -> Scale {
    let values = scale.values.iter().map(|(key, value)| (word(key).to_owned(), *value));
    Scale { key: key.to_owned(), values: values.collect(), reason: scale.reason.clone() }
}
