"""From a place wanted to a certificate in hand.

Owns: bookings, the waiting list, attendance and the register, charging policies and charges, certificates, and the
public catalogue and session pages that show places and charges. Does not own: courses and sessions (courses) or what
people thought of them (evaluations). Its rules are in ``bookings/domain/``: eligibility, placing, cancellation,
attendance, charging, certificates.
"""
