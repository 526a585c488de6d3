from django.db import migrations, models

ROLES = [
    ('LEAD_INSPECTOR', 'Lead inspector'),
    ('DEPUTY_LEAD', 'Deputy lead inspector'),
    ('INSPECTOR', 'Inspector'),
    ('REVIEWER', 'Quality reviewer'),
    ('PANEL_MEMBER', 'Ratings panel member'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('inspections', '0012_gives_ratings_as_sealed'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_role_known',
        ),
        migrations.AlterField(
            model_name='membership',
            name='role',
            field=models.CharField(choices=ROLES, max_length=14),
        ),
        migrations.AlterField(
            model_name='membershipevent',
            name='role',
            field=models.CharField(choices=ROLES, max_length=14),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', [role for role, _ in ROLES])), name='membership_role_known'),
        ),
    ]
