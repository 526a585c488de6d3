"""For how long case content is kept after publication, and its removal (ADR 38)."""
