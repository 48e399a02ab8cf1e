"""The agency's mirror: what an inspector would list today, what can still be mended, and what could not be seen."""

from dashboard.selfcheck.build import build, default_month, without_grace
from dashboard.selfcheck.model import Finding, SelfCheck, Unseen

__all__ = ["Finding", "SelfCheck", "Unseen", "build", "default_month", "without_grace"]
