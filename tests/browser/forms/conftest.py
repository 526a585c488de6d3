"""A device that can be shut and opened is needed here, too."""

from tests.browser.recording.conftest import device as device
