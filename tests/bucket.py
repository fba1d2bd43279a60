"""A real S3-speaking server on loopback (moto), whose every request a test may watch, hold back or refuse."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from moi_pipeline.remote.objects import Objects
from moi_pipeline.remote.where import Place

BUCKET, PREFIX = "news", "thai/releases"
DENIED = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"

#: What becomes of a request, told by method and path: None lets it through, a number is the status of a refusal.
Rule = Callable[[str, str], int | None]


class Bucket:
    """The server, with one bucket."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._app = DomainDispatcherApplication(create_backend_app)
        self.rule: Rule = lambda method, path: None
        self.asked: list[tuple[str, str]] = []
        self.port = 0
        self._server: BaseWSGIServer
        self.start()

    def start(self) -> None:
        """Serve, under the same port as before."""
        self._server = make_server("127.0.0.1", self.port, self._answer, threaded=True)
        self.port = self._server.port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop serving; what is stored stays."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.asked.append((method, path))
        if (status := self.rule(method, path)) is not None:
            start(f"{status} Refused", [("Content-Type", "application/xml"), ("Connection", "close")])
            return [DENIED]
        return self._app(environ, start)  # type: ignore[no-any-return]

    @property
    def environment(self) -> dict[str, str]:
        """What a process must be told to reach it."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "a-secret-never-shown",
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @property
    def uri(self) -> str:
        return f"s3://{BUCKET}/{PREFIX}"

    @property
    def objects(self) -> Objects:
        return Objects(Place(BUCKET, PREFIX, "us-east-1", "http", f"127.0.0.1:{self.port}"))

    def names(self, under: str = "") -> list[str]:
        """The keys below the prefix, sorted."""
        return sorted(self.objects.list(under))

    def puts(self, part: str) -> list[str]:
        """The paths with ``part`` in them that were put so far."""
        return [path for method, path in self.asked if method == "PUT" and part in path and path[-1] != "/"]


class Hold:
    """A rule that holds back the request number ``count`` that puts a path with ``part`` in it, and all after it."""

    def __init__(self, part: str, count: int = 1) -> None:
        self.part, self.left = part, count
        self.reached, self.released = threading.Event(), threading.Event()

    def __call__(self, method: str, path: str) -> int | None:
        if method == "PUT" and self.part in path:
            self.left -= 1
            if self.left <= 0:
                self.reached.set()
                self.released.wait(60)
                return 503  # who asked is dead by now: nothing of it is stored
        return None


def empty(bucket: Bucket) -> None:
    """Remove all objects, and let every request through."""
    bucket.rule = lambda method, path: None
    objects = bucket.objects
    for key in bucket.names():
        with suppress(FileNotFoundError):
            objects.delete(key)
    bucket.asked.clear()
