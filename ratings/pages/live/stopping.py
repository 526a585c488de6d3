"""Open pages end when the server tells its process to stop.

The server waits for open responses before its process ends, and these never end by
themselves. It takes over the handlers of the signals to stop after the application is
loaded, so the application can't handle them too; but every signal also wakes a file
descriptor, and a thread of ours waits on that.
"""

from __future__ import annotations

import logging
import signal
import socket
import threading

log = logging.getLogger(__name__)

STOPPING = {signal.SIGINT, signal.SIGTERM}


def end_pages_when_told_to_stop() -> None:
    """To call once a process, where the application is loaded.

    Only a process's main thread may watch for signals. A server that loads the application
    in another one, such as Django's own for development, stops without us.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    wakes, wakened = socket.socketpair()
    wakened.setblocking(False)
    already = signal.set_wakeup_fd(wakened.fileno(), warn_on_full_buffer=False)
    if already != -1:
        signal.set_wakeup_fd(already)
        log.warning("Something else watches for signals: a stop will cut open pages off.")
        return
    threading.Thread(
        target=_wait, args=(wakes, wakened), name="ratings-stopping", daemon=True
    ).start()


def _wait(wakes: socket.socket, wakened: socket.socket) -> None:
    """``wakened`` is held, for its descriptor stays in use."""
    while not STOPPING & set(wakes.recv(16)):
        pass
    # Loaded by now if a page is open, and not before the application is.
    from ratings.pages.live import hub as live

    live.hub.stop()
