"""Live pages end with their test."""

from tests.integration.ratings.conftest import live_pages_end

__all__ = ["live_pages_end"]
