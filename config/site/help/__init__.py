"""Help for each role: what the table of permissions lets it do, what people ask, whom to ask."""
