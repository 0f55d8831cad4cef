"""Every test runs on a freshly migrated database and needs no server.

The database is an SQLite file, or the one in TEST_DATABASE_URL, which is
emptied between tests. The queue is a plain list.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.db import get_engine
from app.jobs import get_announcer
from app.main import app
from app.models import Base
from app.settings import get_settings

ROOT = Path(__file__).parent.parent
API_KEY = "test-key"


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    sqlite = f"sqlite:///{tmp_path}/test.db"
    monkeypatch.setenv("DATABASE_URL", os.environ.get("TEST_DATABASE_URL", sqlite))
    monkeypatch.setenv("REDIS_URL", "redis://unused.invalid")
    monkeypatch.setenv("API_KEY", API_KEY)
    # Empty rather than removed: a developer's .env must not leak in either.
    monkeypatch.setenv("WEBHOOK_URL", "")
    get_settings.cache_clear()
    get_engine.cache_clear()
    yield
    get_engine().dispose()


@pytest.fixture
def alembic(settings: None) -> Config:
    return Config(str(ROOT / "alembic.ini"))


@pytest.fixture
def session(alembic: Config) -> Iterator[Session]:
    command.upgrade(alembic, "head")
    with Session(get_engine()) as session:
        for table in Base.metadata.sorted_tables:
            session.execute(table.delete())
        session.commit()
        yield session


@pytest.fixture
def queued() -> list[int]:
    """The ids of the tasks that the API asked the worker to announce."""
    return []


@pytest.fixture
def client(session: Session, queued: list[int]) -> Iterator[TestClient]:
    app.dependency_overrides[get_announcer] = lambda: queued.append
    yield TestClient(app, headers={"X-API-Key": API_KEY})
    app.dependency_overrides.clear()
