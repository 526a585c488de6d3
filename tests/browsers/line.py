"""The line between a browser and the service, which a test can cut and mend."""

from __future__ import annotations

import socket
import socketserver
import ssl
from contextlib import suppress
from threading import Thread

from tests.benchmarks.server import FreePort


class Line:
    """Carries connections to a local port; a browser opens the line's own address instead.

    As in production, it is HTTPS: some of what browsers keep they keep only without. Each line has
    a port of its own, and so is an origin without anything kept from another test.
    """

    def __init__(self, port: int, certificate: ssl.SSLContext) -> None:
        self._service = ("localhost", port)
        self._certificate = certificate
        # Kept while the line is cut, too.
        self._place = FreePort()
        self._open: set[socket.socket] = set()
        self.mend()

    @property
    def host(self) -> str:
        return f"localhost:{self._place.number}"

    @property
    def url(self) -> str:
        return f"https://{self.host}"

    def cut(self) -> None:
        """Break every connection and refuse new ones, as a device without a network does."""
        self._server.shutdown()
        self._server.server_close()
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        line = self

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                line._carry(self.request)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", self._place.number), Connection)
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _carry(self, plain: socket.socket) -> None:
        with (
            suppress(OSError),
            self._certificate.wrap_socket(plain, server_side=True) as browser,
            socket.create_connection(self._service) as service,
        ):
            self._open |= {browser, service}
            back = Thread(target=_pump, args=(service, browser), daemon=True)
            back.start()
            _pump(browser, service)
            back.join()
            self._open -= {browser, service}


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Carry what ``one`` says to ``other``, until it ends or the line is cut."""
    with suppress(OSError):
        while heard := one.recv(65_536):
            other.sendall(heard)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)
