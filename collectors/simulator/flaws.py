"""What can be wrong with a report's images, one flaw per dossier, and what looks wrong and is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from collectors.simulator.dossier import Dossier
from collectors.simulator.plan import local_text
from collectors.simulator.register import Row
from data.periods import local_day, months_before, parse_instant

Spoil = Callable[[Dossier, Random], None]
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Flaw:
    """`of`: a key of `dossiers.BUILDERS`. `outcomes`: rule and outcome, none where nobody may be accused."""

    kind: str
    of: str
    spoil: Spoil
    outcomes: tuple[tuple[str, str], ...] = ()


def _lose(role: str) -> Spoil:
    return lambda dossier, rng: dossier.images.remove(rng.choice(dossier.images_of(role)))


def _change(role: str, **columns: str) -> Spoil:
    return lambda dossier, rng: rng.choice(dossier.images_of(role)).update(columns)


def _shift(role: str, start_s: int = 0, end_s: int = 0) -> Spoil:
    def spoil(dossier: Dossier, rng: Random) -> None:
        image = rng.choice(dossier.images_of(role))
        for column, by_s in (("started_at", start_s), ("ended_at", end_s)):
            if image[column]:
                image[column] = local_text(parse_instant(image[column]) + by_s * SECOND)

    return spoil


def _copy(role: str, column: str) -> Spoil:
    """Two images of a role have the same in a column that must differ."""

    def spoil(dossier: Dossier, rng: Random) -> None:
        one, other = rng.sample(dossier.images_of(role), 2)
        one[column] = other[column]

    return spoil


def _every(rows: Callable[[Dossier], list[Row]], **columns: str) -> Spoil:
    def spoil(dossier: Dossier, _: Random) -> None:
        for row in rows(dossier):
            row.update(columns)

    return spoil


def _images(dossier: Dossier) -> list[Row]:
    return dossier.images


def _sessions(dossier: Dossier) -> list[Row]:
    return dossier.sessions


def _both(*spoils: Spoil) -> Spoil:
    def spoil(dossier: Dossier, rng: Random) -> None:
        for one in spoils:
            one(dossier, rng)

    return spoil


def _forget_stages(dossier: Dossier, _: Random) -> None:
    dossier.stages.clear()


def _forget_sessions(dossier: Dossier, _: Random) -> None:
    dossier.sessions.clear()
    for image in dossier.images:
        image["session_id"] = ""


def _reviewed(after_capture: timedelta | None = None, after_issue: timedelta | None = None) -> Spoil:
    """Reviewed only then, or never."""

    def spoil(dossier: Dossier, _: Random) -> None:
        dossier.reviews.clear()
        if after_capture is not None:
            dossier.review(dossier.last_capture_at + after_capture)
        if after_issue is not None:
            dossier.review(dossier.issued_at + after_issue)

    return spoil


def _stored(after_issue: timedelta) -> Spoil:
    return lambda dossier, rng: rng.choice(dossier.images).update(stored_at=local_text(dossier.issued_at + after_issue))


def _kept(years: int, less_days: int = 0) -> Spoil:
    def spoil(dossier: Dossier, rng: Random) -> None:
        until = months_before(local_day(dossier.issued_at), -12 * years) - timedelta(days=less_days)
        rng.choice(dossier.images)["keep_until"] = until.isoformat()

    return spoil


def _nothing(_: Dossier, __: Random) -> None:
    """A dossier in order."""


NO_TIME = timedelta(0)
STAGES_FAIL = (("pile_stage_clips", "fail"),)
NOT_RECORDED = (("pile_stage_clips", "suspect"), ("pile_unload_clip", "suspect"))
UNLOAD_FAIL = (("pile_unload_clip", "fail"),)
STACK_FAIL = (("pile_stack_photos", "fail"),)
REBAR_FAIL = (("key_clip_rebar", "fail"),)
REVIEW_FAIL = (("key_images_reviewed", "fail"),)

FLAWS = (
    Flaw("", "kentledge", _nothing),
    Flaw("", "self_balanced", _nothing),
    Flaw("", "anchor_pile", _nothing),
    Flaw("", "uplift", _nothing),
    Flaw("", "lateral", _nothing),
    Flaw("", "rebar", _nothing),
    Flaw("", "cube", _nothing),
    Flaw("", "pile_core", _nothing),
    Flaw("", "wall_core", _nothing),
    Flaw("", "road_core", _nothing),
    Flaw("clip_names_no_session", "kentledge", _change("load_stage", session_id="")),
    Flaw("clip_missing", "kentledge", _lose("load_stage"), STAGES_FAIL),
    Flaw("clip_missing", "uplift", _lose("load_stage"), STAGES_FAIL),
    Flaw("clip_missing", "anchor_pile", _lose("load_stage"), STAGES_FAIL),
    Flaw("clip_starts_1_s_late", "kentledge", _shift("load_stage", start_s=1), STAGES_FAIL),
    Flaw("clip_ends_1_s_early", "kentledge", _shift("load_stage", end_s=-1), STAGES_FAIL),
    Flaw("clip_too_short", "self_balanced", _shift("load_stage", start_s=70, end_s=-70), STAGES_FAIL),
    Flaw("clip_without_pile_no", "kentledge", _change("load_stage", pile_no=""), STAGES_FAIL),
    Flaw("clip_of_other_stage", "kentledge", _change("load_stage", stage_no="99"), STAGES_FAIL),
    Flaw("stages_not_recorded", "kentledge", _forget_stages, NOT_RECORDED),
    Flaw("unload_clip_59_s", "kentledge", _shift("unload", start_s=1), UNLOAD_FAIL),
    Flaw("unload_clip_missing", "self_balanced", _lose("unload"), UNLOAD_FAIL),
    Flaw("stack_side_twice", "kentledge", _copy("stack_side", "side"), STACK_FAIL),
    Flaw("stack_photo_copied", "kentledge", _copy("stack_side", "sha256"), STACK_FAIL),
    Flaw("stack_photo_after_loading", "lateral", _shift("stack_side", start_s=1200), STACK_FAIL),
    Flaw("stack_photo_just_before_loading", "kentledge", _shift("stack_side", start_s=1199)),
    Flaw("box_clip_59_s", "self_balanced", _shift("load_box_insertion", end_s=-1), (("load_box_clip", "fail"),)),
    Flaw("nameplate_missing", "uplift", _lose("nameplate"), (("load_box_photo", "fail"),)),
    Flaw("rebar_clip_after_peak", "rebar", _shift("failure", start_s=61), REBAR_FAIL),
    Flaw("rebar_clip_ends_at_peak", "rebar", _shift("failure", end_s=-30), REBAR_FAIL),
    Flaw("rebar_clip_missing", "rebar", _lose("failure"), REBAR_FAIL),
    Flaw("rebar_not_recorded", "rebar", _forget_sessions, (("key_clip_rebar", "suspect"),)),
    Flaw("rebar_clip_starts_at_peak", "rebar", _shift("failure", start_s=60)),
    Flaw("peak_not_recorded", "rebar", _every(_sessions, peak_at="")),
    Flaw("cube_clip_missing", "cube", _lose("failure"), (("key_clip_cube", "fail"),)),
    Flaw("cube_clip_19_s", "cube", _shift("failure", start_s=1), (("key_clip_cube", "suspect"),)),
    Flaw("core_not_measured", "pile_core", _lose("core_dimension"), (("pile_core_photos", "fail"),)),
    Flaw(
        "core_of_no_pile",
        "pile_core",
        _both(_every(_sessions, pile_no=""), _every(_images, pile_no="")),
        (("pile_core_photos", "fail"),),
    ),
    Flaw("pile_named_by_image", "pile_core", _every(_sessions, pile_no="")),
    Flaw("core_without_floor", "wall_core", _change("core", floor=""), (("wall_core_photos", "fail"),)),
    Flaw("core_photo_missing", "wall_core", _lose("core"), (("wall_core_photos", "fail"),)),
    Flaw("core_without_position", "road_core", _change("core_dimension", position=""), (("road_core_photos", "fail"),)),
    Flaw("not_reviewed", "cube", _reviewed(), REVIEW_FAIL),
    Flaw("reviewed_before_capture", "wall_core", _reviewed(after_capture=-SECOND), REVIEW_FAIL),
    Flaw("reviewed_after_issue", "road_core", _reviewed(after_issue=SECOND), REVIEW_FAIL),
    Flaw("reviewed_at_capture", "cube", _reviewed(after_capture=NO_TIME)),
    Flaw("reviewed_at_issue", "rebar", _reviewed(after_issue=NO_TIME)),
    Flaw("stored_after_issue", "cube", _stored(SECOND), (("key_images_stored_in_time", "fail"),)),
    Flaw("stored_at_issue", "road_core", _stored(NO_TIME)),
    Flaw("storing_not_recorded", "wall_core", _every(_images, stored_at="")),
    Flaw("kept_a_day_short", "rebar", _kept(5, less_days=1), (("key_image_term", "fail"),)),
    Flaw("pile_kept_5_years", "kentledge", _kept(5), (("key_image_term", "suspect"),)),
    Flaw("term_not_recorded", "cube", _every(_images, keep_until="")),
)
