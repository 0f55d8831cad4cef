"""The work that happens outside of a request, and how to ask for it."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
from redis import Redis
from rq import Queue, Retry
from sqlalchemy.orm import Session

from app.db import get_engine
from app.models import Task
from app.settings import get_settings

log = logging.getLogger(__name__)

QUEUE = "tasks"

Announcer = Callable[[int], None]


def announce(task_id: int) -> None:
    """Tell the webhook that a task is done. Safe to run twice."""
    url = get_settings().webhook_url
    if url is None:
        log.info("task %s is done; no webhook to tell", task_id)
        return

    with Session(get_engine()) as session:
        task = session.get(Task, task_id)
        # A retried job must not announce again, nor trip over a deleted task.
        if task is None or task.announced_at is not None:
            return
        payload = {"id": task.id, "title": task.title}
        httpx.post(str(url), json=payload, timeout=10).raise_for_status()
        task.announced_at = datetime.now(UTC)
        session.commit()


def get_announcer() -> Announcer:
    """What a route depends on to queue an announcement; tests replace it."""
    queue = Queue(QUEUE, connection=Redis.from_url(get_settings().redis_url))

    def enqueue(task_id: int) -> None:
        # A webhook that is down for a while is no reason to lose the news.
        queue.enqueue(announce, task_id, retry=Retry(max=3, interval=[10, 60, 300]))

    return enqueue
