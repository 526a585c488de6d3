"""The inspection at the panel, as the integration tests know it."""

from tests.integration.ratings.conftest import at_panel, live_pages_end

__all__ = ["at_panel", "live_pages_end"]
