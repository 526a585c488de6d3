"""All that an inspection holds as one file, for a request of somebody or a court (ADR 38)."""
