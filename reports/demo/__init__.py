"""The demo year: one invented partnership with past, present and future sessions.

It is built through the same doors as real data: the partnership file, the importers and the domain functions. Every
draw comes from a seeded generator, so the same day always gives the same year.
"""
