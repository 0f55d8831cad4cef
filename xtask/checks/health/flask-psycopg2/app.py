import os

import psycopg2
from flask import Flask

from health import health

app = Flask(__name__)
app.register_blueprint(health)


@app.get("/")
def one():
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        return {"one": cursor.fetchone()[0]}
    finally:
        connection.close()
