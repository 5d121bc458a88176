"""Who needs what: competence frameworks with their groups or levels.

Owns: frameworks, groups and levels, refresh intervals.
Does not own: which person belongs to which group (agencies) or what a course teaches (courses).
Its rules are in ``competencies/domain/``.
"""
