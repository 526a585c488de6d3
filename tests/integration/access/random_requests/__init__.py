"""Random requests of every address: what is in them, and what is stored when they are refused."""
