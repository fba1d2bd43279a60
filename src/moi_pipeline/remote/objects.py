"""Objects of a prefix of a bucket: listed, put whole, got whole, through pyarrow's S3 client.

Every failure is a ``NoStore`` that says what to mend, but for an object that is not there: FileNotFoundError.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import fs

from moi_pipeline.errors import NoStore, NotStored
from moi_pipeline.remote.where import Place
from moi_pipeline.store import PART, make_folder, sync

CONNECT, ANSWER = 10.0, 60.0  # seconds
TRIES = 3
_BLOCK = 8 << 20

AGAIN = "What is stored here is kept: run the same command again, it goes on. MOI_DATA= (empty) works on what is here."
#: What a refusal says, and what a person can do about it.
_HINTS = (
    ("NO_SUCH_BUCKET", "Make the bucket first, or mend the name in the data root's address."),
    (
        "ACCESS_DENIED|HTTP status 403|INVALID_ACCESS_KEY|INVALID_CLIENT_TOKEN|SIGNATURE|EXPIRED_TOKEN|TOKEN",
        "Look at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or ~/.aws/credentials, and at what the bucket allows.",
    ),
    ("NETWORK_CONNECTION|curlCode|TIMEOUT", f"Look at the network and at AWS_ENDPOINT_URL. {AGAIN}"),
)


@dataclass(frozen=True, slots=True)
class About:
    """An object's size in bytes, and when the store says that it was put."""

    size: int
    at: datetime


class Objects:
    """The objects under a place, by their keys below its prefix."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with self._told("connect"):
            self._fs = fs.S3FileSystem(
                region=place.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
                scheme=place.scheme,
                endpoint_override=place.endpoint,
                connect_timeout=CONNECT,
                request_timeout=ANSWER,
                retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=TRIES),
                # Small objects are put in one request; a put that fails is told when the stream is closed.
                allow_delayed_open=True,
            )

    def list(self, under: str) -> dict[str, About]:
        """The objects whose keys begin with ``under/``. Raises NoStore, also where there is no such bucket."""
        with self._told("list it"):
            found = self._fs.get_file_info(
                fs.FileSelector(self._path(under), recursive=True, allow_not_found=True)
            )
            if not found and self._fs.get_file_info(self.place.bucket).type == fs.FileType.NotFound:
                raise OSError("AWS Error NO_SUCH_BUCKET: there is no such bucket")
        root = len(self._path("")) + 1
        return {
            about.path[root:]: About(about.size, about.mtime)
            for about in found
            if about.type == fs.FileType.File
        }

    def put(self, path: Path, key: str) -> int:
        """Put a file as an object: whole, or not at all. Returns its size. Raises NoStore, OSError for the file."""
        with pa.memory_map(str(path)) as file:
            content = file.read_buffer()
        self.put_bytes(content, key)
        return len(content)

    def put_bytes(self, content: Any, key: str) -> None:
        """Put bytes, or an Arrow buffer, as an object. Raises NoStore."""
        with self._told("store in it"):
            # One write of the whole: closing a stream that was cut short would publish what it had.
            out = self._fs.open_output_stream(self._path(key))
            out.write(content)
            out.close()

    def get(self, key: str, path: Path) -> None:
        """Copy an object into a file, whole or not at all. Raises NoStore, NotStored, FileNotFoundError."""
        part = path.with_name(f".{path.name}{PART}")
        try:
            make_folder(path.parent)
            with part.open("wb") as out:
                for block in self.blocks(key):
                    out.write(block)
            sync(part)
            part.replace(path)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise NotStored(
                f"can't write {path}: {error.strerror or error}", "Free some space or mend the permissions."
            ) from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink()

    def blocks(self, key: str) -> Iterator[bytes]:
        """An object's bytes, some megabytes at a time. Raises NoStore, FileNotFoundError."""
        with self._told("read it"):
            source = self._fs.open_input_file(self._path(key))
        with source:
            while True:
                with self._told("read it"):
                    block = source.read(_BLOCK)
                if not block:
                    return
                yield block

    def read(self, key: str) -> bytes | None:
        """A small object's bytes; None where there is none. Raises NoStore."""
        try:
            return b"".join(self.blocks(key))
        except FileNotFoundError:
            return None

    def open(self, key: str) -> pa.NativeFile:
        """An object as a file that reads what is asked of it. Raises NoStore, FileNotFoundError."""
        with self._told("read it"):
            return self._fs.open_input_file(self._path(key))

    def delete(self, key: str) -> None:
        """Delete an object; none there is fine. Raises NoStore."""
        with contextlib.suppress(FileNotFoundError), self._told("delete in it"):
            self._fs.delete_file(self._path(key))

    def _path(self, key: str) -> str:
        return "/".join(part for part in (self.place.bucket, self.place.prefix, key) if part)

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except (OSError, pa.ArrowException) as error:
            raise no_store(f"{self.place}: can't {what}", error) from error


def no_store(said: str, error: Exception) -> NoStore:
    """The error for what the store's client said, with what to do next."""
    why = " ".join(str(error).split())
    if code := re.search(r"AWS Error (.*)", why):
        why = re.sub(r"\s*\(Request ID: .*?\)", "", code[1])
    hint = next((hint for pattern, hint in _HINTS if re.search(pattern, str(error))), AGAIN)
    return NoStore(f"{said}: {why}", hint)


@lru_cache(maxsize=4)
def open_objects(place: Place) -> Objects:
    """The objects of a place; one client a process."""
    return Objects(place)
