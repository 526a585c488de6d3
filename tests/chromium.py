"""Finding a Chromium for the browser tests, and installing one: `python -m tests.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")


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


def find_shell() -> str | None:
    """The path of Chromium without a window, which takes a third of the time; else ``find()``."""
    if os.environ.get("CHROMIUM"):
        return find()
    return next(filter(None, map(shutil.which, SHELLS)), None) or find()


def install() -> str:
    """Install one the way this machine allows; what was printed on the way, for when it failed."""
    printed = install_packages("chromium") if not find() else ""
    if not find():
        printed += _run(sys.executable, "-m", "playwright", "install", "chromium")
    # Not every system has this as a package; without it tests take longer.
    return printed + install_packages(SHELLS[0])


def install_packages(*names: str) -> str:
    """Install these packages of Debian or Ubuntu, where that is allowed; what was printed."""
    as_root: list[str] = []
    if os.geteuid() != 0:
        as_root = ["sudo", "-n"]
        if not shutil.which("sudo") or subprocess.run([*as_root, "true"]).returncode != 0:
            return ""
    if not shutil.which("apt-get"):
        return ""
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    return _run(*apt, "update") + _run(*apt, "install", "--yes", "--no-install-recommends", *names)


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
    if find() and (os.environ.get("CHROMIUM") or find_shell() != find()):
        return 0
    print("Installing Chromium for the browser tests.", flush=True)
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
