"""nginx as docs/deploy.md configures it, and installing it: `python -m tests.nginx`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.server import FreePort
from tests.chromium import install_packages

ROOT = Path(__file__).resolve().parents[1]
CONFIGURATION = ROOT / "deploy" / "nginx.conf"
HOST = "fieldwork.example"
SECONDS_TO_START = 120


def find() -> str | None:
    """The path of nginx: NGINX, or where systems keep it, which is not in everybody's PATH."""
    if given := os.environ.get("NGINX"):
        return shutil.which(given)
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True)
class Nginx:
    port: int
    logs: Path

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


@contextmanager
def before(service_port: int) -> Iterator[Nginx]:
    """nginx before the service on this port, run by ourselves on a port of its own, with TLS."""
    program = find()
    assert program, "No nginx was found. Run the tests with make test, which installs one."
    with tempfile.TemporaryDirectory(prefix="fieldwork-nginx-") as name:
        folder = Path(name)
        place, unencrypted = FreePort(), FreePort()
        port = place.number
        _write(folder, port, unencrypted.number, service_port)
        command = [program, "-p", name, "-c", f"{name}/main.conf", "-e", f"{name}/errors.log"]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
            try:
                _wait_for(port, process)
                yield Nginx(port, folder)
            finally:
                process.terminate()


def _write(folder: Path, port: int, unencrypted: int, service_port: int) -> None:
    """The configuration as it is, but for addresses, ports and folders of this machine."""
    text = CONFIGURATION.read_text()
    for theirs, ours in (
        ("server 127.0.0.1:8000 ", f"server 127.0.0.1:{service_port} "),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{unencrypted};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("/etc/ssl/fieldwork/fullchain.pem", f"{folder}/certificate.pem"),
        ("/etc/ssl/fieldwork/privkey.pem", f"{folder}/key.pem"),
        ("/srv/fieldwork/deploy/pages/", f"{ROOT}/deploy/pages/"),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert theirs in text, theirs
        text = text.replace(theirs, ours)
    (folder / "fieldwork.conf").write_text(text)
    (folder / "main.conf").write_text(
        # Root's workers would be of another user, who may not read this checkout.
        f"{'user root;' if os.geteuid() == 0 else ''}\n"
        f"daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\n"
        "events { worker_connections 1024; }\n"
        "http {\n"
        "    types { text/html html; }\n"
        + "".join(
            f"    {kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f"    include {folder}/fieldwork.conf;\n}}\n"
    )
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"),
            *("-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"),
        ],
        check=True,
        capture_output=True,
    )


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up_at:
        assert process.poll() is None, "nginx ended; it said why above"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("nginx did not start in time")


def main() -> int:
    if find():
        return 0
    print("Installing nginx for the tests of serving.", flush=True)
    printed = install_packages("nginx")
    if find():
        return 0
    print(printed[-2000:], file=sys.stderr)
    print(
        "nginx could not be installed. Install it yourself and run make test again; if it is not "
        "in PATH, set NGINX to its path.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
