//! The design document.

use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};
use siteplan_emit::documents::deployment_tdd;
use siteplan_model::design::{Design, Role};
use siteplan_model::file::{File, Part};
use siteplan_model::id::PlatformId;

use crate::{hostile, sample};

fn files(text: &str) -> Vec<File> {
    let file = |part: Part, path: &str, syntax: &str| File {
        part,
        path: path.to_owned(),
        contents: format!("{text}\n"),
        purpose: text.to_owned(),
        syntax: syntax.to_owned(),
    };
    vec![
        file(Part::Pipeline, ".github/workflows/deploy.yml", "yaml"),
        file(Part::Platform, "render.yaml", "yaml"),
    ]
}

#[test]
fn the_document_for_next_on_render() {
    insta::assert_snapshot!(deployment_tdd(&sample::next_on_render(), &files("name: Deploy")).contents);
}

#[test]
fn the_document_for_a_front_end_without_database_and_health_checks() {
    insta::assert_snapshot!(deployment_tdd(&sample::front_end_on_vercel(), &[]).contents);
}

const HEADINGS: &[&str] = &[
    "# Deployment Infrastructure - Technical Design Document",
    "## Executive Summary",
    "## 1. Platform Selection",
    "## 2. Deployment Architecture",
    "## 3. CI/CD Pipeline",
    "## 4. Environment Strategy",
    "## 5. Database Deployment",
    "## 6. Secrets Management",
    "## 7. Rollback Procedures",
    "## 8. Health Checks & Monitoring",
    "## 9. Costs",
    "## 10. Deployment Checklist",
    "## 11. Risks & Mitigations",
    "## 12. Future Considerations",
    "## Approval",
];

const ROWS: &[&str] = &[
    "**Date**",
    "**Author**",
    "**Status**: Draft",
    "**Deployment Platform**",
    "**Estimated Cost**",
    "**Deployment Complexity**",
    "**Deployment Time**",
    "**Key Decisions**",
    "**Chosen Platform**",
    "**Reasoning**",
    "**Alternatives Considered**",
    "**Official Documentation**",
    "**Application Type**",
    "**Architecture Diagram**",
    "**Components**",
    "- **App**",
    "- **Database**",
    "- **Cache**",
    "- **CDN**",
    "**Automation Level**",
    "**Workflow**",
    "**Pipeline Configuration**",
    "- Location: ",
    "- Triggers: ",
    "- Secrets required: ",
    "**Deployment Command**",
    "**Environments**",
    "**Environment Variables**",
    "**Database Type**",
    "**Hosting**",
    "**Migration Strategy**",
    "**Backup Strategy**",
    "**Secrets Storage**",
    "**Required Secrets**",
    "**Secret Rotation**",
    "**Access Control**",
    "- Who can view secrets: ",
    "- How to access: ",
    "**Rollback Decision Criteria**",
    "**Rollback Steps**",
    "**Rollback Time Target**",
    "**Health Check Endpoint**",
    "**Response Format**",
    "**Platform Health Check Configuration**",
    "**Monitoring** (see separate MONITORING_TDD.md)",
    "- Error tracking: ",
    "- Uptime: ",
    "- Performance: ",
    "**Monthly Cost Breakdown**",
    "- App hosting: ",
    "- Database: ",
    "- CI/CD: ",
    "- **Total**",
    "**Scaling Costs**",
    "- Current capacity: ",
    "- If double traffic: ",
    "- If 10x traffic: ",
    "Before deploying:",
    "After deploying:",
    "**Risk 1**",
    "- **Probability**",
    "- **Impact**",
    "- **Mitigation**",
    "**If scale increases**",
    "**If team grows**",
    "**Approved by**: not yet approved",
    "**Next steps**",
    "**Generated using deployment-tdd.md**",
    "**Last updated**",
];

