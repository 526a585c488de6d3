"""Measurements of speed; nothing is asserted."""
