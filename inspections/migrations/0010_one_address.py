import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ('inspections', '0009_cache_table'),
        ('account', '0009_emailaddress_unique_primary_email'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='user_address_is_allauths', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    DELETE FROM account_emailaddress\n                    WHERE user_id = NEW.id AND email <> lower(NEW.email);\n                    INSERT INTO account_emailaddress (user_id, email, verified, "primary")\n                    VALUES (NEW.id, lower(NEW.email), true, true)\n                    ON CONFLICT (user_id, email) DO UPDATE SET verified = true, "primary" = true;\n                    RETURN NULL;\n                ', hash='d54b11725283f747dae6ef6465a876e626ef579c', operation='INSERT OR UPDATE OF "email"', pgid='pgtrigger_user_address_is_allauths_65225', table='inspections_user', when='AFTER')),
        ),
        # The trigger looks at every account.
        migrations.RunSQL("UPDATE inspections_user SET email = email", migrations.RunSQL.noop),
    ]
