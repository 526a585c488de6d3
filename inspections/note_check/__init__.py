"""What in a note seems to say who somebody is: full names, dates of birth, addresses, phone
numbers, e-mail addresses and national numbers.

Case records hold a reference and never a name (method.md, What a case record holds); notes are
free text, where nothing but the inspector's care keeps names out. The check warns and never blocks
(ADR 12, ADR 35): it can't know, and a wrong stop would keep a judgement from being written down.

No Django in here, no clock and no database: whoever calls says what day it is.
"""

from inspections.note_check.check import Found, Kind, NoteWarning, check_note, warnings_about

__all__ = ["Found", "Kind", "NoteWarning", "check_note", "warnings_about"]
