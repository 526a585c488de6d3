"""The least that Django can do to write a row: no middleware, nobody signed in.

A WSGI application of its own, served like the service, to compare our saves with: what a
save costs beyond this is what accepting it safely costs. Only a server loads this module.
"""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def write_row(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO minimal_row (body) VALUES (%s)", [request.body.decode()])
    return HttpResponse("written")


urlpatterns = [path("", write_row)]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = __name__
application = WSGIHandler()
