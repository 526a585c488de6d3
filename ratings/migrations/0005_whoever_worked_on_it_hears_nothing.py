import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('ratings', '0004_history_links'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='discretion',
            name='discretion_without_an_interest',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='discretion',
            trigger=pgtrigger.compiler.Trigger(name='discretion_without_an_interest', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF (\n                    NOT EXISTS (\n                        SELECT FROM inspections_membership\n                        WHERE inspection_id = NEW.inspection_id AND user_id = NEW.decided_by_id\n                            AND role <> 'PANEL_MEMBER'\n                    ) AND NOT EXISTS (\n                        SELECT FROM ratings_steppedaside s\n                        JOIN ratings_panelhearing h ON h.id = s.hearing_id\n                        WHERE h.inspection_id = NEW.inspection_id\n                            AND s.member_id = NEW.decided_by_id\n                    )\n                ) IS NOT TRUE THEN\n                RAISE EXCEPTION 'Who worked on an inspection or stepped aside from it takes no part in its decisions.' USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='89512a65a6eaf761a99c7e2c9905f670a830e2f5', operation='INSERT OR UPDATE OF "inspection_id", "decided_by_id"', pgid='pgtrigger_discretion_without_an_interest_2758f', table='ratings_discretion', when='BEFORE')),
        ),
    ]
