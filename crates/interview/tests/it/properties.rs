//! What holds whatever is answered.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest};
use siteplan_interview::{Interview, Step};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::survey::Survey;

use crate::fixture::{brief, catalog, planned, recommend, shop, site};

/// One thing that a front end can do.
#[derive(Clone, Debug)]
enum Move {
    Choose(usize),
    Say(Gate, String),
    Propose(usize),
    Back,
    Reopen(Gate),
    Defaults,
    Set(String, String),
    SaveAndResume,
}

fn gate() -> impl Strategy<Value = Gate> {
    (0..Gate::ALL.len()).prop_map(|index| Gate::ALL[index])
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let key = prop_oneof!["[a-z_]{1,12}", gate().prop_map(|gate| gate.key().to_owned())];
    let word = prop_oneof!["\\PC{0,12}", "[0-9]{1,6}[kKmM]?", "[A-Z_, ]{0,20}"];
    let one = prop_oneof![
        8 => any::<usize>().prop_map(Move::Choose),
        2 => (gate(), word.clone()).prop_map(|(gate, text)| Move::Say(gate, text)),
        1 => any::<usize>().prop_map(Move::Propose),
        3 => proptest::strategy::Just(Move::Back),
        1 => gate().prop_map(Move::Reopen),
        1 => proptest::strategy::Just(Move::Defaults),
        1 => (key, word).prop_map(|(key, value)| Move::Set(key, value)),
        1 => proptest::strategy::Just(Move::SaveAndResume),
    ];
    vec(one, 0..30)
}

fn survey() -> impl Strategy<Value = Survey> {
    prop_oneof![
        proptest::strategy::LazyJust::new(planned),
        proptest::strategy::LazyJust::new(shop),
        proptest::strategy::LazyJust::new(site),
    ]
}

/// One of the choices of the next question, if there is one.
fn choose(interview: &mut Interview<'_>, index: usize, provenance: Provenance, channel: Option<Channel>) {
    let Step::Ask(prompt) = interview.next() else { return };
    let choices: Vec<String> = prompt.choices().map(|choice| choice.value.clone()).collect();
    let answer = match choices.len() {
        0 => prompt.preselected().to_owned(),
        count => choices[index % count].clone(),
    };
    interview.answer_to(&prompt.subject, &answer, provenance, channel).expect("a choice is an answer");
}

proptest! {
    #[test]
    fn no_sequence_of_moves_panics_and_every_one_reaches_the_end(survey in survey(), moves in moves()) {
        let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
        for one in moves {
            match one {
                Move::Choose(index) => choose(&mut interview, index, Provenance::Person, Some(Channel::Terminal)),
                Move::Propose(index) => choose(&mut interview, index, Provenance::Assistant, None),
                Move::Say(gate, text) => {
                    let _ = interview.answer(gate, &text, Provenance::Person, Channel::Web);
                }
                Move::Back => {
                    interview.back();
                }
                Move::Reopen(gate) => interview.reopen(gate),
                Move::Defaults => interview.accept_defaults(),
                Move::Set(key, value) => {
                    let _ = interview.set(&key, &value);
                }
                Move::SaveAndResume => {
                    let saved = interview.into_brief();
                    interview = Interview::new(catalog(), &survey, saved, &recommend).expect("a saved brief is good");
                }
            }
            prop_assert!(interview.brief().channels.keys().all(|gate| interview.brief().provenance.contains_key(gate)));
        }
        let mut steps = 0;
        while let Step::Ask(prompt) = interview.next() {
            prop_assert!(prompt.number >= 1 && prompt.number <= prompt.of);
            let answer = prompt.preselected().to_owned();
            let taken = interview.answer_to(&prompt.subject, &answer, Provenance::Person, Channel::Terminal);
            prop_assert!(taken.is_ok(), "{:?}: {}", prompt.subject, taken.unwrap_err());
            steps += 1;
            prop_assert!(steps <= 2 * Gate::ALL.len(), "the interview does not end");
        }
        let decided: Vec<Gate> = interview.decisions().iter().filter_map(|decision| decision.subject.gate()).collect();
        prop_assert_eq!(decided, interview.gates());
    }

    #[test]
    fn accepting_defaults_and_replaying_change_nothing_further(survey in survey(), moves in vec(any::<usize>(), 0..8)) {
        let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
        for index in moves {
            choose(&mut interview, index, Provenance::Person, Some(Channel::Terminal));
        }
        interview.accept_defaults();
        let once = interview.brief().clone();
        interview.accept_defaults();
        prop_assert_eq!(interview.brief(), &once);
        prop_assert_eq!(interview.next(), Step::Done);
        let replayed = Interview::new(catalog(), &survey, once.clone(), &recommend).unwrap();
        prop_assert!(replayed.replayed_changes().is_empty(), "{:?}", replayed.replayed_changes());
        prop_assert_eq!(replayed.brief(), &once);
    }

    #[test]
    fn one_step_back_undoes_one_answer(survey in survey(), before in vec(any::<usize>(), 0..12), last in any::<usize>()) {
        let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
        for index in before {
            choose(&mut interview, index, Provenance::Person, Some(Channel::Terminal));
        }
        let Step::Ask(prompt) = interview.next() else { return Ok(()) };
        let saved = interview.brief().clone();
        choose(&mut interview, last, Provenance::Person, Some(Channel::Terminal));
        prop_assert_eq!(interview.back(), Some(prompt.subject));
        prop_assert_eq!(interview.brief(), &saved);
    }

    #[test]
    fn a_refused_secret_is_never_repeated(secret in "[a-z]{4}[A-Za-z0-9+/]{12,30}") {
        let survey = planned();
        let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
        let given = format!("DATABASE_URL, {secret}");
        let error = interview.answer(Gate::RequiredSecrets, &given, Provenance::Person, Channel::Terminal).unwrap_err();
        let told = format!("{error} {error:?}");
        prop_assert!(!told.contains(&secret));
    }
}
