//! Settings, all of them from the environment.

use std::env;

const DEFAULT_PORT: u16 = 8080;

pub struct Config {
    pub port: u16,
    pub api_token: String,
}

impl Config {
    pub fn from_env() -> Result<Self, String> {
        let port = match env::var("PORT") {
            Ok(text) => text
                .parse()
                .map_err(|_| format!("PORT must be a port number, not {text:?}"))?,
            Err(_) => DEFAULT_PORT,
        };
        // No default: a service that starts without its token would be open.
        let api_token = env::var("API_TOKEN")
            .ok()
            .filter(|token| !token.is_empty())
            .ok_or("API_TOKEN must be set")?;
        Ok(Self { port, api_token })
    }
}
