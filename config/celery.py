"""The Celery application. Its tasks only say "look at the table": all due work is rows in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
app = Celery("archway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
