"""Fold the five priorities, of which people used two, into one flag."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "tasks",
        sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    tasks = sa.table(
        "tasks", sa.column("priority", sa.String), sa.column("urgent", sa.Boolean)
    )
    op.execute(
        tasks.update()
        .where(tasks.c.priority.in_(["high", "critical"]))
        .values(urgent=True)
    )
    op.drop_column("tasks", "priority")


def downgrade() -> None:
    # Irreversible: which of the five a task had is gone. To go back beyond
    # this point, restore a backup.
    pass
