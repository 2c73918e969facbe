"""A zip file opened with care: its directory is judged first, then single parts come out as a bounded stream."""

import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from accounton.spreadsheets.limits import MIB, Limits
from accounton.spreadsheets.problems import UnusableFile

CHUNK = MIB
MAX_DIRECTORY = 2 * MIB
SMALL_PART = 8 * MIB
"""Parts below this size may have any ratio: XML of a few identical rows shrinks a hundredfold."""

_LOCAL_HEADER = 30
_FLAG_ENCRYPTED = 1
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    KeyError,
)
"""What zipfile and zlib raise on broken files; tried by changing bytes at random."""


class _BoundedReads:
    """Lets zipfile read its directory only where it is of a sensible size: it would read any number of bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(MAX_DIRECTORY + 1 if size < 0 else min(size, MAX_DIRECTORY + 1))
        if len(data) > MAX_DIRECTORY:
            raise UnusableFile("file.unzips_too_large")
        return data


@contextmanager
def damage_is_unusable() -> Iterator[None]:
    """Turn what zipfile raises on a broken file into UnusableFile("file.damaged")."""
    try:
        yield
    except _DAMAGE as error:
        raise UnusableFile("file.damaged") from error


class Archive:
    """The parts of a zip file by name; names are compared without case, as the reader does."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        """Read and judge the directory. Raises UnusableFile."""
        self._limits = limits
        self._started = time.thread_time()
        with damage_is_unusable():
            self._zip = zipfile.ZipFile(_BoundedReads(file))
        infos = self._zip.infolist()
        self._judge(infos)
        self._parts = {info.filename.lower(): info for info in infos}
        if len(self._parts) != len(infos):
            raise UnusableFile("file.damaged")

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def starts_with(self, prefix: str) -> bool:
        """Tell whether any part lies under this folder."""
        return any(name.startswith(prefix) for name in self._parts)

    def parts(self, prefix: str) -> list[str]:
        """Name the parts that lie right in this folder, without case."""
        return [name for name in self._parts if name.startswith(prefix) and "/" not in name[len(prefix) :]]

    def chunks(self, part: str) -> Iterator[bytes]:
        """Unzip a part, a mebibyte at a time. Raises UnusableFile, also when the look has taken too long."""
        info = self._parts.get(part.lower())
        if info is None:
            raise UnusableFile("file.damaged")
        if info.file_size > SMALL_PART and info.file_size > self._limits.ratio * info.compress_size:
            raise UnusableFile("file.unzips_too_large")
        with damage_is_unusable():
            stream = self._zip.open(info)
        with stream:
            while True:
                with damage_is_unusable():
                    chunk = stream.read(CHUNK)
                if not chunk:
                    return
                self.hurry()
                yield chunk

    def hurry(self) -> None:
        """Raise UnusableFile when the processor time of the look is used up."""
        if time.thread_time() - self._started > self._limits.look_seconds:
            raise UnusableFile("file.too_slow")

    def _judge(self, infos: list[zipfile.ZipInfo]) -> None:
        if len(infos) > self._limits.parts or sum(info.file_size for info in infos) > self._limits.unzipped_bytes:
            raise UnusableFile("file.unzips_too_large")
        if any(info.flag_bits & _FLAG_ENCRYPTED for info in infos):
            raise UnusableFile("file.encrypted")
        if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
            raise UnusableFile("file.damaged")
        end = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            if info.header_offset < end:
                raise UnusableFile("file.damaged")
            end = info.header_offset + _LOCAL_HEADER + len(info.orig_filename) + info.compress_size
        if end > self._zip.start_dir:
            raise UnusableFile("file.damaged")
