"""The training pool and who delivers which session.

Owns: pool members, the trainer agreement, who delivers a session.
Does not own: sessions (courses) or the register (bookings).
Its rules are in ``trainers/domain/``.
"""
