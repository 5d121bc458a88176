"""An app that registers kinds of mail for tests in the processes that are killed."""

from django.apps import AppConfig


class TriedMailConfig(AppConfig):
    name = "tests.faults"
    label = "tried_mail"

    def ready(self) -> None:
        from core.mail import register_mail
        from tests.support.kinds import CODE, LETTER, NOTE

        for kind in (NOTE, LETTER, CODE):
            register_mail(kind)