#[test]
fn every_heading_and_row_of_the_workflow_is_there_in_its_order() {
    for design in samples() {
        let document = deployment_tdd(&design, &files("name: Deploy")).contents;
        let headings = document.lines().filter(|line| line.starts_with("## "));
        assert_eq!(document.lines().take(1).chain(headings).collect::<Vec<_>>(), HEADINGS);
        let mut at = 0;
        for row in ROWS {
            let found = document[at..]
                .find(&format!("\n{row}"))
                .unwrap_or_else(|| panic!("`{row}` is missing or out of order"));
            at += found + 1;
        }
        for placeholder in ["[X", "TODO", "TBD", "your-app", "[Your", "{{", "}}", "none\n**"] {
            assert!(!document.contains(placeholder), "{placeholder}");
        }
        assert!(!document.contains("\n\n\n"));
    }
}

fn samples() -> [Design; 3] {
    [sample::next_on_render(), sample::api_and_worker_on_ecs(), sample::front_end_on_vercel()]
}

fn written(change: impl FnOnce(&mut Design)) -> String {
    let mut design = sample::next_on_render();
    change(&mut design);
    deployment_tdd(&design, &[]).contents
}

#[test]
fn a_cache_is_paid_apart_from_the_hosting() {
    let document = written(|design| {
        let mut line = design.cost.lines[0].clone();
        "redis".clone_into(&mut line.component);
        "Key Value 256mb".clone_into(&mut line.item);
        design.cost.lines.push(line);
        let mut cache = design.topology.components[1].clone();
        "Redis".clone_into(&mut cache.name);
        cache.role = Role::Cache;
        cache.service = None;
        design.topology.components.push(cache);
    });
    assert!(document.contains("- Cache or queue: $7/month (Key Value 256mb)"), "{document}");
    let hosting = document.lines().find(|line| line.starts_with("- App hosting: ")).expect("a row");
    assert!(!hosting.contains("Key Value"), "{hosting}");
}

#[test]
fn an_endpoint_is_shown_only_where_there_is_one() {
    let workers = written(|design| design.health.path.clear());
    assert!(workers.contains("**Health Check Endpoint**: none, no component answers over HTTP"));
    assert!(!workers.contains("- Interval: ") && !workers.contains("\"status\": \"healthy\""));
    let pages = written(|design| "/".clone_into(&mut design.health.path));
    assert!(pages.contains("static files need no endpoint") && !pages.contains("to be written"));
}

#[test]
fn a_flip_shows_the_plain_name_of_its_platform() {
    let document = written(|design| {
        let id = PlatformId::new("digitalocean-app-platform");
        design.platform.would_change[0].then = id.clone();
        design.platform.names.insert(id, "DigitalOcean App Platform".to_owned());
    });
    assert!(document.contains("- With `app_type = frontend`: DigitalOcean App Platform."), "{document}");
}

#[test]
fn a_reason_that_names_the_platform_names_it_once() {
    let document = written(|design| {
        let id = PlatformId::new("fly");
        design.platform.would_change[0].then = id.clone();
        design.platform.names.insert(id, "Fly.io".to_owned());
        design.platform.would_change[0].because = "Fly.io then is ahead in `cost`".to_owned();
    });
    assert!(
        document.contains("- With `app_type = frontend`: Fly.io then is ahead in `cost`.\n"),
        "{document}"
    );
}

#[test]
fn what_nobody_wrote_yet_is_not_called_missing() {
    let document = written(|design| {
        design.application.planned = true;
        design.environments.variables.clear();
        design.secrets.required.clear();
    });
    assert!(document.contains("None yet: they come with the code that reads them"));
    assert!(!document.contains("None found"), "{document}");
}

/// Blocks, links, HTML and emphasis of a document; code spans and text are left out, as are links from `<https://…>`.
fn structure(document: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    Parser::new_ext(document, options)
        .filter_map(|event| match event {
            Event::Text(_)
            | Event::Code(_)
            | Event::End(_)
            | Event::Start(Tag::Link { link_type: LinkType::Autolink, .. }) => None,
            Event::Start(Tag::CodeBlock(_)) => Some("code block".to_owned()),
            other => Some(format!("{other:?}")),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_value_is_structure(text in hostile::text()) {
        for design in samples() {
            let plain = deployment_tdd(&hostile::everywhere(&design, "x"), &files("x"));
            let hostile = deployment_tdd(&hostile::everywhere(&design, &text), &files(&text));
            prop_assert_eq!(structure(&plain.contents), structure(&hostile.contents), "{}", hostile.contents);
        }
    }
}
