"""The database connection, shared by the web process and the worker."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.settings import get_settings


@cache
def get_engine() -> Engine:
    # pool_pre_ping: a database that restarted must not fail the next request.
    return create_engine(get_settings().database_url, pool_pre_ping=True)


def get_session() -> Iterator[Session]:
    with Session(get_engine()) as session:
        yield session
