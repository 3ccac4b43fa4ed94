"""Run by alembic with the connection that ``store.database.migrate`` hands over."""

from alembic import context

from reportminer.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
