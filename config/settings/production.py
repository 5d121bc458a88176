"""Settings of a real installation. What is missing in the environment stops the start with a sentence."""

import sys

from .base import *  # noqa: F403
from .base import CONTENT_SECURITY_POLICY, env

PRODUCTION = True
DEBUG = False

NEEDED = {
    "SECRET_KEY": "50 random characters or more: python3 -c 'import secrets; print(secrets.token_urlsafe(60))'",
    "DATABASE_URL": "the PostgreSQL database, for example postgres://archway:password@db:5432/archway",
    "REDIS_URL": "the Redis server that wakes the workers, for example redis://redis:6379/0",
    "ALLOWED_HOSTS": "the exact host names the service answers to, separated by commas",
    "SITE_BASE_URL": "the address used for links in mails, for example https://training.example.org",
    "EMAIL_URL": "the mail server, for example smtp+tls://user:password@mail.example.org:587",
}


def _problems() -> list[str]:
    """What is missing or unsafe in the environment, in sentences."""
    found = [f"{name} is not set: {meaning}." for name, meaning in NEEDED.items() if not env.str(name, default="")]
    rules = {
        "SECRET_KEY must have at least 50 characters.": len(env.str("SECRET_KEY", default="x" * 50)) >= 50,
        "DATABASE_URL must name a PostgreSQL database (postgres://…).": env.str(
            "DATABASE_URL", default="postgres:"
        ).startswith("postgres"),
        "ALLOWED_HOSTS must hold exact names: no *, no name beginning with a dot.": not any(
            host.startswith((".", "*")) for host in env.list("ALLOWED_HOSTS", default=[])
        ),
        "SITE_BASE_URL must begin with https://.": env.str("SITE_BASE_URL", default="https:").startswith("https:"),
        "EMAIL_URL must begin with smtp+tls:// or smtp+ssl://, or set EMAIL_WITHOUT_TLS=1 for a mail catcher.": (
            env.str("EMAIL_URL", default="smtp+tls:").startswith(("smtp+tls:", "smtp+ssl:"))
            or env.bool("EMAIL_WITHOUT_TLS", default=False)
        ),
    }
    return found + [sentence for sentence, holds in rules.items() if not holds]


if _found := _problems():
    print("Archway cannot start. Set these environment variables (or write them into .env):", file=sys.stderr)
    print("\n".join(f"  - {sentence}" for sentence in _found), file=sys.stderr)
    sys.exit(3)  # the code by which a gunicorn worker says that starting it again would not help

# --- Secrets and addresses --------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [SITE_BASE_URL]
# gunicorn believes X-Forwarded-Proto of the proxies in PROXY_ADDRESSES. Another web server may need this instead;
# only where the proxy sets the header itself and removes one sent by the visitor.
if env.bool("TRUST_FORWARDED_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Transport --------------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked for inside the machine, without TLS
SECURE_HSTS_SECONDS = 63072000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
# Preloading binds every name below the domain for years: its owner decides that, not this service.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {**CONTENT_SECURITY_POLICY["DIRECTIVES"], "upgrade-insecure-requests": True},
}

# --- Cookies ----------------------------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-sessionid"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_PATH = "/"
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_PATH = "/"

# --- Files ------------------------------------------------------------------------------------------------------------
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

# --- Mail -------------------------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL"))
