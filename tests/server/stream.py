"""A WSGI application whose answer never ends, as a page open for live updates has."""

import time
from collections.abc import Callable, Iterator
from typing import Any


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    start_response("200 OK", [("Content-Type", "text/event-stream")])
    return endless()


def endless() -> Iterator[bytes]:
    while True:
        yield b": still here\n\n"
        time.sleep(0.1)
