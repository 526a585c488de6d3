"""Who is signed in, as a condition that a statement can hold to while it writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.http import HttpRequest

from inspections.models import User
from inspections.prepared import rows

STILL_SIGNED_IN = """
    SELECT proof.number, proof."user"
    FROM json_to_recordset(%(proofs)s::json) AS proof(
        number int, session text, contents text, "user" bigint, password text, name text
    )
    JOIN django_session s ON s.session_key = proof.session AND s.expire_date > now()
        AND encode(sha256(convert_to(s.session_data, 'UTF8')), 'hex') = proof.contents
    JOIN inspections_user u ON u.id = proof."user" AND u.is_active AND u.name = proof.name
        AND encode(sha256(convert_to(u.password, 'UTF8')), 'hex') = proof.password
"""
"""The proofs that still hold when the statement begins, of ``Proof.as_row`` each: nobody has
signed out, changed or lost the account, or chosen another password since Django let them in."""

CONTENTS = """
    SELECT session_data FROM django_session
    WHERE session_key = %(session)s::text AND expire_date > now()
"""

MOST_KNOWN = 5_000
"""How many proofs a process keeps."""

_known: dict[str, Proof] = {}


@dataclass(frozen=True, slots=True)
class Proof:
    """What Django found when it let ``user`` in: their session and their account.

    ``contents`` is a digest of what the session holds, ``password`` one of the password as it
    is kept.
    """

    session: str = field(repr=False)
    contents: str
    user: int
    password: str
    name: str

    @classmethod
    def of(cls, session: str, contents: str, user: User) -> Proof:
        return cls(session, _digest(contents), user.pk, _digest(user.password), user.name)

    def as_row(self, number: int) -> dict[str, Any]:
        return {
            "number": number,
            "session": self.session,
            "contents": self.contents,
            "user": self.user,
            "password": self.password,
            "name": self.name,
        }


def proof_of(request: HttpRequest) -> Proof | None:
    """Proof of who sends ``request``, or ``None`` when nobody is signed in.

    Django decides once; after that the proof is known to this process, and whether it still
    holds is for ``STILL_SIGNED_IN`` to say.
    """
    session = request.session.session_key
    if session is None:
        return None
    known = _known.get(session)
    return known if known is not None else _prove(request, session)


def forget(proof: Proof) -> None:
    """Ask Django anew next time: ``proof`` may not hold any more."""
    _known.pop(proof.session, None)


def _prove(request: HttpRequest, session: str) -> Proof | None:
    user = request.user
    if not isinstance(user, User):
        return None
    found = rows(CONTENTS, {"session": session})
    # Only what Django went by is a proof, not what another request has written since.
    if not found or request.session.decode(found[0][0]) != dict(request.session.items()):
        return None
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    return _known.setdefault(session, Proof.of(session, found[0][0], user))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
