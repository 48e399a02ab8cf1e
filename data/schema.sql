-- The store's data dictionary. Rules that hold for every table:
--   * TIMESTAMP is UTC without zone; `_at` is an instant, `_s` seconds, `_ms` milliseconds; DATE is a day in Asia/Shanghai.
--   * NULL is "not known". Ids are text and never parsed.
--   * Append-only: no row is updated or deleted. `known_from` is when the row became known to this store; what was
--     known at T are the rows with known_from <= T. Of two rows with one key the newest known_from counts.
--   * `submission_id` names the bundle a row came with; NULL is what our own collectors saw.
--   * `withdrawn` true takes the key back from known_from on.
--   * No primary keys, sequences, indexes or checks: DuckLake has none. The writing code keeps keys unique.

-- One row per bundle taken in.
CREATE TABLE IF NOT EXISTS submissions (
    submission_id TEXT, -- sha256 of the bundle's files, so that the same bundle twice is one submission
    taken_in_at TIMESTAMP, source TEXT, -- file name as given
    row_count BIGINT);

-- The register: what is supposed to exist. Columns are those of the bundle files of the same name.
CREATE TABLE IF NOT EXISTS agencies (
    agency_id TEXT, name TEXT, district_code TEXT, cma BOOLEAN, is_fictional BOOLEAN,
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);
CREATE TABLE IF NOT EXISTS premises (
    premises_id TEXT, agency_id TEXT, name TEXT, kind TEXT, address TEXT,
    longitude DOUBLE, latitude DOUBLE, -- degrees, WGS 84
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);
CREATE TABLE IF NOT EXISTS rooms (
    room_id TEXT, premises_id TEXT, name TEXT, kind TEXT, disciplines TEXT[],
    in_use_from DATE, in_use_to DATE, -- in_use_to: first day no longer in use
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);
CREATE TABLE IF NOT EXISTS devices (
    device_id TEXT, room_id TEXT, name TEXT, produces_test_result BOOLEAN,
    parallel_capacity INTEGER, -- specimens at once
    in_use_from DATE, in_use_to DATE,
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);
CREATE TABLE IF NOT EXISTS recorders (
    recorder_id TEXT, premises_id TEXT, protocol TEXT, address TEXT,
    credential TEXT, -- the name of a secret, never the secret
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);
CREATE TABLE IF NOT EXISTS cameras (
    camera_id TEXT, room_id TEXT, agency_id TEXT, recorder_id TEXT, channel TEXT, view TEXT, mount TEXT, position TEXT,
    covers TEXT[], live_url TEXT, duty_from TIMESTAMP, duty_to TIMESTAMP, -- half-open
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);

-- What agencies declare of their work.
CREATE TABLE IF NOT EXISTS sessions (
    session_id TEXT, agency_id TEXT, kind TEXT, report_no TEXT, test_item TEXT, method TEXT, room_id TEXT,
    device_id TEXT, camera_ids TEXT[], pile_no TEXT, started_at TIMESTAMP, ended_at TIMESTAMP, peak_at TIMESTAMP,
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);
CREATE TABLE IF NOT EXISTS load_stages (
    session_id TEXT, stage_no INTEGER, direction TEXT, started_at TIMESTAMP, completed_at TIMESTAMP,
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);
CREATE TABLE IF NOT EXISTS reports (
    report_no TEXT, agency_id TEXT, test_item TEXT, method TEXT, project TEXT, issued_at TIMESTAMP,
    tester TEXT, reviewer TEXT, approver TEXT,
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);
CREATE TABLE IF NOT EXISTS key_images (
    image_id TEXT, report_no TEXT, session_id TEXT, role TEXT, media TEXT, started_at TIMESTAMP, ended_at TIMESTAMP,
    stage_no INTEGER, pile_no TEXT, side TEXT, project TEXT, building TEXT, floor TEXT, axis TEXT, road_section TEXT,
    position TEXT, source TEXT, file TEXT, sha256 TEXT, size_bytes BIGINT, stored_at TIMESTAMP, keep_until DATE,
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);
CREATE TABLE IF NOT EXISTS image_reviews (
    report_no TEXT, person TEXT, role TEXT, reviewed_at TIMESTAMP,
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);
CREATE TABLE IF NOT EXISTS exemptions (
    exemption_id TEXT, scope_type TEXT, scope_id TEXT, from_at TIMESTAMP, to_at TIMESTAMP, -- half-open
    reason TEXT, document_no TEXT, approved_by TEXT, entered_at TIMESTAMP,
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);

