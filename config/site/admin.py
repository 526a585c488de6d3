"""The admin site: accounts, services, inspections and their teams.

It replaces Django's default site, so that no app can register a model with evidence. Rows
whose deletion would delete or list evidence can't be deleted.
"""

from __future__ import annotations

from typing import Any

import psycopg
from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import IntegrityError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from inspections.models import Inspection, Membership, Service, User


class Administration(admin.AdminSite):
    site_header = "Record inspection fieldwork: administration"
    site_title = "Administration"
    index_title = "Accounts, services, inspections and teams"

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff


site = Administration(name="admin")
# Signing in goes through the service's own pages, second factor included.
site.login = secure_admin_login(site.login)  # type: ignore[method-assign]


class ForAdministrators:
    """Administrators may view, add and change; subclasses say what may be deleted."""

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


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")

    clean_email = _lower_email


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "name", "is_active", "is_staff")

    clean_email = _lower_email


class AccountAdmin(ForAdministrators, UserAdmin):
    """Accounts. People who leave are made inactive, so their records keep their name."""

    form = UserForm
    add_form = NewUserForm
    ordering = ("name",)
    list_display = ("name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name", "email")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("What they may do", {"fields": ("is_active", "is_staff")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "is_staff":
            field.label = "Administrator"
            field.help_text = (
                "Keeps accounts, services, inspections and teams. Sees no case, answer or rating."
            )
        return field


class ServiceAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ("name", "area")
    search_fields = ("name", "area")


class TeamFormSet(BaseInlineFormSet):
    """A team with one lead inspector, in which everybody has one role."""

    def clean(self) -> None:
        kept = [
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]
        leads = [row for row in kept if row.get("role") == Membership.Role.LEAD_INSPECTOR]
        if len(leads) != 1:
            raise forms.ValidationError("Give the inspection one lead inspector.")
        people = [row.get("user") for row in kept]
        if len(set(people)) < len(people):
            raise forms.ValidationError("Give each person one part in the inspection.")
        super().clean()


class TeamInline(ForAdministrators, admin.TabularInline):
    model = Membership
    formset = TeamFormSet
    extra = 3
    verbose_name = "person"
    verbose_name_plural = "team and ratings panel"

    has_delete_permission = ForAdministrators.administers


REFUSALS = {
    "case_allocated_within_the_team": "somebody you took off the team still has cases. "
    "Ask the lead inspector to allocate those to somebody else first.",
    "inspection_is_sealed": "the result is sealed, with its team. "
    "The chair of the ratings panel can reopen it.",
}
"""Messages by the name of the constraint or trigger that refused."""


class InspectionAdmin(ForAdministrators, admin.ModelAdmin):
    """Inspections and their teams. The lead inspector moves an inspection from state to state."""

    fields = ("service", "edition", "state", "fieldwork_start_date", "fieldwork_end_date")
    list_display = ("service", "edition", "state", "fieldwork_start_date")
    list_filter = ("state", "edition")
    list_select_related = ("service",)
    search_fields = ("service__name",)
    inlines = (TeamInline,)
    view_on_site = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Evidence was checked against the edition when it was recorded.
        return ("state", "edition") if obj else ("state",)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            cause = error.__cause__
            constraint = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
            if constraint not in REFUSALS:
                raise
            messages.error(request, f"Nothing was saved: {REFUSALS[constraint]}")
            return HttpResponseRedirect(request.path)


site.register(User, AccountAdmin)
site.register(Service, ServiceAdmin)
site.register(Inspection, InspectionAdmin)
