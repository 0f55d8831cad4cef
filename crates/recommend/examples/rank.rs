//! Prints the ranking for every context answer of a planned application: `cargo run -p siteplan-recommend --example rank`.

use siteplan_catalog::Catalog;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, BudgetBand, Context, Expertise, ScaleBand};
use siteplan_model::survey::Survey;
use siteplan_recommend::{Inputs, recommend};

fn main() {
    let catalog = Catalog::embedded().unwrap_or_else(|error| panic!("{error}"));
    let survey = match std::env::var("SURVEY") {
        Ok(path) => serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap(),
        Err(_) => Survey::nothing(".", "planned"),
    };
    let brief = Brief::new(Date::constant(2026, 11, 25));
    let filter: Vec<String> = std::env::args().skip(1).collect();
    for app_type in AppType::ALL {
        for expertise in Expertise::ALL {
            for scale in ScaleBand::ALL {
                for budget in BudgetBand::ALL {
                    let name = format!("{app_type} {expertise} {scale} {budget}");
                    if !filter.iter().all(|word| word == "-s" || name.split(' ').any(|part| part == word)) {
                        continue;
                    }
                    let context = Context::of(*app_type, *expertise, *scale, *budget);
                    let inputs =
                        Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context };
                    let recommendation = recommend(inputs);
                    let shown: Vec<_> = recommendation
                        .options
                        .iter()
                        .map(|o| format!("{}({:?})", o.platform, o.confidence.level))
                        .collect();
                    println!("{name:<48} {}", shown.join(" "));
                    if filter.iter().any(|word| word == "-s") {
                        continue;
                    }
                    for (platform, values) in siteplan_recommend::values(inputs) {
                        let shown: Vec<_> = values
                            .iter()
                            .map(|(id, value, _)| format!("{} {value:.2}", id.as_str()))
                            .collect();
                        println!("   {:<26} {}", platform.as_str(), shown.join("  "));
                    }
                    for ranked in recommendation.ranking.iter().take(7) {
                        println!(
                            "   {:<26} {} support {:.2} wins {:.2} {}",
                            ranked.platform.as_str(),
                            if ranked.feasible { " " } else { "x" },
                            ranked.support,
                            ranked.wins,
                            ranked.monthly_usd.span()
                        );
                    }
                }
            }
        }
    }
}
