"""The background worker: python -m app.worker"""

import logging

from redis import Redis
from rq import Queue, Worker

from app.jobs import QUEUE
from app.settings import get_settings


def main() -> None:
    settings = get_settings()
    logging.basicConfig(level=settings.log_level)
    connection = Redis.from_url(settings.redis_url)
    worker = Worker([Queue(QUEUE, connection=connection)], connection=connection)
    # The scheduler is what brings a delayed retry back to the queue.
    worker.work(with_scheduler=True)


if __name__ == "__main__":
    main()
