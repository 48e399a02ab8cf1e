"""Rounds of collecting: who is asked, what comes back, and what is remembered about every recorder."""

from dashboard.collecting.asking import LOCKOUT_PAUSE, Budget
from dashboard.collecting.collector import Collector, CollectSummary
from dashboard.collecting.known import RecorderEntry
from dashboard.collecting.live import LiveProber

__all__ = ["LOCKOUT_PAUSE", "Budget", "CollectSummary", "Collector", "LiveProber", "RecorderEntry"]
