"""Which opened forms were sent and accepted, so that each makes one record.

Every form has an id of its own (``{% form_id %}``), new each time that it is opened. The first time
it is sent, a row is written in the transaction in which it is received. A repeat waits for that
row, and then gets what the first one got.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import ClassVar
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from inspections.access.users import User

FIELD = "form_id"
TOKEN = "csrfmiddlewaretoken"
"""The names of the hidden inputs of every form."""

KEPT_FOR = timedelta(days=30)
"""A device asks for a form's fate when it is back on the network: ``/sent-forms/``."""

_FORM_ID = re.compile(r"([0-9]{1,18})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class FormId:
    """``user`` is the number of the person that the form was opened by, 0 for nobody."""

    user: int
    uuid: UUID


def new_form_id(user: int | None) -> str:
    return f"{user or 0}-{uuid4()}"


def read_form_id(sent: str | None) -> FormId | None:
    """The parts of an id, or ``None`` for anything else."""
    match = _FORM_ID.fullmatch(sent or "")
    return FormId(int(match[1]), UUID(match[2])) if match else None


def digest_of(request: HttpRequest) -> str:
    """Of the address, all that was entered, and the files.

    Under the service's key, because a form can hold a password, whose plain digest could be tried.
    """
    entered = [
        (name, values) for name, values in request.POST.lists() if name not in (FIELD, TOKEN)
    ]
    files = [
        (name, file.name, _digest_of_file(file))
        for name, files in request.FILES.lists()
        for file in files
    ]
    content = json.dumps([request.get_full_path(), entered, files])
    return salted_hmac(__name__, content, algorithm="sha256").hexdigest()


def _digest_of_file(file: UploadedFile) -> str:
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


class SentFormQuerySet(models.QuerySet["SentForm"]):
    def accepted(self, user: User, forms: Iterable[UUID]) -> set[UUID]:
        return set(self.filter(user=user, form__in=forms).values_list("form", flat=True))

    def forget_old(self) -> None:
        self.filter(sent_at__lt=timezone.now() - KEPT_FOR).delete()


class SentForm(models.Model):
    """A form with some content that was accepted, and what it led to.

    The same form with other content is another submission.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    form = models.UUIDField()
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)
    address = models.TextField()
    messages = models.JSONField(default=list)

    objects: ClassVar[SentFormQuerySet] = SentFormQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "form", "digest"], name="form_accepted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}-{self.form}"
