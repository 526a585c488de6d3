"""Pages of findings and evidence."""
