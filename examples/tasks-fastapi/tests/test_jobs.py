import httpx
import pytest
from sqlalchemy.orm import Session

from app import jobs
from app.models import Task
from app.settings import get_settings

WEBHOOK = "https://hooks.example.com/tasks"


@pytest.fixture
def task(session: Session) -> Task:
    task = Task(title="ship it", done=True)
    session.add(task)
    session.commit()
    return task


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What the webhook was sent."""
    monkeypatch.setenv("WEBHOOK_URL", WEBHOOK)
    get_settings.cache_clear()
    bodies: list[dict] = []

    def post(url: str, *, json: dict, timeout: float) -> httpx.Response:
        bodies.append(json)
        return httpx.Response(204, request=httpx.Request("POST", url))

    monkeypatch.setattr(httpx, "post", post)
    return bodies


def test_announces_once(session: Session, task: Task, posted: list[dict]) -> None:
    jobs.announce(task.id)
    jobs.announce(task.id)
    assert posted == [{"id": task.id, "title": "ship it"}]
    session.refresh(task)
    assert task.announced_at is not None


def test_a_failing_webhook_leaves_the_task_unannounced(
    session: Session,
    task: Task,
    posted: list[dict],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def post(url: str, **_: object) -> httpx.Response:
        return httpx.Response(500, request=httpx.Request("POST", url))

    monkeypatch.setattr(httpx, "post", post)
    # The error is what makes the queue try again.
    with pytest.raises(httpx.HTTPStatusError):
        jobs.announce(task.id)
    session.refresh(task)
    assert task.announced_at is None


def test_without_a_webhook_nothing_happens(session: Session, task: Task) -> None:
    jobs.announce(task.id)
    session.refresh(task)
    assert task.announced_at is None
