from django.apps import AppConfig


class CasesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "cases"

    def ready(self) -> None:
        from cases.actions.team import HeldCases, HeldInterviews
        from inspections.team.work import HELD_WORK

        HELD_WORK.extend([HeldCases(), HeldInterviews()])
