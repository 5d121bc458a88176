"""No upload fills the disk: what comes beyond the largest file that can be used is read and thrown away.

Stands first in ``FILE_UPLOAD_HANDLERS``. The file that arrives is then just too large, which its form says.
"""

from __future__ import annotations

from django.core.files.uploadhandler import FileUploadHandler

from .spreadsheets import MOST_BYTES


class UploadLimit(FileUploadHandler):
    """Passes on the first 20 MB of a file and one piece more."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """The handlers that follow keep the file."""
