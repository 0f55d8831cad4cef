//! A machine whose memory is nearly full is too small, on every platform that is paid by size.

use siteplan_catalog::platform::Billing;
use siteplan_cost::usage::Key;
use siteplan_cost::{Choices, Depth, Pricer, Quote};
use siteplan_model::brief::{AppType, BudgetBand, Context, EnvironmentSet, ScaleBand};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::id::PlatformId;
use siteplan_model::survey::{LanguageFact, Survey};

use crate::properties::catalog_once;
use crate::{choices, context};

/// An application of one language that nobody wrote yet.
fn of_language(language: &str) -> Survey {
    let mut survey = crate::properties::demanding();
    survey.languages = vec![LanguageFact {
        fact: Fact::new(language.to_owned(), Certainty::High, Vec::new()),
        primary: true,
        version: None,
    }];
    survey
}

fn placed(survey: &Survey, platform: &PlatformId) -> Quote {
    placed_under(BudgetBand::Enterprise, survey, platform)
}

fn placed_under(budget: BudgetBand, survey: &Survey, platform: &PlatformId) -> Quote {
    let catalog = catalog_once();
    let context = Context { budget, ..context(AppType::FullStack, ScaleBand::Low) };
    let choices = Choices { environments: EnvironmentSet::Production, ..choices() };
    let pricer = Pricer::new(catalog, survey, &context, &choices);
    pricer.quote(platform, Depth::Full).expect("a platform of the catalog")
}

#[test]
fn no_machine_is_fuller_than_it_may_be() {
    let catalog = catalog_once();
    let fill = catalog.usage.get(Key::MemoryFill.as_str()).expect("an assumption").values[1];
    let memory = catalog.usage.get(Key::MemoryMb.as_str()).expect("an assumption");
    let mut seen = 0;
    for language in ["ruby", "python", "typescript", "java", "rust"] {
        let need = memory.by_language.get(language).copied().unwrap_or(memory.values)[1];
        for (id, platform) in &catalog.platforms {
            let shared = platform.compute.billing.value == Billing::Server;
            for component in placed(&of_language(language), id).components {
                let host = &catalog.platforms[&component.platform];
                let size = host.sizes.iter().find(|size| size.id == component.size).expect("a size");
                if size.for_adapters || size.vcpu == 0.0 || shared {
                    continue;
                }
                seen += 1;
                let free = f64::from(component.memory_mb) * fill >= need;
                assert!(free, "{id} {language}: {need} MB in {}", component.memory_mb);
            }
        }
    }
    assert!(seen > 50, "{seen} machines");
}

#[test]
fn a_process_of_rails_does_not_fill_half_a_gigabyte() {
    let render = PlatformId::new("render");
    let memory = |survey: &Survey| placed(survey, &render).components[0].memory_mb;
    assert!(memory(&of_language("ruby")) > 512);
    assert_eq!(memory(&of_language("python")), 512);
}

/// The machine that costs nothing has half a gigabyte: whoever may spend nothing lives with a restart now and then.
#[test]
fn where_nothing_may_be_spent_a_machine_may_be_full() {
    let render = PlatformId::new("render");
    let free = placed_under(BudgetBand::Free, &of_language("ruby"), &render);
    assert_eq!(free.components[0].memory_mb, 512);
    let said = |quote: &Quote| quote.report.assumptions.iter().any(|row| row.key == "memory_fill");
    assert!(!said(&free) && said(&placed(&of_language("ruby"), &render)));
}

#[test]
fn what_a_container_was_given_leaves_its_margin_already() {
    let mut survey = of_language("ruby");
    survey.needs.memory.value = Some(512);
    let render = PlatformId::new("render");
    assert_eq!(placed(&survey, &render).components[0].memory_mb, 512);
}
