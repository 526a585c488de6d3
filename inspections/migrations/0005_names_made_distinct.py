"""Names that the next migration's constraints would refuse get a number, or their address."""

from django.db import migrations
from django.db.models import F, Value

from inspections.names import NameKey


def make_distinct(apps, schema_editor):
    service = apps.get_model("inspections", "Service")
    known = set()
    for one in service.objects.annotate(key=NameKey(F("name"))).order_by("pk"):
        if not one.key:
            service.objects.filter(pk=one.pk).update(name=f"Service {one.pk}")
        elif one.key in known:
            service.objects.filter(pk=one.pk).update(name=f"{one.name[:180]} ({one.pk})")
        known.add(one.key)
    user = apps.get_model("inspections", "User")
    user.objects.alias(key=NameKey(F("name"))).filter(key=Value("")).update(name=F("email"))


class Migration(migrations.Migration):

    dependencies = [
        ('inspections', '0004_kept_forms_once'),
    ]

    operations = [
        migrations.RunPython(make_distinct, migrations.RunPython.noop, elidable=False),
    ]
