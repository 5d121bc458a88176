from .audit import AuditEvent, AuditSeal
from .heartbeat import Heartbeat
from .import_run import ImportRun
from .job import Job
from .link import OneTimeLink
from .outbox import OutboxMessage
from .partnership import HostName, Nation, OwnedModel, OwnedQuerySet, Partnership, Strand

__all__ = [
    "AuditEvent",
    "AuditSeal",
    "Heartbeat",
    "HostName",
    "ImportRun",
    "Job",
    "Nation",
    "OneTimeLink",
    "OutboxMessage",
    "OwnedModel",
    "OwnedQuerySet",
    "Partnership",
    "Strand",
]
