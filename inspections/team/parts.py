"""What each part in an inspection is for, in words, for those who choose it."""

from __future__ import annotations

from inspections.models import Membership

Role = Membership.Role

PARTS = {
    Role.LEAD_INSPECTOR: "Runs the inspection: team, sample, allocation, sign-off, judgements, and "
    "the confirmation of the result. There is one.",
    Role.DEPUTY_LEAD: "Does what the lead inspector does, but doesn’t hand over the lead and "
    "doesn’t confirm the result.",
    Role.INSPECTOR: "Records the cases that are allocated to them, reads the others, and adds "
    "evidence. Sees ratings once fieldwork has closed.",
    Role.LOCAL_ASSESSOR: "On loan from another service. Records the cases that are allocated to "
    "them and reads the others. Sees no evidence, no ratings and no page of the panel, and takes "
    "no part in an inspection of their own service.",
    Role.REVIEWER: "Reads every case and the ratings at any time, comments, and returns cases. "
    "Changes no answer, signs nothing off and holds no case.",
    Role.PANEL_MEMBER: "Reads cases and evidence, sees ratings from the submission on, and decides "
    "professional discretion when the panel meets. Its chair confirms the result.",
    Role.OBSERVER: "Sees the ratings and what the panel decided on them, at any time, and nothing "
    "else.",
    Role.PUBLISHER: "Sees the sealed result and its file once it is sealed, and records when it "
    "was published.",
}
"""``docs/roles.md`` has the same sentences."""

WORDS = [(role.label, words) for role, words in PARTS.items()]
"""The name of each part with these sentences."""
