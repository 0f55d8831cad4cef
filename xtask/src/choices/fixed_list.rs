//! The platforms that were chosen → the best list that looks at the type of the application alone.
//!
//! Fitted to these very answers it is what understanding an application must beat: it knows the answers and nothing of the
//! application. Fitted to all answers but the one it is asked about, it is what somebody could know who surveyed others.

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

/// The same for a list that is made anew for each repository, from the choices of all others of its type.
pub(crate) fn within_without_itself(places: &[&Place]) -> [usize; SHOWN] {
    let mut within = [0; SHOWN];
    for (index, place) in places.iter().enumerate() {
        let others = places.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| *other);
        let mut left: Vec<&Place> =
            others.filter(|other| other.repository.app_type == place.repository.app_type).collect();
        let mut found = false;
        for total in &mut within {
            if let Some(platform) = most_chosen(&left) {
                found |= place.known.contains(&platform);
                left.retain(|other| !other.known.contains(&platform));
            }
            *total += usize::from(found);
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
    use super::{within, within_without_itself};
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
    #[test]
    fn a_list_without_the_repository_does_not_know_its_answer() {
        let places = [
            chosen("web-api", &["a"]),
            chosen("web-api", &["a"]),
            chosen("web-api", &["b"]),
            chosen("workers", &["c"]),
        ];
        let all: Vec<&Place> = places.iter().collect();
        assert_eq!(within(&all), [3, 4, 4, 4]);
        assert_eq!(
            within_without_itself(&all),
            [2, 2, 2, 2],
            "nobody else chose `b`, or a platform for workers"
        );
    }
}
