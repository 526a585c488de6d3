"""How a refusal is logged."""

import logging

from django.core.exceptions import PermissionDenied


def without_traceback(record: logging.LogRecord) -> bool:
    """Log a refusal in one line without a traceback: it is not an error of the service."""
    if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
        record.exc_info = None
    return True
