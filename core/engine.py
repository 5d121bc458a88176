"""The engine's own sweeps: running long work, and sending mail."""

from .dispatch import send_due
from .jobs import run_jobs
from .sweeps import JOBS, JOBS_ORDER, MAIL, MAIL_ORDER, register_sweep

register_sweep(JOBS, "{n} pieces of long work run", run_jobs, order=JOBS_ORDER)
register_sweep(MAIL, "{n} mails sent", send_due, order=MAIL_ORDER)
