"""What the partnership is told: the quarterly report, and the administrator's Today page that reads everything.

Owns: quarterly reports, their figures and publication; the demo year.
Does not own: any record it counts.
Its rules are in ``reports/domain/``; the figures are in ``reports/figures/``.
"""