-- One row per window of time that a recorder was asked about for one camera, whatever came back.
CREATE TABLE IF NOT EXISTS polls (
    poll_id TEXT, camera_id TEXT, asked_at TIMESTAMP, covers_from TIMESTAMP, covers_to TIMESTAMP,
    outcome TEXT, -- ok, unreachable, refused, malformed
    complete BOOLEAN, -- an answer is ok and complete; only an answer can deny footage
    clock_offset_ms INTEGER, -- device minus true time
    reason TEXT, -- one sentence when not an answer
    digest TEXT, -- sha256 over the poll and the footage it listed: the same poll again is recognised
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);

-- The day ledger: one row per camera, local day and version. A version is the state of the day after the answer
-- (asked_at, poll_id) was laid over what earlier answers had said; an answer that changes nothing adds no row. An
-- answer that arrives late adds corrected versions of the later answers under their own (asked_at, poll_id) with a
-- higher revision. So: state at answer time A as known at T = of the rows with asked_at <= A and known_from <= T
-- the one with the greatest (asked_at, poll_id, known_from, revision).
CREATE TABLE IF NOT EXISTS footage_days (
    camera_id TEXT, day DATE,
    held STRUCT(s INTEGER, e INTEGER)[], -- true time with footage: ms of the local day, half-open, sorted, disjoint
    asked STRUCT(s INTEGER, e INTEGER)[], -- true time for which some answer spoke
    asked_at TIMESTAMP, poll_id TEXT, revision INTEGER,
    digest TEXT, -- md5 of held and asked
    known_from TIMESTAMP);

-- One row per attempt to watch a live stream.
CREATE TABLE IF NOT EXISTS live_probes (
    camera_id TEXT, probed_at TIMESTAMP,
    outcome TEXT, -- ok, no_media, refused, unreachable; not_probed is our own outage
    first_frame_ms INTEGER, width INTEGER, height INTEGER, fps DOUBLE, black BOOLEAN, frozen BOOLEAN,
    osd_text TEXT, osd_time TIMESTAMP,
    reason TEXT, -- one sentence when not ok
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);
CREATE TABLE IF NOT EXISTS recording_plans (
    camera_id TEXT, observed_at TIMESTAMP, mode TEXT, -- continuous, event, off, unknown
    known_from TIMESTAMP, submission_id TEXT, withdrawn BOOLEAN);

-- One row per round of collecting that was due for a source, also the one that did not run: what we did not ask, and why.
CREATE TABLE IF NOT EXISTS planned_polls (
    planned_at TIMESTAMP, source_id TEXT, -- recorder_id, or camera_id for a live probe
    kind TEXT, -- footage, live
    status TEXT, -- run, merged (into a later round), skipped
    outcome TEXT, -- ok, partial, unreachable, refused, malformed, not_probed; NULL when not run
    reason TEXT, finished_at TIMESTAMP, request_count INTEGER,
    window_count INTEGER, skipped_count INTEGER, -- windows of time due in this round, and those of them not asked
    known_from TIMESTAMP);

-- What a recorder tells beside footage: one row per look, whatever came back. Rows of the tables that follow are added
-- only when they differ from the ones before, so what a look that `told` them did not change still holds.
CREATE TABLE IF NOT EXISTS recorder_looks (
    recorder_id TEXT, observed_at TIMESTAMP, address TEXT, -- as registered when asked
    told TEXT[], -- the questions that were answered: describe, clock, channels, plans, disks
    failures STRUCT(question TEXT, outcome TEXT, reason TEXT)[], -- the questions that were not, and why
    model TEXT, firmware TEXT, serial_number TEXT, -- empty: it did not say
    clock_offset_ms INTEGER, round_trip_ms INTEGER,
    known_from TIMESTAMP);
