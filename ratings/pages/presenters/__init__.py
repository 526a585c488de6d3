"""Presenters that the pages of decisions still use."""
