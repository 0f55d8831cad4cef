//! The terminal with a script in the place of a person.

use std::collections::VecDeque;
use std::io;

use siteplan_catalog::Catalog;
use siteplan_interview::Interview;
use siteplan_model::Date;
use siteplan_model::brief::{Brief, Context};
use siteplan_model::gate::{Gate, Provenance};
use siteplan_model::recommendation::{NotWorthAsking, Recommendation};
use siteplan_model::survey::Survey;

use super::ask::{Asker, Field, Menu, Picked, Written};
use super::drive::{Ending, drive};
use super::show;

/// What the script does next.
enum Line {
    /// Takes the row that begins so.
    Row(&'static str),
    /// Takes the row that is offered first.
    Enter,
    /// Writes a line.
    Write(&'static str),
    Escape,
    Interrupt,
}

/// Plays lines, and takes the offered row once they are used up.
struct Script {
    lines: VecDeque<Line>,
    headings: Vec<String>,
}

impl Script {
    fn new(lines: impl IntoIterator<Item = Line>) -> Self {
        Self { lines: lines.into_iter().collect(), headings: Vec::new() }
    }
}

impl Asker for Script {
    fn pick(&mut self, menu: &Menu) -> io::Result<Picked> {
        self.headings.push(menu.heading.clone());
        assert!(menu.start < menu.rows.len(), "{menu:?}");
        Ok(match self.lines.pop_front() {
            Some(Line::Row(beginning)) => {
                let index = menu.rows.iter().position(|row| row.starts_with(beginning));
                Picked::Row(index.unwrap_or_else(|| panic!("no row `{beginning}` in {menu:?}")))
            }
            Some(Line::Write(text)) => panic!("`{text}` at {menu:?}"),
            Some(Line::Escape) => Picked::Escape,
            Some(Line::Interrupt) => Picked::Interrupt,
            Some(Line::Enter) | None => Picked::Row(menu.start),
        })
    }

    fn write(&mut self, field: &Field) -> io::Result<Written> {
        Ok(match self.lines.pop_front() {
            Some(Line::Write(text)) => Written::Line(text.to_owned()),
            Some(Line::Escape) => Written::Escape,
            _ => panic!("nothing to write at {field:?}"),
        })
    }
}

fn survey() -> Survey {
    let fact = |value: serde_json::Value| serde_json::json!({"value": value, "certainty": "low", "evidence": [], "runner_up": null});
    let place = serde_json::json!([{"path": "package.json", "line": 14, "seen": "next\u{1b}[2J"}]);
    let no = || fact(false.into());
    serde_json::from_value(serde_json::json!({
        "schema": "siteplan/survey@1", "root": ".", "name": fact("shop".into()), "files": 1204,
        "app_type": {"value": "full-stack", "certainty": "high", "evidence": place, "runner_up": null},
        "languages": [{"value": "typescript", "certainty": "high", "evidence": [], "runner_up": null, "primary": true,
                       "version": "5.9"}],
        "frameworks": [], "package_manager": null, "services": [], "caches": [], "migrations": null,
        "databases": [{"value": "postgres", "certainty": "high", "evidence": [], "runner_up": null, "version": null,
                       "optional": false}],
        "containerised": {"value": false, "certainty": "high", "evidence": [], "runner_up": null, "production": false},
        "needs": {"websockets": no(), "workers": no(), "cron": no(), "long_requests": no(), "file_storage": no(),
                  "gpu": no(), "memory": fact(serde_json::Value::Null)},
        "commands": {}, "port": null, "health_endpoint": null, "ci": [], "code_host": null, "default_branch": null,
        "environment": [
            {"name": "DATABASE_URL", "secret": true, "required": true, "when": "run", "default": null, "evidence": []},
            {"name": "API_KEY", "secret": true, "required": true, "when": "run", "default": null, "evidence": []}
        ],
        "platforms_in_use": [], "proposals": {}, "conflicts": [], "missing": ["health_endpoint"], "skipped": [],
    }))
    .unwrap()
}

/// Two options; with three environments the first is beyond a small budget.
fn recommend(brief: &Brief, context: &Context) -> Recommendation {
    let copies = brief.answers.environments.map_or(2, |set| set.names().len());
    let option = |id: &str, name: &str, dollars: usize| {
        let monthly = dollars * copies;
        let within = context
            .ceiling()
            .is_none_or(|ceiling| ceiling.to_f64() >= f64::from(u32::try_from(monthly).unwrap()));
        serde_json::json!({
            "platform": id, "name": name, "philosophy": "managed-paas", "current": false, "placement": [],
            "feasible": true, "violates": [], "best_for": ["Everything"], "pros": ["Simple"], "cons": ["Dear"],
            "avoid_if": ["You are in a hurry"], "reasoning": "High confidence: because.", "complexity": "low",
            "confidence": {"level": "high", "support": 0.83, "wins": 0.61,
                           "conditions": [{"when": {"budget": "free"}, "level": "low"}]},
            "effort": {"resources": 1, "files": 1, "credentials": 1, "tools": 0}, "reference": "https://example.org",
            "monthly_usd": {"low": monthly, "expected": monthly, "high": monthly}, "price_note": "From $7",
            "within_budget": within,
        })
    };
    serde_json::from_value(serde_json::json!({
        "schema": "siteplan/recommendation@1", "brief": brief,
        "options": [option("render", "Render", 20), option("vercel", "Vercel", 10)],
        "recommended": "render", "because": "it leads", "certainty": "confident", "certainty_because": "it leads everywhere",
        "would_change": [{"if": {"budget": "free"}, "then": "vercel", "because": "Render is not free"}],
        "excluded": [{"platform": "heroku", "constraint": "budget", "because": "about $90", "relax": "$90",
                      "source": "https://example.org"}],
        "worth_asking": [],
        "ranking": [{"platform": "heroku", "name": "Heroku", "feasible": false, "level": "low", "support": 0.0, "wins": 0.0,
                     "feasible_with": {"by": {"max_usd_per_month": "90"}, "words": "$90 a month", "size": 1.0},
                     "monthly_usd": {"low": 90, "expected": 90, "high": 90}}],
    }))
    .unwrap()
}

/// Plays a script against a new interview; returns how it ended, the Brief, the headings and the screen.
fn play(lines: impl IntoIterator<Item = Line>) -> (Ending, Brief, Vec<String>, String) {
    let (catalog, survey) = (Catalog::embedded().unwrap(), survey());
    let brief = Brief::new(Date::constant(2026, 11, 22));
    let mut interview = Interview::new(&catalog, &survey, brief, &recommend).unwrap();
    let mut script = Script::new(lines);
    let mut screen = Vec::new();
    let ending = drive(&mut interview, &Gate::ALL, &mut script, &mut screen).unwrap();
    assert!(script.lines.is_empty(), "the script was not played to its end");
    let screen = anstream::adapter::strip_str(&String::from_utf8(screen).unwrap()).to_string();
    (ending, interview.into_brief(), script.headings, screen)
}

#[test]
fn pressing_enter_takes_what_is_proposed_or_stated() {
    let (ending, brief, headings, screen) = play([]);
    assert_eq!(ending, Ending::Answered);
    assert_eq!(headings[1], "2 of 13 · What is your deployment expertise level?");
    assert_eq!(brief.provenance[&Gate::AppType], Provenance::Detected);
    assert_eq!(brief.provenance[&Gate::Platform], Provenance::Person);
    assert_eq!(brief.answers.platform.unwrap().as_str(), "render");
    assert_eq!(brief.answers.required_secrets.unwrap(), ["DATABASE_URL", "API_KEY"]);
    assert!(screen.contains("(package.json:14)"), "{screen}");
    assert!(!screen.contains('\u{1b}'), "the repository cannot steer the terminal");
    assert!(screen.contains("A  Render") && screen.contains("recommended"), "{screen}");
}

#[test]
fn one_goes_back_asks_why_and_answers_otherwise() {
    let (_, brief, headings, screen) = play([
        Line::Row("Monolith"),
        Line::Row("← back"),
        Line::Row("Web API"),
        Line::Row("? why"),
        Line::Row("Advanced"),
    ]);
    assert_eq!(brief.answers.app_type.unwrap().as_str(), "web-api");
    assert_eq!(brief.answers.expertise.unwrap().as_str(), "advanced");
    assert!(headings[2].starts_with("1 of "), "{headings:?}");
    assert!(screen.contains("Count the person who will be called"), "{screen}");
}

#[test]
fn a_number_another_platform_and_a_different_list_are_answers() {
    let (_, brief, _, screen) = play([
        Line::Enter,
        Line::Enter,
        Line::Row("a number"),
        Line::Escape,
        Line::Row("a number"),
        Line::Write("many"),
        Line::Row("a number"),
        Line::Write("800"),
        Line::Enter,
        Line::Row("another one"),
        Line::Row("Railway"),
    ]);
    assert_eq!(brief.answers.users, Some(800));
    assert_eq!(brief.answers.platform.unwrap().as_str(), "railway");
    assert!(screen.contains("! `many` is no answer to `scale`"), "{screen}");
}

#[test]
fn a_secret_is_refused_and_never_shown() {
    let before = (0..11).map(|_| Line::Enter);
    let list = [Line::Row("a different list"), Line::Write("API_KEY=hunter2"), Line::Row("none")];
    let (_, brief, _, screen) = play(before.chain(list));
    assert_eq!(brief.answers.required_secrets, Some(Vec::new()));
    assert!(screen.contains("contains `=`") && !screen.contains("hunter2"), "{screen}");
}

#[test]
fn an_answer_that_breaks_the_budget_can_be_taken_back_at_once() {
    let before = || (0..7).map(|_| Line::Enter);
    let (_, brief, headings, screen) =
        play(before().chain([Line::Row("Dev"), Line::Row("← back"), Line::Row("Production")]));
    assert!(screen.contains("above the ceiling of $50"), "{screen}");
    assert!(headings.contains(&"Keep this answer?".to_owned()), "{headings:?}");
    assert_eq!(brief.answers.environments.unwrap().as_str(), "production");
    let (_, brief, _, _) = play(before().chain([Line::Row("Dev"), Line::Row("keep it")]));
    assert_eq!(brief.answers.environments.unwrap().as_str(), "dev-staging-production");
}

#[test]
fn one_may_leave_at_any_time_with_what_was_answered() {
    let (ending, brief, _, _) = play([Line::Enter, Line::Escape]);
    assert_eq!(ending, Ending::Left);
    assert!(brief.answers.app_type.is_some() && brief.answers.expertise.is_none());
    assert_eq!(play([Line::Interrupt]).0, Ending::Interrupted);
}

#[test]
fn the_first_screen_shows_what_was_found_and_where() {
    let catalog = Catalog::embedded().unwrap();
    let screen = anstream::adapter::strip_str(&show::survey_at(&catalog, &survey(), 100)).to_string();
    let lines: Vec<String> =
        screen.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "Surveyed 1,204 files",
        "full-stack application TypeScript 5.9 package.json:14",
        "data PostgreSQL",
        "environment 2 variables, 2 of them secret",
        "not found health endpoint, workers, cron, WebSockets",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line}\n{screen}");
    }
}

