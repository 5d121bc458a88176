"""Mechanisms with no word of training in them.

Owns: the partnership (the tenant everything belongs to), audit, outbox, jobs, sweeps, one-time links, working days,
periods, safe spreadsheets, PDF rendering, charts, page panels, access rules.
Does not own: people, courses, bookings or any rule of the field.
Its rules are in ``core/domain/`` and in the modules named after each mechanism.
"""
