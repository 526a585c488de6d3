"""How static files are named, stored and collected."""

import fcntl
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """File names contain a digest, also where one ES module imports another."""

    support_js_module_import_aggregation = True


def collect_if_changed() -> None:
    """Collect the static files unless none is newer than the last collection.

    Compressing them takes seconds, so it is not done at every start; several services may
    start at once, so one collects while the others wait.
    """
    root = Path(settings.STATIC_ROOT)
    root.mkdir(exist_ok=True)
    collected = root / "collected"
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if collected.exists() and _newest() < collected.stat().st_mtime:
            return
        collected.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        collected.touch()


def _newest() -> float:
    """When the newest static file changed, those of installed packages among them."""
    return max(
        Path(storage.path(name)).stat().st_mtime
        for finder in get_finders()
        for name, storage in finder.list([])
    )
