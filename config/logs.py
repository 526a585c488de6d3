"""What is written to the log."""

import logging

from django.core.exceptions import PermissionDenied


def without_traceback(record: logging.LogRecord) -> bool:
    """Keep the line of a refusal, but not the traceback: refusing is no fault of ours."""
    if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
        record.exc_info = None
    return True
