//! Each target takes its own corpus, also where nothing is fuzzed.

type Target = fn(&[u8]);

const TARGETS: &[(&str, Target)] = &[
    ("readers", siteplan_fuzz::readers),
    ("structured", siteplan_fuzz::structured),
    ("dockerfile", siteplan_fuzz::dockerfile),
    ("shell", siteplan_fuzz::shell),
    ("tree", siteplan_fuzz::tree),
];

#[test]
fn every_corpus_is_taken() {
    for (name, target) in TARGETS {
        siteplan_fuzz::replay(name, *target);
    }
}
