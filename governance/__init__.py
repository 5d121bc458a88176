"""The learning and development sub-group.

Owns: the terms of reference, from which quorum and deadlines follow.
Does not own: the reports it reads (reports).
Its rules are in ``governance/domain/``.
"""
