"""The admin site: accounts, and nothing else.

It replaces Django's default site, so that no app can register a model with evidence. Only accounts
that were made in error and hold nothing can be deleted, so no deletion lists or takes evidence.
Nobody learns or sets the password of somebody else here: people choose their own, with a link that
is sent to them.
"""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from config.site.admin_versions import CheckedForm, ForVersions
from config.site.closing import hangs_on
from inspections.access.invitations import send_link_after_commit, tell_after_commit
from inspections.access.sign_ins import record
from inspections.models import Inspection, Membership, Service, SignInRecord, User
from inspections.names import NameOrder, clean_name
from inspections.team.invitations import holds_anything, may_remove_account
from ratings.models import PanelSeat


class Administration(admin.AdminSite):
    site_header = "Record inspection fieldwork: administration"
    site_title = "Administration"
    index_title = "Accounts"

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def password_change(  # type: ignore[override]  # its own is a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As signing in: on the service's own page."""
        return redirect("account_change_password")


site = Administration(name="admin")
# Signing in goes through the service's own pages, second factor included.
site.login = secure_admin_login(site.login)  # type: ignore[method-assign]


class ForAdministrators:
    """Administrators may view, add and change."""

    def administers(self, request: HttpRequest, obj: Any = None) -> bool:
        return site.has_permission(request)

    has_module_permission = has_view_permission = administers
    has_add_permission = has_change_permission = administers

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _lower_email(form: forms.ModelForm[User]) -> str:
    """Addresses are kept in lower case, as people sign in whatever case they type."""
    email: str = form.cleaned_data["email"]
    return email.lower()


def _seen_name(form: forms.ModelForm[User]) -> str:
    """Without invisible characters; refused if nothing is left."""
    name = clean_name(form.cleaned_data["name"])
    if not name:
        raise forms.ValidationError("Enter a name: nothing of this one is seen.")
    return name


class NewUserForm(forms.ModelForm):
    """A new account. Its person chooses the password, with a link that is sent to them."""

    class Meta:
        model = User
        fields = ("email", "name", "is_staff", "home_service")

    clean_email = _lower_email
    clean_name = _seen_name


class UserForm(CheckedForm, UserChangeForm):
    password = None  # type: ignore[assignment]  # Django's shows its hash, and a way to set it

    class Meta:
        model = User
        fields = ("email", "name", "is_active", "is_staff", "home_service")

    clean_email = _lower_email
    clean_name = _seen_name

    def clean_is_staff(self) -> bool:
        """Refused for people of a ratings panel, who would go on seeing evidence."""
        is_staff: bool = self.cleaned_data["is_staff"]
        if is_staff and "is_staff" in self.changed_data and _sits_in_a_panel(self.instance):
            raise forms.ValidationError(
                f"{self.instance} sits in a ratings panel, and an administrator sees no evidence. "
                "Make somebody else administrator."
            )
        return is_staff

    def clean_home_service(self) -> Service | None:
        """Refused where it doesn't fit the parts that the person has, as the database does."""
        home: Service | None = self.cleaned_data["home_service"]
        is_changed = "home_service" in self.changed_data
        if is_changed and (words := _why_not_at_home_in(home, self.instance)):
            raise forms.ValidationError(words)
        return home

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        administered = self.initial["is_staff"] and self.initial["is_active"]
        administers = cleaned.get("is_staff") and cleaned.get("is_active")
        if administered and not administers and not _others_administer(self.instance):
            raise forms.ValidationError(
                f"{self.instance} is the last administrator. Make somebody else administrator "
                "first, or nobody can keep accounts any more."
            )
        return cleaned


def _sits_in_a_panel(person: User) -> bool:
    """On an inspection, or in a meeting that may still hear one."""
    seats = PanelSeat.objects.filter(member=person, meeting__meeting_date__gte=localdate())
    role = Membership.Role.PANEL_MEMBER
    return person.memberships.filter(role=role).exists() or seats.exists()


def _why_not_at_home_in(home: Service | None, person: User) -> str | None:
    local = Membership.Role.LOCAL_ASSESSOR
    parts = person.memberships.select_related("inspection__service")
    if home is None:
        under_way = parts.filter(role=local).exclude(inspection__state=Inspection.State.SEALED)
        if part := under_way.first():
            return (
                f"{person} is local assessor in the inspection of {part.inspection.service}. Take "
                "them off that team first."
            )
        return None
    if part := parts.filter(inspection__service=home).first():
        return (
            f"{person} is on an inspection of {home}, and a local assessor takes no part in one of "
            "their own service."
        )
    if part := parts.exclude(role=local).first():
        return (
            f"{person} is {part.get_role_display().lower()} in the inspection of "
            f"{part.inspection.service}. Somebody on loan is local assessor and nothing else: make "
            "another account."
        )
    if _sits_in_a_panel(person):
        return f"{person} sits in a ratings panel, and somebody on loan sees no page of it."
    return None


def _administrators() -> QuerySet[User]:
    return User.objects.filter(is_staff=True, is_active=True)


def _others_administer(person: User) -> bool:
    return _administrators().exclude(pk=person.pk).exists()


class AccountAdmin(ForAdministrators, ForVersions, UserAdmin):
    """Accounts. People who leave are made inactive, so their records keep their name.

    An account whose person never signed in and that holds nothing can be deleted: it was made in
    error. Whatever it holds protects it.
    """

    versioned = ("email", "name", "is_active", "is_staff", "home_service")
    form = UserForm
    add_form = NewUserForm
    ordering = (NameOrder("name"), "email")
    list_display = ("name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name", "email")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "home_service")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "is_staff", "home_service")}),)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """The filters that the page offers; Django's would ask anything of an account's fields."""
        return lookup in {f"{field}__exact" for field in self.list_filter}

    def get_urls(self) -> list[Any]:
        """Without ``UserAdmin``'s page on which one sets another's password."""
        own = [
            path(
                f"<int:user_id>/{address}/",
                self.admin_site.admin_view(view),
                name=f"inspections_user_{view.__name__}",
            )
            for address, view in (
                ("send-link", self.send_link),
                ("reset-second-step", self.reset_second_step),
            )
        ]
        return [*own, *super(UserAdmin, self).get_urls()]

    @method_decorator(require_POST)
    def send_link(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Send somebody a link with which they choose a new password."""
        person = get_object_or_404(User, pk=user_id)
        if person.is_active:
            send_link_after_commit(request, to=person, by=cast(User, request.user))
        else:
            messages.warning(request, f"No email was sent: {person}’s account is closed.")
        return redirect("admin:inspections_user_change", user_id)

    @method_decorator(require_POST)
    def reset_second_step(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Let somebody who lost their authenticator app sign in without it, and set up another."""
        person = get_object_or_404(User, pk=user_id)
        steps = Authenticator.objects.filter(user=person)
        if person == request.user:
            messages.error(request, "Change your own second step on the pages of your account.")
        elif not steps.exists():
            messages.info(request, f"{person} has no second step.")
        else:
            steps.delete()
            self.log_change(request, person, "Second step reset")
            record(SignInRecord.Kind.STEP_RESET, request, request.user, of=person)
            tell_after_commit(request, "second_step_reset", of=person, by=cast(User, request.user))
            messages.success(request, f"{person} signs in without a second step, once.")
        return redirect("admin:inspections_user_change", user_id)

    def _locked(self, request: HttpRequest, object_id: str | None) -> Any:
        """Administrators first, in one order: of two who remove each other, one is the last."""
        if request.method == "POST" and object_id is not None:
            list(_administrators().order_by("pk").select_for_update(of=("self",)))
        return super()._locked(request, object_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or not site.has_permission(request):
            return False
        return may_remove_account(obj, cast(User, request.user)) and not holds_anything(obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        by = cast(User, request.user)
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            send_link_after_commit(request, to=obj, by=by)
        elif "email" in form.changed_data:
            old = form.initial["email"]
            tell_after_commit(request, "address_changed", of=obj, by=by, to=old)
        if change and "is_active" in form.changed_data and not obj.is_active:
            for sentence in hangs_on(obj):
                messages.warning(request, sentence)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "is_staff":
            field.label = "Administrator"
            field.help_text = (
                "Keeps accounts, services, inspections and teams. Sees no case, answer or rating."
            )
        if field is not None and db_field.name == "home_service":
            field.label = "On loan from"
            field.help_text = (
                "The service that a local assessor works for. They are local assessor in "
                "inspections of other services, and nothing else. Leave it empty for all others."
            )
        return field


site.register(User, AccountAdmin)
