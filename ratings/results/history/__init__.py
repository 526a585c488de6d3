"""A chain of digests over each inspection's history, and its verification (ADR 33)."""

from ratings.results.history.chain import Head
from ratings.results.history.links import link_history
from ratings.results.history.verification import VerifiedHistory, verify_history

__all__ = ["Head", "VerifiedHistory", "link_history", "verify_history"]
