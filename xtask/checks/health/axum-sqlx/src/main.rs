mod health;

use std::time::Duration;

use axum::Router;
use sqlx::postgres::PgPoolOptions;

#[tokio::main]
async fn main() {
    let address = std::env::var("DATABASE_URL").expect("DATABASE_URL is set");
    let options = PgPoolOptions::new().max_connections(4).acquire_timeout(Duration::from_secs(1));
    let pool = options.connect_lazy(&address).expect("DATABASE_URL is an address");
    let port = std::env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    let router: Router = Router::new().merge(health::routes(pool.clone()));
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.expect("the port is free");
    axum::serve(listener, router).await.expect("it serves");
}
