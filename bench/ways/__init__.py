"""One module per way to get an answer: Liuhen's own and what one would use instead.

Every way is a generator: it yields None when it has loaded what it keeps and then one answer per request, so that
loading and answering are timed apart. Each runs in a process of its own, whose memory is measured, and imports nothing
that another needs. On a month of footage the ways answer which camera-days are known to lack how many seconds; holes of
five seconds or less do not count, as in the rule far_24h. On a whole city they answer with a table: rule_id,
subject_id, period, outcome, measured.
"""

from __future__ import annotations

Answer = dict[tuple[str, str], float]
"""Missing seconds by camera-day. Those that lack something are compared; Liuhen judges all others as well."""
