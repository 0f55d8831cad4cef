"""Note when a finished task was announced."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("tasks", sa.Column("announced_at", sa.DateTime(timezone=True)))
    op.create_index("ix_tasks_announced_at", "tasks", ["announced_at"])


def downgrade() -> None:
    op.drop_index("ix_tasks_announced_at", table_name="tasks")
    op.drop_column("tasks", "announced_at")
