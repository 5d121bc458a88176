"""Production settings, as an installation runs, with three things of the machine's own."""

import os

from config.settings.production import *  # noqa: F403
from config.settings.production import CELERY_BROKER_TRANSPORT_OPTIONS, STORAGES

# Other programs may use the same Redis: nothing of theirs is read, and what is left of ours is found.
CELERY_BROKER_TRANSPORT_OPTIONS = {**CELERY_BROKER_TRANSPORT_OPTIONS, "global_keyprefix": os.environ["BENCH_KEYS"]}
if os.environ.get("BENCH_QUICK"):  # hashed names cost seconds to make and nothing to use
    STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
