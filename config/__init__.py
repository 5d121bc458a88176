"""Project configuration: settings, URLs, the web and background entry points. Imported by no app."""

from .celery import app as celery_app

__all__ = ["celery_app"]
