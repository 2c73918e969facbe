"""Uploads: kept in memory while they come in, bounded, then sealed until they are read."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload


class BoundedMemoryUploadHandler(MemoryFileUploadHandler):
    """Takes a file into memory only, and stops once it is larger than the limit: nothing readable touches disk."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.MAX_UPLOAD_BYTES:
            if self.request is not None:
                self.request.META["accounton.upload_too_large"] = True
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)
