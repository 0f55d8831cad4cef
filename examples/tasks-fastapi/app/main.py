"""The web process: uvicorn app.main:app"""

from fastapi import FastAPI

from app import routes

app = FastAPI(title="tasks")
app.include_router(routes.health)
app.include_router(routes.tasks)
