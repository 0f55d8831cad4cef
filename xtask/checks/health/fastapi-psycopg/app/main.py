import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text

from app.health import router as health

engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))
app = FastAPI()
app.include_router(health)


@app.get("/")
def one() -> int:
    with engine.connect() as connection:
        return connection.execute(text("SELECT 1")).scalar_one()
