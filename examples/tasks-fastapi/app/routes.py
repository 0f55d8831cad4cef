import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, status
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.db import get_session
from app.jobs import Announcer, get_announcer
from app.models import Task
from app.schemas import TaskIn, TaskOut
from app.settings import Settings, get_settings

DbSession = Annotated[Session, Depends(get_session)]


def require_api_key(
    settings: Annotated[Settings, Depends(get_settings)],
    x_api_key: Annotated[str, Header()] = "",
) -> None:
    expected = settings.api_key.get_secret_value()
    # As bytes: compare_digest takes no text beyond ASCII.
    if not secrets.compare_digest(x_api_key.encode(), expected.encode()):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "wrong or missing X-API-Key")


health = APIRouter()
tasks = APIRouter(prefix="/tasks", dependencies=[Depends(require_api_key)])


@health.get("/healthz")
def healthz(session: DbSession) -> dict[str, str]:
    """Healthy only with a database that answers; open, for the host to ask."""
    try:
        session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        raise HTTPException(
            status.HTTP_503_SERVICE_UNAVAILABLE, "database unreachable"
        ) from error
    return {"status": "ok"}


@tasks.get("")
def list_tasks(session: DbSession, done: bool | None = None) -> list[TaskOut]:
    query = select(Task).order_by(Task.urgent.desc(), Task.id)
    if done is not None:
        query = query.where(Task.done == done)
    return [TaskOut.model_validate(task) for task in session.scalars(query)]


@tasks.post("", status_code=status.HTTP_201_CREATED)
def add_task(body: TaskIn, session: DbSession) -> TaskOut:
    task = Task(title=body.title, urgent=body.urgent)
    session.add(task)
    session.commit()
    return TaskOut.model_validate(task)


@tasks.post("/{task_id}/done")
def finish_task(
    task_id: int,
    session: DbSession,
    announce: Annotated[Announcer, Depends(get_announcer)],
) -> TaskOut:
    task = session.get(Task, task_id)
    if task is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "no such task")
    if not task.done:
        task.done = True
        # Committed first: the worker may be quicker than this request.
        session.commit()
        announce(task.id)
    return TaskOut.model_validate(task)
