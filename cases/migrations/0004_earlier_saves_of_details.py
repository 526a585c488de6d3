from django.db import migrations

DETAILS = (
    "disposal_type disposal_local_name disposal_date offence_type gender age ethnicity "
    "looked_after protection_plan education_status serious_harm_level serious_harm_agreed "
    "serious_harm_own_level serious_harm_reason safety_level safety_agreed safety_own_level "
    "safety_reason case_manager_interviewed no_interview_reason management_oversight_met_needs "
    "factors good_practice poor_practice"
)

# The details of a case were saved together, and its events were their history: what people changed
# becomes saves. What a case had from the start has no save, as before.
EARLIER_SAVES = f"""
INSERT INTO cases_detailsave
    (id, case_id, field, value, base_version, version, saved_at, saved_by_id)
SELECT gen_random_uuid(), e.pgh_obj_id, field, nullif(now -> field, 'null'),
    (before ->> 'version')::int, e.version, e.pgh_created_at, u.id
FROM (
    SELECT pgh_obj_id, pgh_id, pgh_created_at, pgh_context, version, to_jsonb(c) AS now,
        lag(to_jsonb(c)) OVER (PARTITION BY pgh_obj_id ORDER BY pgh_id) AS before
    FROM cases_caseevent c
) e
JOIN cases_case ON cases_case.id = e.pgh_obj_id
JOIN inspections_user u ON u.id = (e.pgh_context ->> 'user')::bigint
CROSS JOIN unnest(string_to_array('{DETAILS}', ' ')) AS field
WHERE now -> field <> before -> field AND e.version > (before ->> 'version')::int
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_details_are_saved_one_by_one")]

    operations = [migrations.RunSQL(EARLIER_SAVES, migrations.RunSQL.noop)]
