from .terms import TermsOfReference

__all__ = ["TermsOfReference"]
