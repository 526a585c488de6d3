"""What inspectors of the demonstration write: invented, and about no real child."""

from __future__ import annotations

DESISTANCE, SAFETY, OTHERS = "1", "2", "3"
"""What a key question is about, by the last figure of its code (method.md, Editions)."""

NOTES: dict[tuple[str, bool], tuple[str, ...]] = {
    (DESISTANCE, True): (
        "The case manager drew on the child's own account and checked it with the school.",
        "Strengths are named as clearly as difficulties, and the work builds on them.",
        "The child's speech and language needs were found early and shaped every session.",
        "Written with the child and a parent; both could say what it was for.",
    ),
    (DESISTANCE, False): (
        "The reasons for the offence are described, not analysed.",
        "Nothing is recorded about how the child's heritage affects daily life.",
        "Education is the main difficulty here and hardly appears.",
        "The same three sessions are given to most children; I could not see why these.",
    ),
    (SAFETY, True): (
        "Children's social care and the case manager hold one plan and review it together.",
        "The risk of exploitation was recognised at once and referred within two days.",
        "Health information was asked for, received and used.",
        "The child told us who they would call, and that is what the plan says.",
    ),
    (SAFETY, False): (
        "Police intelligence about older associates was on file and not used.",
        "Self-harm is mentioned in the referral and nowhere after it.",
        "There is no contingency plan if the placement breaks down.",
        "Two strategy meetings took place without anyone from the service.",
    ),
    (OTHERS, True): (
        "The victim's wishes were sought and shaped the conditions.",
        "Who might be harmed, and when, is spelt out; restrictions follow from it.",
        "Checks with the police are regular and recorded.",
        "The change at home was recognised as a new risk, and the plan changed that week.",
    ),
    (OTHERS, False): (
        "Previous behaviour at school is left out, so the classification looks too low.",
        "No one considered the younger children in the house.",
        "The victim was not contacted and no reason is given.",
        "The plan lists appointments and says nothing about keeping other people safe.",
    ),
}

OFFENCES = (
    "Assault occasioning actual bodily harm",
    "Common assault",
    "Criminal damage",
    "Possession of a bladed article",
    "Possession of cannabis",
    "Robbery",
    "Shoplifting",
    "Taking a vehicle without consent",
    "Burglary of a dwelling",
    "Threatening behaviour",
)

CUSTODY_OFFENCES = ("Robbery", "Possession of a bladed article", "Burglary of a dwelling")

HIGHER_RISK_REASONS = (
    "The classification leaves out what the school and the police had already reported.",
    "Recent incidents at home point to a higher level than the one recorded.",
)

NO_INTERVIEW_REASONS = (
    "The case manager has left the service.",
    "The case manager was on sick leave during fieldwork.",
)

GOOD_PRACTICE = (
    "The case manager and a youth worker met the child at the boxing gym until trust had grown.",
    "A speech and language therapist rewrote the plan in pictures, and the child kept a copy.",
    "Reparation was chosen with the child: mending bicycles for a refugee charity.",
)

POOR_PRACTICE = (
    "Three case managers in four months, and no record of a handover between them.",
    "Supervision took place monthly and never mentioned the risk of exploitation.",
)

JUDGEMENTS: dict[str, tuple[str, str]] = {
    "1.1": (
        "GOOD",
        "The board is chaired by the director of children's services and all statutory partners "
        "attend at the right level. Members could name the three priorities and what had been "
        "done about each. Data on children from minority ethnic groups is seen twice a year and "
        "has led to action once; more is needed.",
    ),
    "1.2": (
        "REQUIRES_IMPROVEMENT",
        "Staff are committed and children speak well of them. Caseloads are fair. Management "
        "oversight met the needs of the case in too few of the cases inspected, and half of the "
        "case managers had no training on exploitation in the past two years.",
    ),
}
"""Of the six qualitative standards, those judged so far: the rating as stored, and why."""
