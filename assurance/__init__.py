"""Assurance of single-agency training: standards, returns, needs analysis, validation.

Owns: nothing yet; its models come with its own work.
Does not own: agencies and people (agencies) or courses of the partnership (courses).
Its rules are in ``assurance/domain/``.
"""
