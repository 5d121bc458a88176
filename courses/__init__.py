"""The catalogue and the programme.

Owns: courses, priorities, sessions and their parts, venues, costs.
Does not own: bookings, places and charges (bookings) or who delivers (trainers).
Its rules are in ``courses/domain/``.
"""
