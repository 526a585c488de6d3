"""How many cases a sample takes: rules as data, what each gives, and which explain a size.

Source: method.md, Sampling. This package does not import Django.
"""

from cases.caseload.sizes.explain import Explanation, rules_that_give
from cases.caseload.sizes.rules import DEFAULT_RULES, RULES, SizeRule
from cases.caseload.sizes.size import Beside, NoSize, OwnNumber, Size, size_of

__all__ = [
    "DEFAULT_RULES",
    "RULES",
    "Beside",
    "Explanation",
    "NoSize",
    "OwnNumber",
    "Size",
    "SizeRule",
    "rules_that_give",
    "size_of",
]
