//! The whole router, asked in memory: no port is opened.

use axum::{
    body::Body,
    http::{header, Method, Request, StatusCode},
};
use http_body_util::BodyExt;
use serde_json::{json, Value};
use tower::ServiceExt;

const TOKEN: &str = "test-token";

async fn send(request: Request<Body>) -> (StatusCode, Value) {
    let response = ledger::router(TOKEN.into()).oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    )
}

fn post(path: &str, token: &str, body: Value) -> Request<Body> {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

#[tokio::test]
async fn health_needs_no_token() {
    let request = Request::get("/health").body(Body::empty()).unwrap();
    assert_eq!(
        send(request).await,
        (StatusCode::OK, json!({ "status": "ok" }))
    );
}

#[tokio::test]
async fn a_calculation_needs_the_right_token() {
    let body = json!({ "amount": "1", "currency": "EUR" });
    let (wrong, _) = send(post("/v1/round", "guess", body.clone())).await;
    assert_eq!(wrong, StatusCode::UNAUTHORIZED);

    let mut request = post("/v1/round", TOKEN, body);
    request.headers_mut().remove(header::AUTHORIZATION);
    let (missing, _) = send(request).await;
    assert_eq!(missing, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn rounds_as_asked() {
    let body = json!({ "amount": "2.345", "currency": "EUR", "rounding": "half_up" });
    let answer = send(post("/v1/round", TOKEN, body)).await;
    assert_eq!(answer, (StatusCode::OK, json!({ "amount": "2.35" })));
}

#[tokio::test]
async fn splits_by_weight() {
    let body = json!({ "amount": "0.05", "currency": "USD", "weights": [3, 7] });
    let answer = send(post("/v1/split", TOKEN, body)).await;
    assert_eq!(
        answer,
        (StatusCode::OK, json!({ "parts": ["0.02", "0.03"] }))
    );
}

#[tokio::test]
async fn says_why_a_split_is_refused() {
    let body = json!({ "amount": "1.5", "currency": "JPY", "weights": [1] });
    let (status, answer) = send(post("/v1/split", TOKEN, body)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer["error"],
        "this currency has only 0 digits after the point"
    );
}

#[tokio::test]
async fn tells_by_how_much_a_posting_is_off() {
    let body = json!({ "lines": [{ "debit": "10.00" }, { "credit": "9.50" }] });
    let (status, answer) = send(post("/v1/balance", TOKEN, body)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer, json!({ "balanced": false, "difference": "0.50" }));
}
