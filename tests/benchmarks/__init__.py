"""How long what people wait for takes: measured, never asserted."""
