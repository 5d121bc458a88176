"""The engine's own mail: long work has come to its end (mail 27)."""

from .jobs import FINISHED_MAIL
from .mail import MailKind, register_mail

JOB_FINISHED = register_mail(
    MailKind(FINISHED_MAIL, "Long work has finished or failed, to whoever started it", "core/mail/job_finished")
)
