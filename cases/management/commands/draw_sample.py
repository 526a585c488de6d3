"""``manage.py draw_sample``: draws a sample from a list of cases and stores nothing."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.caseload.draw import Count, Drawn, draw
from cases.caseload.draw.chances import percent
from cases.caseload.eligibility import Eligibility, check_eligibility
from cases.caseload.lists import NotAList, read_list
from cases.caseload.margins import NAMES
from cases.caseload.sizes import DEFAULT_RULES, Beside, size_of
from cases.models.choices import DisposalType, Gender, Level
from inspections.framework import Group
from inspections.models import GroupChoice
from inspections.windows import default_window

NOT_VALID = 2
"""The exit code for a file that is not valid, as for arguments that aren't."""

LABELS: Mapping[str, Mapping[str, str]] = {
    "gender": dict(Gender.choices),
    "disposal_type": dict(DisposalType.choices),
    "risk_of_serious_harm": dict(Level.choices),
    "safety_and_wellbeing": dict(Level.choices),
}


MOST_DIGITS = 1_000
"""Of a number. Python refuses to read very long ones."""

PLAIN = str.maketrans({"−": "-", "–": "-", "’": "'", "“": '"', "”": '"', "…": "..."})
"""How our own sentences are written where the terminal knows no such characters."""


def day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"expected a date such as 2021-09-13, not “{text}”") from None
    try:
        for group in Group:
            default_window(group, found)
    except ValueError:
        raise ArgumentTypeError(f"there is no window before {text}") from None
    return found


def whole_number(least: int) -> Any:
    def read(text: str) -> int:
        if len(text) > MOST_DIGITS:
            raise ArgumentTypeError(f"expected a whole number of {MOST_DIGITS:,} digits at most")
        if not text.isascii() or not text.isdecimal() or int(text) < least:
            raise ArgumentTypeError(f"expected a whole number of {least} or more, not “{text}”")
        return int(text)

    return read


