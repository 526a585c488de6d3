"""Reads settings from environment variables; errors say what to do."""

import datetime
import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off; ``default`` for unset or empty."""
    value = text(name).lower()
    if not value:
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} is “{value}”. Set it to 1 or 0.")


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is “{value}”. Set it to a whole number.") from None


def contents(name: str) -> str:
    """The contents of the file that is named, or the value itself if it names no file."""
    value = text(name)
    try:
        path = Path(value)
        return path.read_text() if value and path.is_file() else value
    except (OSError, UnicodeDecodeError):
        # The value isn't repeated: it may be the secret itself.
        raise ImproperlyConfigured(f"The file that {name} names can't be read.") from None


def readable_file(name: str) -> str:
    """The path of a file; empty for unset or empty."""
    path = text(name)
    if path and not (os.path.isfile(path) and os.access(path, os.R_OK)):
        raise ImproperlyConfigured(f"{name} is “{path}”, which is no file that can be read.")
    return path


def email(name: str) -> str:
    """An e-mail address; empty for unset or empty."""
    address = text(name)
    try:
        if address:
            validate_email(address)
    except ValidationError:
        raise ImproperlyConfigured(f"{name} is “{address}”. Set it to an e-mail address.") from None
    return address


def date(name: str) -> datetime.date | None:
    """A day; ``None`` for unset or empty."""
    value = text(name)
    try:
        return datetime.date.fromisoformat(value) if value else None
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} is “{value}”. Set it to a date such as 2026-03-31."
        ) from None


def listed(name: str) -> list[str]:
    """The parts of a comma-separated value."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def database(name: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/database?option=value`.

    Raises ImproperlyConfigured, in words and without repeating the password.
    """
    expected = f"Expected {name} like postgresql://user:password@host:5432/name."
    try:
        parsed: dict[str, Any] = dict(dj_database_url.parse(text(name)))
    except dj_database_url.UnknownSchemeError:
        parsed = {}
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read. {error} {expected}") from None
    if parsed.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            f"{name} names another database than PostgreSQL, the only one this service uses. "
            f"{expected}"
        )
    if not parsed["NAME"] or "/" in parsed["NAME"]:
        raise ImproperlyConfigured(f"{name} names no database. {expected}")
    options = parsed.setdefault("OPTIONS", {})
    # A socket's folder may be given as ?host=/path, as libpq itself reads it.
    parsed["HOST"] = options.pop("host", "") or parsed["HOST"]
    return parsed


def owner_of(served: dict[str, Any], name: str) -> dict[str, Any]:
    """The address by which the owner of the tables of ``served`` connects.

    Raises ImproperlyConfigured unless it is another role of the same database.
    """
    owner = database(name)
    if owner["NAME"] != served["NAME"]:
        raise ImproperlyConfigured(f"{name} and DATABASE_URL name two databases. Name one in both.")
    if not served["USER"] or not owner["USER"] or served["USER"] == owner["USER"]:
        raise ImproperlyConfigured(
            f"Let DATABASE_URL name the role of the service, and {name} another one, which owns "
            "the tables: docs/deploy.md."
        )
    return {key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}


DATA = Path(text("DATA_DIR", str(Path(__file__).resolve().parent.parent / ".data"))).absolute()
"""The folder in which a local run keeps its key and its database."""


def local_secret_key(path: Path) -> str:
    """The random key of a local run, made at first use and kept at `path`."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            # Linking fails if another process was first; then its key is used.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
