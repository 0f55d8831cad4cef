import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from app.db import get_engine
from app.settings import with_driver


def test_models_and_migrations_agree(session: object, alembic: Config) -> None:
    command.check(alembic)


def test_high_priorities_become_urgent(alembic: Config) -> None:
    if get_engine().dialect.name != "sqlite":
        # Revision 0003 can't be undone, so this needs a database of its own.
        pytest.skip("needs an empty database")
    command.upgrade(alembic, "0002")
    with get_engine().begin() as connection:
        connection.execute(
            text("INSERT INTO tasks (title, priority) VALUES ('a','high'), ('b','low')")
        )
    command.upgrade(alembic, "head")
    with get_engine().connect() as connection:
        rows = connection.execute(text("SELECT title, urgent FROM tasks ORDER BY id"))
        assert [tuple(row) for row in rows] == [("a", 1), ("b", 0)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://h/d", "postgresql+psycopg://h/d"),
        ("postgresql://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:///x.db", "sqlite:///x.db"),
    ],
)
def test_database_urls_get_their_driver(given: str, expected: str) -> None:
    assert with_driver(given) == expected