CREATE TABLE IF NOT EXISTS channel_readings (
    recorder_id TEXT, channel TEXT, observed_at TIMESTAMP,
    is_listed BOOLEAN, -- false: the recorder no longer names this channel
    name TEXT, is_online BOOLEAN,
    address TEXT, -- of the camera behind the channel
    osd_time BOOLEAN, osd_name BOOLEAN, -- set to be burned into the recorded picture
    known_from TIMESTAMP);
CREATE TABLE IF NOT EXISTS disk_readings (
    recorder_id TEXT, disk_id TEXT, observed_at TIMESTAMP, is_listed BOOLEAN,
    state TEXT, -- healthy, failed, unknown
    state_text TEXT, -- the recorder's own word
    capacity_bytes BIGINT, free_bytes BIGINT,
    known_from TIMESTAMP);
-- Days the recorder's own calendar says hold footage, or not. A claim: only footage listed or denied counts in the ledger.
CREATE TABLE IF NOT EXISTS days_claimed (
    camera_id TEXT, day DATE, observed_at TIMESTAMP, has_footage BOOLEAN,
    known_from TIMESTAMP);
-- What was learned about a recorder's manners, and until when it is left alone. The newest row counts.
CREATE TABLE IF NOT EXISTS recorder_memory (
    recorder_id TEXT, learned TEXT, -- JSON, keys belong to the protocol
    not_before TIMESTAMP, reason TEXT, -- why it is left alone
    failure_count INTEGER, -- rounds in a row in which it could not be reached
    known_from TIMESTAMP);
-- Somebody vouches that what looks different now is the one that is meant. `kind`: serial_number or recorder_address (of
-- recorder `subject_id`), camera_address (of the camera behind `recorder_id/channel`), camera_place (of a camera_id).
CREATE TABLE IF NOT EXISTS identity_confirmations (
    kind TEXT, subject_id TEXT, identity TEXT, confirmed_by TEXT, note TEXT, known_from TIMESTAMP);

-- Playback proof. A draw is bound, before its local day begins, to a seed that is told only when it is used.
CREATE TABLE IF NOT EXISTS playback_draws (
    day DATE, seed_sha256 TEXT, count_per_recorder INTEGER, known_from TIMESTAMP);
-- The seed, and the list of minutes it was used on: what was known to be held when the day ended.
CREATE TABLE IF NOT EXISTS playback_reveals (
    day DATE, seed TEXT, -- hex
    as_of TIMESTAMP, first_day DATE, -- of the list
    list_sha256 TEXT, minute_count BIGINT, known_from TIMESTAMP);
-- One row per drawn minute that was tried. The frame itself is not kept.
CREATE TABLE IF NOT EXISTS playback_samples (
    day DATE, recorder_id TEXT, ordinal INTEGER, -- of the draw
    camera_id TEXT, minute_at TIMESTAMP, -- start of the drawn minute
    tried_at TIMESTAMP,
    outcome TEXT, -- good, no_picture, wrong_time, refused, unreachable, not_possible
    reason TEXT, frame_sha256 TEXT, frame_bytes BIGINT, width INTEGER, height INTEGER,
    known_from TIMESTAMP);

-- The answers of recorders as they came, compressed, once per content.
CREATE TABLE IF NOT EXISTS raw_answers (
    poll_id TEXT, ordinal INTEGER, -- position among the poll's exchanges
    request TEXT, -- method, path and body, without credentials
    status INTEGER, body_sha256 TEXT, body_gz BLOB, known_from TIMESTAMP);

-- One row per run of the engine.
CREATE TABLE IF NOT EXISTS judgements (
    judgement_id TEXT, month TEXT, now_at TIMESTAMP, as_of TIMESTAMP, ruleset TEXT, -- digest of the rules used
    fingerprint TEXT, verdict_count BIGINT, known_from TIMESTAMP);

-- Verdicts as changes: one row when a verdict appears, differs from before, or is no longer given (outcome NULL).
CREATE TABLE IF NOT EXISTS verdict_changes (
    judgement_id TEXT, month TEXT, rule_id TEXT, subject_type TEXT, subject_id TEXT, agency_id TEXT, period TEXT,
    outcome TEXT, measured TEXT, required TEXT, unit TEXT, reason TEXT, clause TEXT,
    evidence TEXT, -- JSON list of {kind, from_at, to_at, ref}
    known_from TIMESTAMP);
