"""How gunicorn serves: threads in a few processes, renewed now and then, believing nobody but the proxy."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "4"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 30
keepalive = 5
preload_app = True  # the program is loaded once, before the port is opened, and shared by the processes
max_requests = 2000
max_requests_jitter = 200
# The addresses whose X-Forwarded-Proto is believed: the proxy in front, and nobody else.
forwarded_allow_ips = os.environ.get("PROXY_ADDRESSES", "127.0.0.1")
control_socket_disable = True
proc_name = "archway-web"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["console"]},
    "loggers": {
        "gunicorn.error": {
            "level": os.environ.get("GUNICORN_LOG_LEVEL", "INFO"),
            "handlers": ["console"],
            "propagate": False,
        },
        "gunicorn.http": {"level": "ERROR"},  # it warns of every HEAD request
        # Its lines hold addresses with tokens. core.middleware.RequestLogMiddleware writes ours, with route names.
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}
