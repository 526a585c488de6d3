from django.db import migrations


class Migration(migrations.Migration):
    """A case is allocated to somebody on its inspection's team, whoever asks otherwise.

    Django has no foreign key over two columns; PostgreSQL has. It waits for the end of
    the transaction, so that a whole inspection can be removed in any order.
    """

    dependencies = [("cases", "0002_initial"), ("inspections", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE cases_case
                ADD CONSTRAINT case_allocated_within_the_team
                FOREIGN KEY (inspection_id, allocated_to_id)
                REFERENCES inspections_membership (inspection_id, user_id)
                DEFERRABLE INITIALLY DEFERRED
            """,
            reverse_sql="""
                ALTER TABLE cases_case DROP CONSTRAINT case_allocated_within_the_team
            """,
        )
    ]
