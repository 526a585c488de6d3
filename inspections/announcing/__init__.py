"""Services, the announcement of their inspections, and what is asked of a service beforehand."""
