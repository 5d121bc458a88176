"""The database connection of a process that lives for weeks."""

from django.db import close_old_connections, connection


def drop_broken_connection() -> None:
    """After an error: let go of a connection that is broken or too old, so that the next statement opens a new one.

    Inside a transaction it is left alone, for whoever began it.
    """
    if not connection.in_atomic_block:
        close_old_connections()
