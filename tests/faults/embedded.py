"""Acts on a SQLite database from outside the test's own: ``python -m tests.faults.embedded fill 300``."""

import sys

import django


def fill(count: str) -> None:
    """Make the database, and ``count`` notes that are due."""
    from django.core.management import call_command

    from core.outbox import queue_many
    from tests.factories import PartnershipFactory
    from tests.support.kinds import message

    call_command("migrate", verbosity=0, skip_checks=True)
    partnership = PartnershipFactory()
    queue_many([message(partnership, f"learner{n}@oakfield.example") for n in range(int(count))])


def let_claims_go_stale() -> None:
    from tests.faults import conftest

    conftest.let_claims_go_stale()


def all_are_sent() -> None:
    """End with 1 when any message is in another state."""
    from core.models import OutboxMessage

    sys.exit(OutboxMessage.objects.exclude(state="sent").exists())


if __name__ == "__main__":
    django.setup()
    {"fill": fill, "let_claims_go_stale": let_claims_go_stale, "all_are_sent": all_are_sent}[sys.argv[1]](*sys.argv[2:])
