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


def install() -> None:
    """Install one the way this machine allows; quietly gives up on what does not work."""
    as_root: list[str] | None = None
    if os.geteuid() == 0:
        as_root = []
    elif shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"]).returncode == 0:
        as_root = ["sudo", "-n"]
    if as_root is not None and shutil.which("apt-get"):
        for arguments in (["update"], ["install", "--yes", "chromium"]):
            command = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
            subprocess.run([*command, *arguments], stdin=subprocess.DEVNULL)
        if find():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


def main() -> int:
    if find():
        return 0
    print("No Chromium here yet: installing one for the browser tests.", flush=True)
    install()
    if find():
        return 0
    print(
        "A Chromium could not be installed. Install Chromium or Chrome yourself and run make test "
        "again; if it is not in PATH, set CHROMIUM to its path.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
