"""The record of who did what in the whole service, which administrators search.

It shows who, when, what kind and which record, and nothing of what was written: no answer, note,
text or value of a record is read into it.
"""
