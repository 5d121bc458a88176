"""Settings of the processes that these tests kill: a mail server of ours, and kinds of mail for tests."""

from config.settings.test import *  # noqa: F403
from config.settings.test import BASE_DIR, INSTALLED_APPS, TEMPLATES, env

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = env.int("TEST_SMTP_PORT", default=25)
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.TriedMailConfig"]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests" / "support" / "mail_templates"]}]