/// The answers of a beginner with a small interface.
fn small_api() -> Context {
    Context::of(
        siteplan_model::brief::AppType::WebApi,
        siteplan_model::brief::Expertise::Beginner,
        siteplan_model::brief::ScaleBand::Low,
        siteplan_model::brief::BudgetBand::Small,
    )
}

#[test]
fn an_option_is_shown_with_everything_that_is_known_of_it() {
    let brief = Brief::new(Date::constant(2026, 11, 22));
    let context = small_api();
    let shown = show::recommendation_at(&recommend(&brief, &context), &[], 100);
    let shown = anstream::adapter::strip_str(&shown).to_string();
    for part in [
        "Best for",
        "Pros",
        "Cons",
        "Avoid if",
        "Reasoning",
        "$40 a month for all environments",
        "Low: 1 thing to create, 1 file to write, 1 credential to set, no tool to install",
        "https://example.org",
        "It leads everywhere.",
        "if budget = free  → Vercel: Render is not free",
        "Heroku: about $90 (budget); feasible with $90 a month",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
}

#[test]
fn at_every_width_a_reason_is_wrapped_and_nothing_is_said_twice() {
    let brief = Brief::new(Date::constant(2026, 11, 22));
    let context = small_api();
    let mut recommendation = recommend(&brief, &context);
    let reason = "Vercel is ahead in `fit`, `maturity` and `team`, which then weigh more; it then lags less in `reach` than before";
    recommendation.would_change[0].because = reason.to_owned();
    recommendation.would_change[0].when =
        [("environments".to_owned(), "preview-staging-production".to_owned())].into();
    recommendation.options[1].name =
        "Vercel (Functions and Fluid compute) + PlanetScale for PostgreSQL".to_owned();
    let broken = recommendation.excluded[0].clone();
    recommendation.options[1].violates = vec![broken];
    recommendation.options[1].feasible_with =
        recommendation.ranking.iter().find_map(|one| one.feasible_with.clone());
    assert!(recommendation.options[1].feasible_with.is_some());
    for width in [60, 80, 100, 110] {
        let shown = show::recommendation_at(&recommendation, &[], width);
        let shown = anstream::adapter::strip_str(&shown).to_string();
        assert!(!shown.contains('…'), "at {width}\n{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= width), "at {width}\n{shown}");
        let first = shown.split("A  Render  managed").next().unwrap();
        let words = first.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(reason), "at {width}\n{first}");
        let block = shown.split("B  Vercel").nth(2).unwrap();
        assert_eq!(
            block.split("What would change it").next().unwrap().matches("Feasible").count(),
            1,
            "{block}"
        );
    }
}

/// The same options, with a region that matters until it is known.
fn refining(brief: &Brief, context: &Context) -> Recommendation {
    let mut recommendation = recommend(brief, context);
    if !brief.settings.contains_key("regions") {
        recommendation.worth_asking.push("regions".to_owned());
    }
    let because = "no answer changes the recommendation: Render leads with high confidence".to_owned();
    recommendation.not_worth_asking = vec![
        NotWorthAsking { key: "compliance".to_owned(), because: because.clone() },
        NotWorthAsking { key: "team_size".to_owned(), because },
    ];
    recommendation
}

#[test]
fn a_refinement_is_asked_before_the_platform_and_the_others_are_said_not_to_be_worth_it() {
    let (catalog, survey) = (Catalog::embedded().unwrap(), survey());
    let brief = Brief::new(Date::constant(2026, 11, 25));
    let mut interview = Interview::new(&catalog, &survey, brief, &refining).unwrap();
    let lines = [
        Line::Enter,
        Line::Enter,
        Line::Enter,
        Line::Enter,
        Line::Row("Europe"),
        Line::Row("← back"),
        Line::Row("several"),
        Line::Write("europe, mars"),
        Line::Row("several"),
        Line::Write("europe, asia"),
    ];
    let mut script = Script::new(lines);
    let mut screen = Vec::new();
    drive(&mut interview, &Gate::ALL, &mut script, &mut screen).unwrap();
    let screen = anstream::adapter::strip_str(&String::from_utf8(screen).unwrap()).to_string();
    assert_eq!(script.headings[4], "would decide · Where must the application and its data be?");
    assert!(script.headings[5].contains("Which platform"), "{:?}", script.headings);
    let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("is no value of the setting `regions`"), "{screen}");
    assert!(
        words.contains("Not worth asking: compliance, team size: no answer changes the recommendation"),
        "{screen}"
    );
    assert_eq!(interview.brief().settings["regions"], "europe,asia");
    assert_eq!(interview.brief().setting_provenance["regions"], Provenance::Person);
}
