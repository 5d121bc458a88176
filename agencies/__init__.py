"""Agencies and the people who work for them.

Owns: agencies, their membership of the partnership (charge tier, contribution), people, employments, line managers,
roles.
Does not own: sign-in (accounts) or what people booked (bookings).
Its rules are in ``agencies/domain/``; who may do what is in ``agencies/permissions.py``.
"""
