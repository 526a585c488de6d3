"""Finding a Chromium for the browser tests, and installing one: `python -m tests.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium or Chrome: CHROMIUM, one in PATH, or the one Playwright installed."""
    if given := os.environ.get("CHROMIUM"):
        return shutil.which(given)
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        bundled = playwright.chromium.executable_path
    return bundled if Path(bundled).exists() else None


def install() -> str:
    """Install one the way this machine allows; what was printed on the way, for when it failed."""
    as_root: list[str] | None = None
    if os.geteuid() == 0:
        as_root = []
    elif shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"]).returncode == 0:
        as_root = ["sudo", "-n"]
    printed = ""
    if as_root is not None and shutil.which("apt-get"):
        apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
        printed += _run(*apt, "update")
        printed += _run(*apt, "install", "--yes", "--no-install-recommends", "chromium")
        if find():
            return printed
    return printed + _run(sys.executable, "-m", "playwright", "install", "chromium")


def _run(*command: str) -> str:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout


def main() -> int:
    if find():
        return 0
    print("No Chromium here yet: installing one for the browser tests.", flush=True)
    printed = install()
    if find():
        return 0
    print(printed[-2000:], file=sys.stderr)
    print(
        "A Chromium could not be installed. Install Chromium or Chrome yourself and run make test "
        "again; if it is not in PATH, set CHROMIUM to its path.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
