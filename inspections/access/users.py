"""People with an account."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Concat, Lower

from inspections.invariants import refuse_unless
from inspections.names import NameKey, NameOrder, is_a_name


class UserManager(BaseUserManager["User"]):
    """Creates accounts; the e-mail address takes the place of a user name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


def _key(name: str) -> str:
    """The SQL by which names are compared."""
    return NameKey.template % {"expressions": name}


def named(table: str) -> str:
    """The SQL for a person of ``table`` as ``str(user)`` names them."""
    with_address = f"{table}.name || ' (' || {table}.email || ')'"
    return f"CASE WHEN {table}.has_namesake THEN {with_address} ELSE {table}.name END"


def name_of(relation: str) -> models.Case:
    """The same as an expression, of the person of ``relation``."""
    name, email = f"{relation}__name", f"{relation}__email"
    text = models.TextField()
    with_address = Concat(name, models.Value(" ("), email, models.Value(")"), output_field=text)
    has_namesake = models.When(**{f"{relation}__has_namesake": True}, then=with_address)
    return models.Case(has_namesake, default=name, output_field=text)


@pghistory.track(exclude=["password", "last_login", "has_namesake"])
class User(AbstractUser):
    """A person with an account. What they may do follows from their memberships.

    An administrator (``is_staff``) keeps accounts, services, inspections and teams and
    sees no evidence: children's records are for those who inspect them.
    """

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("full name", max_length=150)
    email = models.EmailField("email address", unique=True)
    home_service = models.ForeignKey(
        "inspections.Service", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The service from which somebody is on loan. They are local assessor of other services, and
    nothing else."""
    has_namesake = models.BooleanField(default=False, editable=False)
    """Whether another account has the same name. A trigger keeps it, so that wherever a person is
    named it costs no query to tell them apart."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        ordering = (NameOrder("name"), "email")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_its_case"),
            is_a_name("user_name_given", "name"),
            models.CheckConstraint(
                condition=models.Q(is_staff=False) | models.Q(home_service=None),
                name="user_on_loan_is_no_administrator",
                violation_error_message="Somebody on loan from a service is no administrator.",
            ),
        ]
        triggers = [
            # The lock lets no two accounts of one name be made at once, unseen by each other.
            pgtrigger.Trigger(
                name="user_namesakes",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Delete | pgtrigger.UpdateOf("name"),
                func=f"""
                    PERFORM pg_advisory_xact_lock(hashtext('inspections_user.name'));
                    UPDATE inspections_user known
                    SET has_namesake = NOT known.has_namesake
                    WHERE {_key("known.name")} IN ({_key("NEW.name")}, {_key("OLD.name")})
                        AND known.has_namesake <> EXISTS (
                            SELECT FROM inspections_user other
                            WHERE other.id <> known.id
                                AND {_key("other.name")} = {_key("known.name")}
                        );
                    RETURN NULL;
                """,
            ),
            # allauth asks its own table who has an address. It has the account's address and no
            # other, verified, as the link with which the password is chosen goes there.
            pgtrigger.Trigger(
                name="user_address_is_allauths",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("email"),
                func="""
                    DELETE FROM account_emailaddress
                    WHERE user_id = NEW.id AND email <> lower(NEW.email);
                    INSERT INTO account_emailaddress (user_id, email, verified, "primary")
                    VALUES (NEW.id, lower(NEW.email), true, true)
                    ON CONFLICT (user_id, email) DO UPDATE SET verified = true, "primary" = true;
                    RETURN NULL;
                """,
            ),
            refuse_unless(
                "administrators_sit_in_no_panel",
                """
                    OLD.is_staff OR NOT NEW.is_staff OR NOT EXISTS (
                        SELECT FROM inspections_membership
                        WHERE user_id = NEW.id AND role = 'PANEL_MEMBER'
                    )
                """,
                "Somebody who sits in a ratings panel is no administrator.",
                on=pgtrigger.UpdateOf("is_staff"),
            ),
            # Parts in sealed inspections stay for good, also when somebody is on loan no more.
            refuse_unless(
                "home_service_fits_the_parts",
                """
                    NEW.home_service_id IS NOT DISTINCT FROM OLD.home_service_id OR NOT EXISTS (
                        SELECT FROM inspections_membership m
                        JOIN inspections_inspection i ON i.id = m.inspection_id
                        WHERE m.user_id = NEW.id AND CASE
                            WHEN NEW.home_service_id IS NULL
                            THEN m.role = 'LOCAL_ASSESSOR' AND i.state <> 'SEALED'
                            ELSE m.role <> 'LOCAL_ASSESSOR' OR i.service_id = NEW.home_service_id
                        END
                    )
                """,
                "The parts that this person has do not fit the home service.",
                on=pgtrigger.UpdateOf("home_service_id"),
            ),
        ]

    def __str__(self) -> str:
        """The name; with the address where another account has the same name."""
        return f"{self.name} ({self.email})" if self.has_namesake else self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
