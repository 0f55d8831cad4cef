import pytest
from fastapi.testclient import TestClient

from app.db import get_engine
from app.main import app
from app.settings import get_settings


def add(client: TestClient, title: str, **more: bool) -> int:
    answer = client.post("/tasks", json={"title": title, **more})
    assert answer.status_code == 201
    return answer.json()["id"]


def test_healthz_needs_no_key(client: TestClient) -> None:
    answer = client.get("/healthz", headers={"X-API-Key": ""})
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


def test_healthz_fails_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////no/such/folder/test.db")
    get_settings.cache_clear()
    get_engine.cache_clear()
    assert TestClient(app).get("/healthz").status_code == 503


@pytest.mark.parametrize("key", ["", "guess", "clé"])
def test_tasks_need_the_key(client: TestClient, key: str) -> None:
    answer = client.get("/tasks", headers={"X-API-Key": key.encode()})
    assert answer.status_code == 401


def test_urgent_tasks_come_first(client: TestClient) -> None:
    add(client, "water the plants")
    add(client, "put out the fire", urgent=True)
    titles = [task["title"] for task in client.get("/tasks").json()]
    assert titles == ["put out the fire", "water the plants"]


def test_a_title_must_not_be_empty(client: TestClient) -> None:
    assert client.post("/tasks", json={"title": ""}).status_code == 422


def test_finishing_twice_announces_once(client: TestClient, queued: list[int]) -> None:
    task_id = add(client, "write a test")
    for _ in range(2):
        assert client.post(f"/tasks/{task_id}/done").json()["done"] is True
    assert queued == [task_id]
    assert client.get("/tasks", params={"done": False}).json() == []


def test_an_unknown_task_is_not_found(client: TestClient, queued: list[int]) -> None:
    assert client.post("/tasks/999/done").status_code == 404
    assert queued == []
