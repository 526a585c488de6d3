"""The service's settings, as the tests run it."""

import os

# Playwright's sync API runs an event loop in the test's own thread, where Django would refuse to
# use the database; the tests do not interleave anything in it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from config.postgresql import embedded, embedded_roles
from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES

# Signing in dozens of people must not take seconds of hashing.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A code of an authenticator app holds for as long as a slow machine takes to enter it.
MFA_TOTP_PERIOD = 10**10
# Seals are unsigned unless a test signs them, whatever the environment says.
SEAL_SIGNING_KEY = ""
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The files as they are in static/, not as collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Tests make databases, empty tables and try what a superuser may do. A browser is served as the
# application's role (tests/conftest.py), and tests of its rights become it (tests/application.py).
OWNER_DATABASE = {}
if DATABASES["default"]["ENGINE"] == "config.postgresql":
    APPLICATION_ROLE = embedded_roles.APPLICATION
    DATABASES["default"]["USER"] = embedded.SUPERUSER
else:
    APPLICATION_ROLE = "test_fieldwork_application"
# Each process has a database of its own, so that two runs at once do not take each other's.
DATABASES["default"]["TEST"] = {"NAME": f"test_fieldwork_{os.getpid()}"}
# Threads of a test wait for a connection for as long as a slow machine needs.
DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 120
# What is tested does not survive a power cut, so it need not wait for the disk.
DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
