//! A stateless ledger calculator: rounds amounts, splits them without losing
//! a cent, and checks that the lines of a posting balance.

mod auth;
pub mod config;
pub mod money;

use axum::{
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
    Json, Router,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use money::{Currency, MoneyError, Rounding};

/// `/health` stays outside the token check, so that a load balancer can ask.
pub fn router(api_token: String) -> Router {
    Router::new()
        .route("/v1/round", post(round))
        .route("/v1/split", post(split))
        .route("/v1/balance", post(balance))
        .route_layer(middleware::from_fn_with_state(
            auth::ApiToken::new(api_token),
            auth::require_token,
        ))
        .route("/health", get(health))
}

impl IntoResponse for MoneyError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": self.to_string() }));
        (StatusCode::UNPROCESSABLE_ENTITY, body).into_response()
    }
}

async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok" }))
}

#[derive(Deserialize)]
struct RoundRequest {
    amount: Decimal,
    currency: Currency,
    #[serde(default)]
    rounding: Rounding,
}

#[derive(Serialize)]
struct Amount {
    amount: Decimal,
}

async fn round(Json(request): Json<RoundRequest>) -> Json<Amount> {
    let amount = money::round(request.amount, request.currency, request.rounding);
    Json(Amount { amount })
}

#[derive(Deserialize)]
struct SplitRequest {
    amount: Decimal,
    currency: Currency,
    weights: Vec<u32>,
}

#[derive(Serialize)]
struct Parts {
    parts: Vec<Decimal>,
}

async fn split(Json(request): Json<SplitRequest>) -> Result<Json<Parts>, MoneyError> {
    let parts = money::split(request.amount, request.currency, &request.weights)?;
    Ok(Json(Parts { parts }))
}

#[derive(Deserialize)]
struct BalanceRequest {
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    debit: Decimal,
    #[serde(default)]
    credit: Decimal,
}

#[derive(Serialize)]
struct Balance {
    balanced: bool,
    difference: Decimal,
}

async fn balance(Json(request): Json<BalanceRequest>) -> Result<Json<Balance>, MoneyError> {
    let lines = request.lines.iter().map(|line| (line.debit, line.credit));
    let difference = money::difference(lines)?;
    Ok(Json(Balance {
        balanced: difference.is_zero(),
        difference,
    }))
}
