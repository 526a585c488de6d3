import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ('inspections', '0010_one_address'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='no_administrator_in_a_panel', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF (\n                    NEW.role <> 'PANEL_MEMBER' OR EXISTS (\n                        SELECT FROM inspections_user\n                        WHERE id = NEW.user_id AND NOT is_staff FOR SHARE\n                    )\n                ) IS NOT TRUE THEN\n                RAISE EXCEPTION 'An administrator sees no evidence and so sits in no ratings panel.' USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='5959c7bad2fe5392ae1e264dbb4d400987637ae9', operation='INSERT OR UPDATE OF "role", "user_id"', pgid='pgtrigger_no_administrator_in_a_panel_5ca55', table='inspections_membership', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='administrators_sit_in_no_panel', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF (\n                    OLD.is_staff OR NOT NEW.is_staff OR NOT EXISTS (\n                        SELECT FROM inspections_membership\n                        WHERE user_id = NEW.id AND role = 'PANEL_MEMBER'\n                    )\n                ) IS NOT TRUE THEN\n                RAISE EXCEPTION 'Somebody who sits in a ratings panel is no administrator.' USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='b88a531cb7c85f3e8c35727f379495e17b5b8dd6', operation='UPDATE OF "is_staff"', pgid='pgtrigger_administrators_sit_in_no_panel_50630', table='inspections_user', when='BEFORE')),
        ),
    ]
