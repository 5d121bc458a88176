"""What a kind of list is: its columns, how its rows are compared with what is known, and how they are written."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from core.models import Partnership

from .ledger import Ledger
from .rows import CheckedRow


class Column(Field):
    """A column of a list. ``empty`` is the value of an empty cell; ``required`` columns must be there and filled.

    ``about`` tells the administrator what the column means, ``example`` fills the template file.
    """

    def __init__(
        self, widget: Widget, *, required: bool = False, empty: Any = "", about: str = "", example: str = ""
    ) -> None:
        super().__init__(widget=widget)
        self.required, self.empty, self.about, self.example = required, empty, about, example

    def clean_cell(self, text: str) -> Any:
        """The value of a cell. Raises ``ValueError`` with the sentence for the person."""
        return self.widget.clean(text) if text else self.empty


class CheckedResource(Resource):
    """Base of the kinds. One object serves one file: ``compare`` may keep what it read for ``write``.

    ``key`` names the columns of the natural key. Everything known is read through ``partnership``, so that a row can
    only meet what belongs to it.
    """

    key: ClassVar[tuple[str, ...]] = ()

    def __init__(self, partnership: Partnership, *, now: dt.datetime, writing: bool = False) -> None:
        super().__init__()
        self.partnership = partnership
        self.now = now
        # Whether the rows are going to be written: only then may what they name be locked.
        self.writing = writing
        self.notices: list[str] = []

    @property
    def columns(self) -> dict[str, Column]:
        return self.fields  # type: ignore[no-any-return]

    def compare(self, rows: list[CheckedRow], refused: list[CheckedRow]) -> None:
        """Look up what the rows name, refuse what is unknown, and settle ``state`` and ``changes`` of each good row.

        ``refused`` are the rows of the file that are out already; what else is wrong with them is worth saying too.
        """
        raise NotImplementedError

    def write(self, rows: list[CheckedRow], ledger: Ledger) -> None:
        """Write the new and changed among ``rows`` through ``ledger``. Called inside the transaction of ``compare``."""
        raise NotImplementedError
