"""Uploads: one file, kept in memory while it comes in, bounded, then sealed until it is read."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload

# Under this key a view finds why its file was not taken: see forms.refused_words.
REFUSED = "accounton.upload_refused"


class BoundedMemoryUploadHandler(MemoryFileUploadHandler):
    """Takes one file into memory only, and stops once it is larger than the limit: nothing readable touches disk."""

    has_file = False

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.has_file:
            self._stop("several")
        self.has_file = True
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.MAX_UPLOAD_BYTES:
            self._stop("too_large")
        super().receive_data_chunk(raw_data, start)

    def _stop(self, why: str) -> None:
        if self.request is not None:
            self.request.META[REFUSED] = why
        raise StopUpload(connection_reset=False)
