"""Development and the demo: everything works on one machine with nothing else installed."""

from .base import *  # noqa: F403
from .base import BASE_DIR, LOGGING, VAR_DIR, env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="development-only-key-not-for-any-real-partnership-0123456789")
ALLOWED_HOSTS = [".localhost", "127.0.0.1", "[::1]"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STATIC_ROOT = VAR_DIR / "staticfiles"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
DEMO_SIGN_INS = True
# A person reads this console: plain words, and only what went wrong, unless LOG_FORMAT and LOG_LEVEL ask for more.
LOGGING["handlers"]["console"]["formatter"] = env.str("LOG_FORMAT", default="plain")
LOGGING["root"]["level"] = env.str("LOG_LEVEL", default="WARNING")
for folder in (VAR_DIR, VAR_DIR / "queue", VAR_DIR / "control", VAR_DIR / "mail", STATIC_ROOT, BASE_DIR / "static"):
    folder.mkdir(parents=True, exist_ok=True)
