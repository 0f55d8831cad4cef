//! The platforms that were chosen → the best list that looks at the type of the application alone, fitted to these very answers.
//!
//! It is what understanding an application must beat: it knows the answers and nothing of the application.

use std::collections::BTreeMap;

use super::place::{Place, SHOWN};

/// How many repositories the list names within its first 1, 2, … platforms. Greedy: the platform that serves most of those left.
pub(crate) fn within(places: &[&Place]) -> [usize; SHOWN] {
    let mut by_type: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for place in places {
        by_type.entry(&place.repository.app_type).or_default().push(place);
    }
    let mut within = [0; SHOWN];
    for mut left in by_type.into_values() {
        let mut served = 0;
        for total in &mut within {
            if let Some(platform) = most_chosen(&left) {
                let before = left.len();
                left.retain(|place| !place.known.contains(&platform));
                served += before - left.len();
            }
            *total += served;
        }
    }
    within
}

fn most_chosen(places: &[&Place]) -> Option<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for platform in places.iter().flat_map(|place| &place.known) {
        *counts.entry(platform).or_default() += 1;
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(platform, _)| platform.clone())
}

#[cfg(test)]
mod tests {
    use super::within;
    use crate::choices::place::Place;

    fn chosen(app_type: &str, platforms: &[&str]) -> Place {
        Place::for_tests(app_type, platforms)
    }

    #[test]
    fn the_list_serves_most_first() {
        let places = [
            chosen("web-api", &["a"]),
            chosen("web-api", &["a", "b"]),
            chosen("web-api", &["b"]),
            chosen("web-api", &["c"]),
            chosen("workers", &["c"]),
        ];
        let all: Vec<&Place> = places.iter().collect();
        assert_eq!(within(&all), [3, 4, 5, 5], "a and c first, then b, then c for web APIs too");
    }
}
