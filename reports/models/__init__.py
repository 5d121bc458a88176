from .quarterly import QuarterlyReport

__all__ = ["QuarterlyReport"]
