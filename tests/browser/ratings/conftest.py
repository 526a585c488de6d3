"""The inspection at the panel, as the integration tests know it."""

from tests.integration.ratings.conftest import at_panel

__all__ = ["at_panel"]
