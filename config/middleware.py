"""Middleware of our own."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from csp.middleware import CSPMiddleware
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.deprecation import MiddlewareMixin
from pghistory.middleware import HistoryMiddleware

from cases.actions import record_reads
from cases.loading import cases_shown
from cases.models import CaseRead
from config import bodies
from config.pages import service
from config.refused_forms import expired, keep_until_signed_in
from inspections.access.requests import SIGN_IN_FIRST
from inspections.access.second_step import MISSING
from inspections.access.sent_forms import FIELD, digest_of, read_form_id
from inspections.models import KeptForm, SentForm, User

ONE_PACKET = 1_400
"""Bytes that fit into one packet, so compressing them gains nothing."""

SAVES_OF_ANSWERS = re.compile(r"/inspections/\d+/cases/\d+/saves/")


class CompressPages(GZipMiddleware):
    """Compresses pages, but not streams, whose events compression would delay."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not isinstance(response, HttpResponse) or len(response.content) < ONE_PACKET:
            return response
        return super().process_response(request, response)


class ContentSecurityPolicy(CSPMiddleware):
    """As its parent, but without a policy for JSON."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if isinstance(response, JsonResponse):
            return response
        return super().process_response(request, response)


class LoginRequiredByDefault(LoginRequiredMiddleware):
    """As its parent, but answers scripts with 401 in JSON, and keeps what others entered."""

    def handle_no_permission(  # type: ignore[override]  # its own always redirects
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if getattr(view_func, "is_for_scripts", False):
            error = {"error": SIGN_IN_FIRST}
            return JsonResponse(error, status=401, headers={"Cache-Control": "no-store, private"})
        kept = keep_until_signed_in(request)
        return kept or super().handle_no_permission(request, view_func)


class SecondStepFirst(MiddlewareMixin):
    """Leads whoever must set up a second step to the page for it; only pages of their own account
    are open until then. Scripts are told that nobody is signed in, so what they send waits."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        is_open = not getattr(view, "login_required", True)
        if is_open or view.__module__.startswith("allauth.") or not request.session.get(MISSING):
            return None
        if getattr(view, "is_for_scripts", False):
            return JsonResponse({"error": SET_UP_FIRST}, status=401)
        keep_until_signed_in(request)
        return redirect("mfa_index")


SET_UP_FIRST = "Set up your second step first: what waits on this device is sent then."


