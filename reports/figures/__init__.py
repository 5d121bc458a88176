"""The figures of the reports, worked out in the database and rounded in one place."""

from .quarterly import quarterly_figures

__all__ = ["quarterly_figures"]
