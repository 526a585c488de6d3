"""SQL for the quorum of a hearing, which the database holds for decisions and seals.

It counts whom ``ratings.hearing_members.present_members`` counts. ``schema`` names the tables for
functions that search none.
"""

from __future__ import annotations


def current_hearing_of(inspection: str, schema: str = "") -> str:
    """The number of the current hearing of the inspection with this number."""
    return f"""(
        SELECT id FROM {schema}ratings_panelhearing WHERE inspection_id = {inspection}
        ORDER BY submitted_at DESC, id DESC LIMIT 1
    )"""


def is_quorate(hearing: str, schema: str = "") -> str:
    """Whether as many members are present in this hearing as its quorum says. None are before
    attendance is recorded."""
    return f"""EXISTS (
        SELECT FROM {schema}ratings_panelhearing h WHERE h.id = {hearing} AND h.quorum <= (
            SELECT count(*) FROM {schema}ratings_attendance a
            JOIN {schema}ratings_panelseat s
                ON s.meeting_id = h.meeting_id AND s.member_id = a.member_id
            JOIN {schema}inspections_membership m
                ON m.inspection_id = h.inspection_id AND m.user_id = a.member_id
                AND m.role = 'PANEL_MEMBER'
            JOIN {schema}inspections_user u
                ON u.id = a.member_id AND u.is_active AND NOT u.is_staff
                AND u.home_service_id IS NULL
            WHERE a.hearing_id = h.id AND a.is_present AND NOT EXISTS (
                SELECT FROM {schema}ratings_steppedaside aside
                WHERE aside.hearing_id = h.id AND aside.member_id = a.member_id
            )
        )
    )"""


def names_too_few(inspection: str, schema: str = "") -> str:
    """Whether a current decision about this inspection names fewer members present than the quorum
    of its hearing. A hearing of before quorums were kept has none."""
    return f"""EXISTS (
        SELECT FROM {schema}ratings_discretion d
        JOIN {schema}ratings_panelhearing h ON h.id = d.hearing_id
        WHERE d.inspection_id = {inspection} AND d.withdrawn_at IS NULL AND h.quorum > (
            SELECT count(*) FROM {schema}ratings_presentatdecision p WHERE p.discretion_id = d.id
        )
    )"""


def is_replay(inspection: str) -> str:
    """Whether this inspection was replayed from a published report. Only those begin at the panel,
    and only the database writes the event that says so."""
    return f"""EXISTS (
        SELECT FROM ratings_replay r
        JOIN inspections_inspectionevent made ON made.pgh_obj_id = r.inspection_id
            AND made.pgh_label = 'insert' AND made.state = 'PANEL'
        WHERE r.inspection_id = {inspection}
    )"""
