"""The session and the account of a request, read by two prepared statements, and its cookie.

Django's session engine and middleware and allauth's backend are otherwise unchanged.
"""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.sessions import middleware
from django.contrib.sessions.backends import db
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse

from inspections.models import User
from inspections.prepared import run_prepared

SESSION = """
    SELECT session_data FROM django_session
    WHERE session_key = %(key)s::text AND expire_date > now()
"""
FIELDS = [field.attname for field in User._meta.concrete_fields]
COLUMNS = ", ".join(f'"{field.column}"' for field in User._meta.concrete_fields)
USER = f'SELECT {COLUMNS} FROM "{User._meta.db_table}" WHERE id = %(id)s::bigint'


class SessionStore(db.SessionStore):
    def __init__(self, session_key: str | None = None) -> None:
        # PostgreSQL takes no NUL, which a cookie can hold: no session has such a key.
        super().__init__(None if session_key and "\x00" in session_key else session_key)

    def load(self) -> dict[str, Any]:
        found = run_prepared(SESSION, {"key": self.session_key})
        # Django handles a missing session: it forgets the key.
        return self.decode(found[0][0]) if found else super().load()


class SessionMiddleware(middleware.SessionMiddleware):
    """As its parent, but never takes the cookie of an ended session back.

    All tabs of a browser have one cookie. What answers a request of before, and arrives after
    somebody signed in again in another tab, would take the new cookie and so sign them out. The
    cookie of an ended session opens nothing.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        if request.session.is_empty():
            response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return response


class SignedInBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        found = run_prepared(USER, {"id": user_id})
        if not found:
            return None
        user = User.from_db(DEFAULT_DB_ALIAS, FIELDS, found[0])
        return user if self.user_can_authenticate(user) else None