class Command(BaseCommand):
    help = (
        "Draw a balanced random sample of one group from a list of cases, as the service does it, "
        "and store nothing. The windows are the usual ones, counted back from a day. Without a "
        "size, court cases are sampled by the formula, out-of-court cases by their share of the "
        "list's eligible cases beside court's sample, and resettlement cases are all taken. The "
        "same list, day, size and seed always give the same sample. Exit code 2: the file is not "
        "a valid list of cases."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a list with the template's headings")
        parser.add_argument(
            "--group",
            required=True,
            choices=[group.lower() for group in Group],
            help="what to draw",
        )
        parser.add_argument(
            "--as-of",
            required=True,
            type=day,
            metavar="DATE",
            help="the day from which the windows are counted back: 2021-09-13",
        )
        parser.add_argument(
            "--seed", required=True, type=whole_number(0), metavar="N", help="what a draw starts by"
        )
        parser.add_argument(
            "--size", type=whole_number(1), metavar="N", help="how many cases, if not the usual"
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of words")

    def handle(
        self,
        *args: Any,
        file: str,
        group: str,
        as_of: date,
        seed: int,
        size: int | None,
        **options: Any,
    ) -> None:
        wanted = Group(group.upper())
        found = self._read(file, as_of)
        rows = found.eligible[wanted]
        number, why = (size, f"{size} were asked for.") if size else usual_size(found, wanted)
        drawn = draw(rows, size=number, seed=seed)
        if options["json"]:
            data = json.dumps(as_data(drawn), ensure_ascii=False, indent=2)
            # The same data, for a terminal that can't show every letter of a reference.
            plain = json.dumps(as_data(drawn), indent=2)
            self.stdout.write(data if self._can_show(data) else plain)
        else:
            words = "\n".join(as_words(drawn, found, wanted, as_of, why))
            self.stdout.write(words if self._can_show(words) else self._plain(words))

    def _encoding(self) -> str:
        return getattr(self.stdout, "encoding", None) or "utf-8"

    def _can_show(self, text: str) -> bool:
        try:
            text.encode(self._encoding())
        except UnicodeEncodeError:
            return False
        return True

    def _plain(self, text: str) -> str:
        """``text`` in what the terminal knows; letters that it doesn't as ``\\u0141``."""
        encoding = self._encoding()
        return text.translate(PLAIN).encode(encoding, "backslashreplace").decode(encoding)

    def _read(self, file: str, as_of: date) -> Eligibility:
        """The list's cases that can be sampled. Ends the command if it isn't valid."""
        try:
            content = Path(file).read_bytes()
            found = read_list(content, name=Path(file).name)
        except OSError as error:
            self._refuse([f"{file}: expected a file that can be read ({error.strerror})."])
        except NotAList as error:
            self._refuse([f"{file}: {error}"])
        if found.problems:
            number = len(found.problems)
            self._refuse(
                [
                    *(str(problem) for problem in found.problems),
                    f"{file}: {number} problem{'s'[: number > 1]}, so nothing is drawn. "
                    "Correct the list and try again.",
                ]
            )
        windows = {group: default_window(group, as_of) for group in Group}
        return check_eligibility(found.rows, windows, as_of)

    def _refuse(self, lines: Iterable[str]) -> Any:
        for line in lines:
            self.stderr.write(line)
        sys.exit(NOT_VALID)


def usual_size(found: Eligibility, group: Group) -> tuple[int, str]:
    """The size by the group's rule, and that in words."""
    court = len(found.eligible[Group.COURT])
    beside = Beside(
        court, size_of(DEFAULT_RULES[Group.COURT], eligible=court, group=Group.COURT).number
    )
    size = size_of(
        DEFAULT_RULES[group], eligible=len(found.eligible[group]), group=group, beside=beside
    )
    return size.number, size.words


def as_data(drawn: Drawn) -> dict[str, object]:
    return {
        "eligible": drawn.eligible,
        "size": len(drawn.selected),
        "seed": drawn.seed,
        "selected": [row.reference for row in drawn.selected],
        "reserves": [row.reference for row in drawn.reserves],
        "margins": {
            margin: {
                name.lower(): {"population": count.population, "sample": count.sample}
                for name, count in counts.items()
            }
            for margin, counts in drawn.margins.items()
        },
        "largest_difference": float(drawn.largest_difference),
    }


def as_words(
    drawn: Drawn, found: Eligibility, group: Group, as_of: date, why: str
) -> Iterable[str]:
    window = default_window(group, as_of)
    left_out = Counter(reason.words for row, reason in found.excluded if row.group == group)
    of_group = drawn.eligible + left_out.total()
    yield (
        f"{GroupChoice(group).label}: window {window.start_date:%-d %B %Y} to "
        f"{window.end_date:%-d %B %Y}: {drawn.eligible} eligible of {of_group} on the list"
    )
    for words, count in left_out.items():
        yield f"  {count} left out: {words}"
    yield f"Size {len(drawn.selected)}: {why}"
    yield f"Seed {drawn.seed}"
    yield from drawn.adjustments
    if not drawn.selected:
        return
    yield ""
    yield from table(drawn)
    yield ""
    margin, name = drawn.largest_at
    where = f" ({NAMES[margin]}: {LABELS[margin][name]})" if margin else ""
    yield f"Largest difference: {points(drawn.largest_difference)}{where}"
    yield f"Selected: {', '.join(row.reference for row in drawn.selected)}"
    yield f"In reserve: {', '.join(row.reference for row in drawn.reserves) or 'none'}"


def table(drawn: Drawn) -> Iterable[str]:
    """The sample beside the eligible cases, a line for each category."""
    lines: list[tuple[str, ...]] = [("", "eligible", "sample", "difference")]
    for margin, counts in drawn.margins.items():
        lines.append((NAMES[margin],))
        lines += [
            (f"  {LABELS[margin][name]}", *columns(count, drawn))
            for name, count in sorted(counts.items(), key=lambda item: order(margin, item[0]))
        ]
    width = max(len(line[0]) for line in lines)
    for name, *rest in lines:
        yield (name.ljust(width) + "".join(cell.rjust(16) for cell in rest)).rstrip()


def columns(count: Count, drawn: Drawn) -> Sequence[str]:
    size, eligible = len(drawn.selected), drawn.eligible
    population, sample = Fraction(count.population, eligible), Fraction(count.sample, size)
    return (
        f"{count.population}, {percent(population)}",
        f"{count.sample}, {percent(sample)}",
        points(100 * (sample - population), signed=True),
    )


def order(margin: str, name: str) -> int:
    """The place of a category among the choices, so that levels ascend."""
    return list(LABELS[margin]).index(name)


def points(difference: Fraction, *, signed: bool = False) -> str:
    """Percentage points to a tenth: “+1.3 points”."""
    size = percent(abs(difference) / 100).removesuffix("%")
    sign = "" if size == "0" else "−" if difference < 0 else "+" if signed else ""
    return f"{sign}{size} {'point' if size == '1' else 'points'}"
