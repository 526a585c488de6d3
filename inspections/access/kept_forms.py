"""What was entered in a form that couldn't be received, because its session had ended.

It is kept for a while, for the person who opened the form: after signing in on the same browser
they send it with one press, or discard it. ADR 22 has what was weighed, abuse above all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import models
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.text import capfirst

from inspections.access.sent_forms import FIELD, TOKEN, read_form_id
from inspections.access.users import User

KEPT_FOR = timedelta(hours=2)
LONGEST = 1_000_000
"""Characters of one form; no form of the service takes more."""
MOST = 5
"""Forms that are kept for one person; the oldest gives way."""

IN_SESSION = "kept_forms"
"""The session has the numbers of the forms that were kept in it."""


class KeptFormQuerySet(models.QuerySet["KeptForm"]):
    def of(self, request: HttpRequest) -> KeptFormQuerySet:
        """Those kept in this browser's session for the person who is signed in now."""
        ids = [UUID(key) for key in request.session.get(IN_SESSION, ())]
        kept_since = timezone.now() - KEPT_FOR
        return self.filter(pk__in=ids, user=request.user.pk, kept_at__gt=kept_since)

    def forget(self, user: User, form: UUID) -> None:
        """Of a form that arrived after all."""
        self.filter(user=user.pk, form=form).delete()

    def forget_old(self) -> None:
        self.filter(kept_at__lt=timezone.now() - KEPT_FOR).delete()


class KeptForm(models.Model):
    """What was sent to an address. ``entered`` has pairs of a name and its values."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    form = models.UUIDField()
    address = models.TextField()
    entered = models.JSONField()
    files = models.JSONField(default=list)
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects: ClassVar[KeptFormQuerySet] = KeptFormQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("kept_at",)
        constraints = [
            models.UniqueConstraint(fields=["user", "form"], name="form_kept_once"),
        ]

    def __str__(self) -> str:
        return self.form_id

    @property
    def form_id(self) -> str:
        return f"{self.user_id}-{self.form}"

    @property
    def inputs(self) -> Iterator[tuple[str, str]]:
        """As a form sends it again."""
        for name, values in self.entered:
            for value in values:
                yield name, value

    @property
    def rows(self) -> list[dict[str, str]]:
        """What was entered, in words."""
        return _rows(self.inputs)


_NOT_TYPED = re.compile(r"(^|[-_])(base|version|id|sha256|then|save|FORMS|of|question)$|^_|_FORMS$")
"""Names of inputs that pages fill in themselves, and of buttons."""


def _rows(inputs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    words: dict[str, list[str]] = {}
    for name, value in inputs:
        if value.strip() and not _NOT_TYPED.search(name):
            words.setdefault(_label(name), []).append(_in_words(value))
    return [
        {"key": label, "value": (" " if _is_date(values) else "; ").join(values)}
        for label, values in words.items()
    ]


def _label(name: str) -> str:
    """``lead_view`` as "Lead view", ``2.1.1-note`` as "2.1.1 note"; a date's boxes are one."""
    return capfirst(re.sub(r"_[012]$", "", name).replace("_", " ").replace("-", " "))


def _in_words(value: str) -> str:
    """The names of choices, such as OUT_OF_COURT, as "Out of court"."""
    is_choice = re.fullmatch(r"[A-Z]{2,}(_[A-Z]+)*", value)
    return value.replace("_", " ").capitalize() if is_choice else value


def _is_date(values: Sequence[str]) -> bool:
    return all(value.isdecimal() for value in values)


def keep_form(request: HttpRequest) -> KeptForm | None:
    """Keep what was sent, if it was sent from a page that this service showed to a person.

    Not from another site, which could put words into somebody's mouth; not for somebody else than
    who is signed in; no passwords, and no files.
    """
    form = read_form_id(request.POST.get(FIELD))
    if form is None or not _is_from_here(request):
        return None
    if request.user.is_authenticated and request.user.pk != form.user:
        return None
    entered = _entered(request)
    files = [file.name for _, files in request.FILES.lists() for file in files]
    if not (entered or files) or len(json.dumps(entered)) > LONGEST:
        return None
    user = User.objects.filter(pk=form.user, is_active=True).first()
    if user is None:
        return None
    kept, _ = KeptForm.objects.update_or_create(
        user=user,
        form=form.uuid,
        defaults={
            "address": request.get_full_path(),
            "entered": entered,
            "files": files,
            "kept_at": timezone.now(),
        },
    )
    _make_room(user)
    known = request.session.get(IN_SESSION, [])
    request.session[IN_SESSION] = [*(key for key in known if key != str(kept.pk)), str(kept.pk)][
        -MOST:
    ]
    return kept


def refused_rows(request: HttpRequest) -> list[dict[str, str]]:
    """What was entered in a form that is answered with a refusal, in words, to be shown once more.

    Nobody needs to be signed in as who opened it: this browser showed it a moment ago.
    """
    try:
        form = read_form_id(request.POST.get(FIELD))
        if form is None or not form.user or not _is_from_here(request):
            return []
    except (BadRequest, SuspiciousOperation, MultiPartParserError, OSError):
        return []  # it can't be read, or is for no host of ours
    return _rows((name, value) for name, values in _entered(request) for value in values)


def _entered(request: HttpRequest) -> list[tuple[str, list[str]]]:
    return [
        (name.replace("\x00", ""), [value.replace("\x00", "") for value in values])
        for name, values in request.POST.lists()
        if name not in (FIELD, TOKEN) and "password" not in name.lower()
    ]


def _is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this service sent the request."""
    ours = {request.get_host(), *(urlsplit(one).netloc for one in settings.CSRF_TRUSTED_ORIGINS)}
    # What isn't an origin is not parsed, as that could fail: it is none of ours.
    return request.headers.get("Origin", "").partition("://")[2] in ours


def _make_room(user: User) -> None:
    KeptForm.objects.forget_old()
    theirs = KeptForm.objects.filter(user=user)
    newest = theirs.order_by("-kept_at").values_list("pk", flat=True)[:MOST]
    theirs.exclude(pk__in=list(newest)).delete()