class HistoryOfRequests(HistoryMiddleware):
    """As its parent, but skips saves of answers: their statement sets the person itself, and
    couldn't be prepared with another one before it."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SAVES_OF_ANSWERS.fullmatch(request.path):
            return self.get_response(request)
        return super().__call__(request)


def refuse_nul(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Refuse an address with a NUL, which PostgreSQL takes nowhere and no browser sends."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("An address with a NUL.")
        return get_response(request)

    return respond


def refuse_bodies(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer a request whose body was refused: scripts in JSON, others with a page."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        status = request.META.get(bodies.REFUSED)
        if status is None:
            return get_response(request)
        heading, words = bodies.WORDS[status]
        headers = {"Cache-Control": "no-store"}
        if request.content_type == "application/json":
            return JsonResponse({"error": words}, status=status, headers=headers)
        return HttpResponse(_refusal(heading, words), status=status, headers=headers)

    return respond


@cache
def _refusal(heading: str, words: str) -> str:
    """Made once: who sends many such requests must not keep us busy with it."""
    return render_to_string("refused_body.html", {"heading": heading, "words": words} | service())


def keep_no_page(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Forbid browsers to store pages of people who are signed in.

    Otherwise "back" would show them after signing out, or to the next person.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # Reading the user takes two queries, so responses with a Cache-Control come first.
        if "Cache-Control" not in response and request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return respond


def say_what_was_not_done(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Lead whoever opens an address that only takes forms, as after signing in, back to the page
    above it, and say in words that nothing was done."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        match = request.resolver_match
        if response.status_code != 405 or getattr(match and match.func, "is_for_scripts", False):
            return response
        if request.method in ("GET", "HEAD") and (page := _page_above(request.path)):
            if NOTHING_DONE not in {str(one) for one in _waiting(request)}:
                messages.warning(request, NOTHING_DONE)
            return HttpResponseRedirect(page)
        words = render(request, "405.html", status=405)
        words.headers["Allow"] = response.headers["Allow"]
        return words

    return respond


NOTHING_DONE = (
    "Nothing was done. That address only takes what is sent from a page: use the button on it."
)


def _page_above(path: str) -> str | None:
    """The nearest address above that belongs to a page; it may lead further up."""
    while path.count("/") > 2:
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return None


def record_what_was_read(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Record who was shown which case, for every page that loads one (ADR 37).

    It is the one place where reads are written, after the page is made and before it is sent: a
    page whose reading can't be recorded is not shown. A redirect shows nothing, nor does a refusal
    to open a page; a refusal to take a form shows the case again. Saves load no case this way.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if (cases := cases_shown(request)) and _shows_its_page(request, response):
            match = request.resolver_match
            is_kept = KEPT_OFFLINE in request.headers
            page = CaseRead.OFFLINE if is_kept else str(match and match.url_name)
            record_reads(cases=cases, page=page, by=cast(User, request.user))
        return response

    return respond


KEPT_OFFLINE = "X-Kept-Offline"
"""A device sends this header when it loads a page to keep it (``static/recording``)."""


def _shows_its_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    return response.status_code in (200, 409) or (
        response.status_code == 403 and request.method == "POST"
    )


class OneRecordAForm(MiddlewareMixin):
    """Receives each opened form once: a repeat, however soon, gets what the first one got.

    The view runs in the transaction that remembers the form (ADR 21). Only a redirect without a
    warning is remembered: after anything else the person corrects the form and sends it again.
    allauth's own forms, which make no record, stay as they are. A form that somebody else opened
    is never received as this person's.
    """

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if request.method != "POST" or view.__module__.startswith("allauth."):
            return None
        form = read_form_id(request.POST.get(FIELD))
        if form is None or not request.user.is_authenticated:
            return None
        if form.user not in (0, request.user.pk):
            return expired(request)
        key: dict[str, Any] = {
            "user_id": request.user.pk,
            "form": form.uuid,
            "digest": digest_of(request),
        }
        before = len(_waiting(request))
        refused = None
        with transaction.atomic():
            # Waits for a transaction that is receiving the same.
            sent, is_new = SentForm.objects.get_or_create(**key)
            if not is_new:
                return _again(request, sent)
            try:
                response = view(request, *args, **kwargs)
            except (PermissionDenied, Http404, SuspiciousOperation, BadRequest) as refusal:
                # What the view saved before it was refused stays.
                response, refused = HttpResponse(), refusal
            said = _waiting(request)[before:]
            if _is_accepted(response, said):
                sent.address = response["Location"]
                sent.messages = [[one.level, str(one.message), one.extra_tags] for one in said]
                sent.save(update_fields=["address", "messages"])
                transaction.on_commit(_forget_old, robust=True)
            elif response.status_code >= 500:
                transaction.set_rollback(True)
            else:
                sent.delete()
            if (response.status_code < 400 and refused is None) or response.status_code == 409:
                # It is saved, or in the form that the page shows.
                KeptForm.objects.forget(request.user, form.uuid)
        if refused is not None:
            raise refused
        return response


def _forget_old() -> None:
    SentForm.objects.forget_old()
    KeptForm.objects.forget_old()


def _waiting(request: HttpRequest) -> list[Any]:
    """The messages that the next page will show."""
    storage = messages.get_messages(request)
    waiting = list(storage)
    storage.used = False  # type: ignore[union-attr]  # they were not shown
    return waiting


def _is_accepted(response: HttpResponseBase, said: list[Any]) -> bool:
    return 300 <= response.status_code < 400 and all(one.level < messages.WARNING for one in said)


def _again(request: HttpRequest, sent: SentForm) -> HttpResponseBase:
    """Where the first one led, with its messages unless they are still to be shown."""
    waiting = {(one.level, str(one.message)) for one in _waiting(request)}
    for level, words, tags in sent.messages:
        if (level, words) not in waiting:
            messages.add_message(request, level, words, extra_tags=tags)
    return HttpResponseRedirect(sent.address)
