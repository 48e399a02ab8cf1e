"""A second judge, written from the rule catalogue's page alone and sharing no line with the first.

It decides instant by instant and row by row, slowly and plainly, so that what it says can be believed by reading it.
"""

from tests.rules.oracle.frame import Row
from tests.rules.oracle.judging import RULES, Judging, expected

__all__ = ["RULES", "Judging", "Row", "expected"]
