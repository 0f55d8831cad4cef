//! Code that a runtime at the edge calls for each request.

use siteplan_model::survey::{ServiceKind, Survey};

use crate::tree::surveyed;

const PACKAGE: &str = r#"{"name": "mail-worker", "main": "src/index.js"}"#;
const MODULE: &str = "export default {\n  async fetch(request, env) { return new Response('a'); },\n};\n";
const LISTENER: &str = "addEventListener('fetch', event => { event.respondWith(handle(event.request)); });\n";

fn survey(code: &str, more: &[(&str, &str)]) -> Survey {
    let files = [("mail-worker/package.json", PACKAGE), ("mail-worker/src/index.js", code)];
    surveyed(&[&files, more].concat())
}

#[test]
fn a_handler_of_requests_is_a_server_even_where_its_runtime_calls_it_a_worker() {
    let kind = |code: &str| survey(code, &[]).services.first().map(|service| service.kind);
    assert_eq!(kind(MODULE), Some(ServiceKind::Api));
    assert_eq!(kind(LISTENER), Some(ServiceKind::Api));
    let page =
        "self.addEventListener('fetch', event => { event.respondWith(caches.match(event.request)); });\n";
    assert_ne!(kind(page), Some(ServiceKind::Api), "a page's service worker serves nothing");
}

#[test]
fn a_handler_is_no_process_and_what_ships_as_an_image_is_one() {
    let found = |code: &str, more: &[(&str, &str)]| {
        let handlers = survey(code, more).request_handlers;
        let places = handlers.into_iter().map(|fact| (fact.value, fact.evidence[0].path.clone()));
        places.collect::<Vec<_>>()
    };
    let place = ("mail-worker".to_owned(), "mail-worker/src/index.js".to_owned());
    for code in [MODULE, LISTENER] {
        assert_eq!(found(code, &[]), std::slice::from_ref(&place));
    }
    let process = "require('http').createServer((_, answer) => answer.end()).listen(3000);\n";
    assert!(found(process, &[]).is_empty());
    let image = ("mail-worker/Dockerfile", "FROM oven/bun\nCOPY . .\nCMD [\"bun\", \"src/index.js\"]\n");
    assert!(found(MODULE, &[image]).is_empty(), "its image starts a process");
}
