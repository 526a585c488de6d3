"""Decisions taken before there were hearings get one, from the date and people they name."""

from django.db import migrations
from django.db.models import Q


def give_hearings(apps, schema_editor):
    discretions = apps.get_model("ratings", "Discretion").objects
    meetings = apps.get_model("ratings", "PanelMeeting").objects
    seats = apps.get_model("ratings", "PanelSeat").objects
    hearings = apps.get_model("ratings", "PanelHearing").objects
    # What is sealed stays as it is; its document names date and members.
    open_ones = discretions.filter(hearing=None, meeting_date__isnull=False).filter(
        ~Q(inspection__state="SEALED")
    )
    found = {}
    for decision in open_ones.order_by("decided_at", "pk"):
        key = (decision.inspection_id, decision.meeting_date)
        if key not in found:
            # Nobody chaired on record: whoever wrote the decision down stands for the chair.
            meeting = meetings.create(
                meeting_date=decision.meeting_date,
                chair=decision.decided_by,
                arranged_at=decision.decided_at,
                arranged_by=decision.decided_by,
            )
            found[key] = hearings.create(
                meeting=meeting,
                inspection=decision.inspection,
                lead_view=decision.lead_view,
                submitted_at=decision.decided_at,
                submitted_by=decision.decided_by,
            )
        hearing = found[key]
        for member in {decision.decided_by, *decision.members_present.all()}:
            seats.get_or_create(meeting=hearing.meeting, member=member)
        discretions.filter(pk=decision.pk).update(hearing=hearing)


class Migration(migrations.Migration):
    dependencies = [("ratings", "0002_panel_and_seals")]

    operations = [migrations.RunPython(give_hearings, migrations.RunPython.noop)]
