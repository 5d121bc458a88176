"""What evaluations does in time. Each sweep asks what is due at a moment and is safe to run twice, at once or late."""

from __future__ import annotations

from core.sweeps import register_sweep

from .domain.follow_ups import create_due_follow_ups
from .domain.impact import invite_due, remind_of_impact_surveys
from .domain.initial_requests import remind_of_initial_evaluations

register_sweep("initial_reminders", "{n} evaluation reminders queued", remind_of_initial_evaluations, order=400)
register_sweep("impact_follow_ups", "{n} impact follow-ups opened", create_due_follow_ups, order=410)
register_sweep("impact_invitations", "{n} impact surveys sent", invite_due, order=420)
register_sweep("impact_reminders", "{n} impact survey reminders queued", remind_of_impact_surveys, order=430)
