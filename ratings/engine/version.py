"""Which engine rated: a sealed result names it."""

ENGINE_VERSION = 1
"""Raised whenever the same evidence under the same edition would rate differently.

``tests/golden/test_engine_version.py`` holds each version to its outcomes.
"""
