"""How long reading a service's list of cases takes, and how much memory.

Each list is read in a process of its own: ``python -m tests.benchmarks.lists FILE`` reads one.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook

from cases.caseload.lists import FIELDS, read_list

ROOT = Path(__file__).resolve().parents[2]
SIZES = {200: 1, 20_000: 10}
"""Numbers of cases, each with the seconds in which its list should be read and shown."""
FIRST_DAY = date(2021, 1, 1)
_OFFENCES = ("Common assault", "Theft from a shop", "Possession of cannabis", "Robbery", "Affray")


def lists() -> Iterator[str]:
    """Rows: the time and the most memory of reading lists of 200 and of 20,000 cases as XLSX."""
    for size in SIZES:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "list.xlsx"
            write_list(path, size)
            measured = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.lists", str(path)],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            )
        cases, seconds, processor, megabytes = measured.stdout.split()
        if int(cases) != size:
            raise RuntimeError(f"{cases} of {size} cases were read")
        name = f"list: {size:,} cases as XLSX, checked"
        yield (
            f"{name:<58}        {float(seconds):8.2f} s, {processor} s of a processor, "
            f"{megabytes} MB"
        )


def write_list(path: Path, size: int) -> None:
    """A list with every column of the template; each text is one that services write."""
    pick = random.Random(size)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Cases")
    sheet.append([field.heading for field in FIELDS])
    for number in range(size):
        is_court = number % 3 > 0
        day = FIRST_DAY + timedelta(days=pick.randrange(365))
        sheet.append(
            [
                f"{'C' if is_court else 'O'}-{number:05}",
                "Court" if is_court else "OOCD",
                pick.choice(("RO", "YRO", "DTO") if is_court else ("YC", "YCC", "CR", "O22")),
                day if number % 2 else f"{day:%d/%m/%Y}",
                f"{pick.choice(_OFFENCES)} {number}",
                pick.randint(10, 17),
                pick.choice("MF"),
                pick.choice(("W1", "B1", "A2", "M1", "NS")),
                pick.choice(("RLRH", "RMRH", "RHRH", "RVRH")),
                pick.choice(("Low", "Medium", "High")),
                f"K{number // 2}",
                day,
                None,
                "No",
                f"CM{number % 40}",
                pick.choice(("North", "South")),
            ]
        )
    book.save(path)


def _most_memory() -> float:
    """The most memory that this process has had, in MB; ``getrusage`` may count its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main() -> None:
    content = Path(sys.argv[1]).read_bytes()
    started, processor_started = time.perf_counter(), time.process_time()
    found = read_list(content, name="list.xlsx")
    processor = time.process_time() - processor_started
    seconds = time.perf_counter() - started
    sys.stdout.write(f"{len(found.rows)} {seconds:.3f} {processor:.2f} {_most_memory():.0f}\n")


if __name__ == "__main__":
    main()
