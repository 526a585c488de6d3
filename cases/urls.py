"""URLs of an inspection's cases."""

from django.urls import path

from cases.allocation.views import interests, interviews, links, many
from cases.models import Case
from cases.sampling.views import changes, draws, lists, samples
from cases.views import answers, case, cases, record, saves

app_name = "cases"

INSPECTION = "inspections/<int:inspection_id>/"
CASE = f"{INSPECTION}cases/<int:case_id>/"
LIST = f"{INSPECTION}lists/<int:list_id>/"
SAMPLE = f"{INSPECTION}sample/<str:group>/"

urlpatterns = [
    # First, because it is requested most.
    path(f"{CASE}saves/", saves.saves, name="saves"),
    path(f"{INSPECTION}cases/", cases.cases, name="cases"),
    path(f"{INSPECTION}progress/", cases.progress, name="progress"),
    path(f"{INSPECTION}contradictions/", cases.contradictions, name="contradictions"),
    path(f"{INSPECTION}answers/<str:code>/", answers.answers, name="answers"),
    path(f"{INSPECTION}answers/<str:code>/quotable/", answers.quotable, name="quotable"),
    path(f"{INSPECTION}quotable-notes/", answers.quotable_notes, name="quotable-notes"),
    path(f"{INSPECTION}outbox-file/", cases.outbox_file, name="outbox-file"),
    path(f"{INSPECTION}allocation/", many.allocation, name="allocation"),
    path(f"{INSPECTION}interests/", interests.interests, name="interests"),
    path(
        f"{INSPECTION}interests/<int:person>/withdraw/",
        interests.withdraw_interest,
        name="withdraw-interest",
    ),
    path(f"{INSPECTION}linked-cases/", links.linked_cases, name="linked-cases"),
    path(f"{INSPECTION}linked-cases/<int:linked_id>/", links.change_link, name="change-link"),
    path(
        f"{INSPECTION}linked-cases/<int:linked_id>/remove/",
        links.remove_link,
        name="remove-link",
    ),
    path(f"{INSPECTION}interviews/", interviews.interviews, name="interviews"),
    path(f"{INSPECTION}interviews/add/", interviews.add_interview, name="add-interview"),
    path(
        f"{INSPECTION}interviews/calendar/",
        interviews.interviews_calendar,
        name="interviews-calendar",
    ),
    path(
        f"{INSPECTION}interviews/<int:slot_id>/",
        interviews.change_interview,
        name="change-interview",
    ),
    path(
        f"{INSPECTION}interviews/<int:slot_id>/remove/",
        interviews.remove_interview,
        name="remove-interview",
    ),
    path("session/", saves.session, name="session"),
    path("session/stay/", saves.stay, name="stay"),
    path(CASE, case.case, name="case"),
    path(f"{CASE}details/", case.details, name="details"),
    path(f"{CASE}details/saves/", saves.details, name="details-saves"),
    path(f"{CASE}allocate/", case.allocate, name="allocate"),
    path(f"{CASE}history/", case.history, name="history"),
    path(f"{CASE}comments/", case.comments, name="comments"),
    path(f"{CASE}comments/saves/", saves.comments, name="comments-saves"),
    path(f"{CASE}submit/", case.move, {"to": Case.State.SUBMITTED}, name="submit"),
    path(f"{CASE}return/", case.move, {"to": Case.State.RETURNED}, name="return"),
    path(f"{CASE}sign_off/", case.move, {"to": Case.State.SIGNED_OFF}, name="sign_off"),
    path(f"{INSPECTION}lists/", lists.lists, name="lists"),
    path(f"{INSPECTION}lists/template.<str:kind>", lists.template, name="list-template"),
    path(LIST, lists.case_list, name="list"),
    path(f"{LIST}problems.csv", lists.problems, name="list-problems"),
    path(f"{LIST}discard/", lists.discard, name="discard-list"),
    path(f"{LIST}withdraw/", lists.withdraw, name="withdraw-list"),
    path(f"{INSPECTION}sample/", samples.sample, name="sample"),
    path(SAMPLE, draws.draw, name="draw"),
    path(f"{SAMPLE}listed/", samples.eligible, name="eligible"),
    path(f"{SAMPLE}listed/<int:row_id>/", samples.listed_case, name="listed-case"),
    path(f"{SAMPLE}draws/<int:number>/", draws.one_draw, name="one-draw"),
    path(f"{SAMPLE}add/", changes.add, name="add-case"),
    path(f"{CASE}replace/", changes.replace, name="replace"),
    path(f"{CASE}replace/by-hand/", changes.replace_by_hand, name="replace-by-hand"),
    path(f"{CASE}put-back/", changes.put_back, name="put-back"),
    path(f"{CASE}<str:standard>/", record.record, name="record"),
]
