"""The errors that a rule may raise. Their messages are written for the person who reads them."""


class RuleBroken(Exception):
    """A rule of the field refuses an act. ``str(error)`` may be shown to a person as it is."""

    default_message = "This cannot be done."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.default_message)


class NotFoundHere(RuleBroken):
    """Something named in a file or an address is not known to this partnership."""


class UnusableInput(RuleBroken):
    """A file or an argument cannot be read at all, so nothing was done."""
