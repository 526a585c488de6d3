"""The services that are inspected."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from inspections.names import NameOrder, contains_name, is_a_name, name_once, same_name
from inspections.versions import VersionedSince


class ServiceQuerySet(models.QuerySet["Service"]):
    def named(self, name: str) -> ServiceQuerySet:
        """The one of this name, whatever its case and spaces."""
        return self.filter(same_name("name", name))

    def like(self, text: str) -> ServiceQuerySet:
        """Those whose name or area contains ``text``, whatever its case and spaces."""
        return self.filter(contains_name("name", text) | contains_name("area", text))


@pghistory.track()
class Service(VersionedSince):
    """A youth offending team (YOT), by its local name."""

    name = models.CharField(max_length=200)
    area = models.CharField(max_length=200, blank=True)
    contact_emails = ArrayField(models.EmailField(), default=list, blank=True)
    """Where the service is written to, most important first."""

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = (NameOrder("name"), "pk")
        constraints = [
            *VersionedSince.Meta.constraints,
            name_once("service_name_once", "name", "There is a service of this name already."),
            is_a_name("service_name_given", "name"),
        ]

    def __str__(self) -> str:
        return self.name
