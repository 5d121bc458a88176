"""Settings of the test suite: SQLite unless DATABASE_URL names a PostgreSQL server."""

from .base import *  # noqa: F403
from .base import VAR_DIR, database_from, env

SECRET_KEY = "test-only-key-that-is-long-enough-for-the-deployment-check-0123456789"
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": database_from(env.str("DATABASE_URL", default="sqlite:///:memory:"))}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = str(VAR_DIR / "test-media")
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ACCOUNT_RATE_LIMITS = False
STATIC_ROOT = VAR_DIR / "test-static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
LOGGING = {"version": 1, "disable_existing_loggers": True, "root": {"handlers": [], "level": "WARNING"}}
