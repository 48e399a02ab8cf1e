"""What the alternatives must know of the rules they judge, for the month of the whole city; as the catalogue has it."""

from __future__ import annotations

from bench.whole_city import LAST_DAY
from data.periods import Month, months_before, parse_instant

CITY_MONTH = Month.of(LAST_DAY)
NOW_AT = parse_instant("2026-11-02T07:00:00+08:00")
FIRST_DAY = CITY_MONTH.first_day
TERM_FROM = months_before(CITY_MONTH.next_first_day, 6)
COMPARED = (
    "far_24h",
    "near_during_session",
    "retention_6_months",
    "key_clip_rebar",
    "key_clip_cube",
    "pile_stage_clips",
    "key_images_reviewed",
    "key_image_reused",
    "key_images_stored_in_time",
    "live_viewable",
    "picture_normal",
)
"""Those that read the most."""
PILES = ["PILE_COMP", "PILE_UPLIFT", "PILE_LATERAL"]
DUTY = ["REBAR_TENSILE", "CUBE_COMP", *PILES, "PILE_CORE", "WALL_CORE", "ROAD_CORE"]
"""The test items that owe key images."""
MECHANICS = ["rebar_mechanics", "concrete_mechanics"]
