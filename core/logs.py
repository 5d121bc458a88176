"""Structured logs: one JSON object a line, in UTC, with ids and never with anything about a person.

Our own loggers write a fixed sentence and ids (``log.info("certificate made", extra={"certificate": 12})``). What
other packages write may hold an address, a path with a token or the words of a form, so of theirs only the template
of the message is kept, not what was put into it; of an exception its kind and where it happened, not what it said.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import Any

# The reference of the request being answered, empty outside one. Error pages show it.
request_reference: ContextVar[str] = ContextVar("request_reference", default="")

OWN_LOGGERS = (
    "core", "accounts", "competencies", "agencies", "courses", "trainers", "bookings", "evaluations", "assurance",
    "governance", "reports", "config",
)  # fmt: skip
# What these say below the level of an error is only what started and stopped.
TRUSTED_LOGGERS = ("gunicorn.error", "celery.beat", "celery.worker", "celery.apps")
STANDARD_FIELDS = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "request", "data"}
ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
SECRET = re.compile(r"[A-Za-z0-9_-]{32,}")


def masked(text: str) -> str:
    """``text`` without e-mail addresses and long secrets: the net below the rule, not the rule."""
    return SECRET.sub("[secret]", ADDRESS.sub("[address]", text))


def _is_of(name: str, loggers: tuple[str, ...]) -> bool:
    return any(name == logger or name.startswith(f"{logger}.") for logger in loggers)


def _where(trace: TracebackType | None) -> list[str]:
    """The places an exception passed through, the last ten, as file, line and function."""
    frames = traceback.extract_tb(trace)[-10:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        own = _is_of(record.name, OWN_LOGGERS)
        trusted = own or (record.levelno < logging.ERROR and _is_of(record.name, TRUSTED_LOGGERS))
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage() if trusted else str(record.msg)),
        }
        if reference := request_reference.get():
            line["request"] = reference
        if own:
            line |= {key: value for key, value in record.__dict__.items() if key not in STANDARD_FIELDS}
        elif isinstance(getattr(record, "status_code", None), int):
            line["status"] = record.status_code  # type: ignore[attr-defined]
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info[2])
        return json.dumps(line, default=str, ensure_ascii=True)
