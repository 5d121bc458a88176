"""As little as Django needs. The database is named by BARE_DATABASE_URL."""

import os
from urllib.parse import unquote, urlsplit

_at = urlsplit(os.environ["BARE_DATABASE_URL"])
SECRET_KEY = "bare"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.bare.urls"
INSTALLED_APPS = ["bench.bare"]
MIDDLEWARE: list[str] = []
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Europe/London"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _at.path.lstrip("/"),
        "USER": unquote(_at.username or ""),
        "PASSWORD": unquote(_at.password or ""),
        "HOST": unquote(_at.hostname or ""),
        "PORT": _at.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("BARE_SMTP_PORT", "25"))
