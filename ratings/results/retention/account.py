"""Who runs a command, as far as this machine knows."""

from __future__ import annotations

import getpass


def account_of_this_machine() -> str:
    try:
        return getpass.getuser()[:100]
    except (KeyError, OSError):
        return "an account without a name"
