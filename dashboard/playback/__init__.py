"""Playback proof in the store: minutes are drawn a day ahead, tried when the day is over, and reported."""

from dashboard.playback.drawing import DrawError, Revealed, commit, reveal
from dashboard.playback.report import Report, Tally, report
from dashboard.playback.running import Proofs

__all__ = ["DrawError", "Proofs", "Report", "Revealed", "Tally", "commit", "report", "reveal"]
