"""Reads the body of a request before the request is answered: within a size, and whole.

Our server hands a request to a thread as soon as it has the headers, has no deadline for the rest,
and can't break off a read. So a thread waits for whoever sends one byte a minute. A proxy that
reads bodies first, with a deadline, keeps such requests away (docs/deploy.md). Where there is none,
bodies may hold half of the threads and no more: pages still open, and whoever sends a body is told
to send it again. `config.middleware.refuse_bodies` answers in words.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

LARGEST = 25_000_000
"""Bytes of a body; a list of cases may have 20 MB. The proxy has the same figure."""
MOST_DISCARDED = 4 * LARGEST
"""Bytes that are read all the same, because a browser shows no answer before it has sent all."""
PLACES = 32
"""Threads of a process, of 64, that may read bodies at a time."""
SECONDS_FOR_A_PLACE = 0.5
"""Bodies that arrive together with their headers give their places back in much less."""
CHUNK = 64 * 1024
IN_MEMORY = 1_000_000
"""Bytes beyond which a body is a file on disk, which goes when the request is answered."""

REFUSED = "fieldwork.body_refused"
"""The key in a request's environment under which the status is with which it is refused."""

NOT_WHOLE, TOO_LARGE, NO_PLACE = 400, 413, 503
WORDS = {
    NOT_WHOLE: (
        "Not all of it arrived",
        "Nothing was saved. Go back in your browser to find what you entered, and send it again.",
    ),
    TOO_LARGE: (
        "That is too large",
        "The service takes up to 25 MB at a time. Nothing was saved. Go back in your browser and "
        "send less, or a smaller file.",
    ),
    NO_PLACE: (
        "The service is busy",
        "Nothing was saved. Go back in your browser to find what you entered, and send it again "
        "in a minute.",
    ),
}

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class BodyRefused(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def read_bodies_first(application: Application) -> Application:
    """The application, given each body whole, or the status with which it is to be refused."""
    places = threading.BoundedSemaphore(PLACES)

    def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        size = _size(environ)
        if not size:
            return application(environ, start_response)
        try:
            body = _read(environ["wsgi.input"], size, places)
        except BodyRefused as refused:
            environ[REFUSED] = refused.status
            body, environ["CONTENT_LENGTH"] = BytesIO(), "0"
        environ["wsgi.input"] = body
        # No answer of ours reads on while it is being sent.
        with body:
            return application(environ, start_response)

    return respond


def _size(environ: dict[str, Any]) -> int:
    """As Django reads it: without a length that is a number there is no body."""
    try:
        return max(int(environ.get("CONTENT_LENGTH") or 0), 0)
    except ValueError:
        return 0


def _read(body: Any, size: int, places: threading.BoundedSemaphore) -> IO[bytes]:
    """Raises BodyRefused."""
    if size > MOST_DISCARDED:
        raise BodyRefused(TOO_LARGE)
    if not places.acquire(timeout=SECONDS_FOR_A_PLACE):
        raise BodyRefused(NO_PLACE)
    try:
        read: IO[bytes] = BytesIO()
        if CHUNK < size <= LARGEST:
            read = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        left = size
        while left and (chunk := body.read(min(left, CHUNK))):
            if size <= LARGEST:
                read.write(chunk)
            left -= len(chunk)
    finally:
        places.release()
    if size > LARGEST:
        raise BodyRefused(TOO_LARGE)
    if left:
        # What was cut off would be saved as if it were all.
        read.close()
        raise BodyRefused(NOT_WHOLE)
    read.seek(0)
    return read
