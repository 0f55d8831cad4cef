"""Settings, all of them from the environment (or a local .env file)."""

from functools import cache
from typing import Annotated

from pydantic import AfterValidator, HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def with_driver(url: str) -> str:
    """Name the driver in URLs as hosts hand them out.

    They say postgres:// or postgresql://; SQLAlchemy would refuse the first
    and look for the old psycopg2 on the second.
    """
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", env_ignore_empty=True
    )

    database_url: Annotated[str, AfterValidator(with_driver)]
    redis_url: str
    api_key: SecretStr
    # Where the worker announces finished tasks; nowhere when left out.
    webhook_url: HttpUrl | None = None
    log_level: str = "INFO"


@cache
def get_settings() -> Settings:
    # Read on first use rather than on import, so that tests and migrations
    # can set the environment first.
    return Settings()
