"""The same minimal view with no middleware and nobody signed in: the least that Django can do."""

from __future__ import annotations

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from ratings.benchmarks import minimal

settings.MIDDLEWARE = []
settings.ROOT_URLCONF = minimal.__name__
application = WSGIHandler()
