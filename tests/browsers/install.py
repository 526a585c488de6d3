"""Finding Firefox and WebKit, and installing them: `python -m tests.browsers.install`."""

from __future__ import annotations

import os
import shutil
import sys

from tests.chromium import install_packages

PROGRAMS = {
    "firefox": ("firefox-esr", "firefox"),
    "webkit": ("WebKitWebDriver",),
    "xvfb": ("Xvfb",),
}
PACKAGES = ("firefox-esr", "webkit2gtk-driver", "xvfb")


def find(name: str) -> str | None:
    """The path of one of ``PROGRAMS``: from the variable of that name, or in PATH."""
    if given := os.environ.get(name.upper()):
        return shutil.which(given)
    return next(filter(None, map(shutil.which, PROGRAMS[name])), None)


def main() -> int:
    if all(map(find, PROGRAMS)):
        return 0
    print("Firefox or WebKit is not here yet: installing them for their tests.", flush=True)
    printed = install_packages(*PACKAGES)
    missing = [name for name in PROGRAMS if not find(name)]
    if not missing:
        return 0
    print(printed[-2000:], file=sys.stderr)
    print(
        f"These could not be installed: {', '.join(missing)}. The tests need Firefox, WebKitGTK’s "
        "WebDriver and Xvfb. On Debian or Ubuntu, ask who administers this machine for "
        f"“apt-get install {' '.join(PACKAGES)}”, and run make test-browsers again. A program that "
        "is not in PATH is named by FIREFOX, WEBKIT or XVFB. WebKitGTK runs on Linux only.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
