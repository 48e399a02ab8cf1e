"""A month of everything that a city keeps: all rules, the heaviest beside what one would use, one poll."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from bench.agreement import agreement
from bench.measure import Cost, installed, measured
from bench.raw import RAW_SQL, write_raw
from bench.terms import COMPARED
from bench.whole_city import CITY_SQL, ITEMS, CitySize, lay_out
from data.store import Store

CITIES = {"city": CitySize(), "stress": CitySize(channels=10_000, reports=300_000)}
WEEK = CitySize(reports=CitySize.reports * 7 // 31, days=7)
MOST_REPEATS = 3
RIVALS = {"pandas": "pandas over Parquet", "polars": "Polars over Parquet", "duckdb": "DuckDB over Parquet"}
NOTES = f"""
The {len(COMPARED)} rules: {", ".join(COMPARED)}.
Liuhen's answers hold every verdict with evidence, exemptions taken into account, and the fingerprint; the others' only
outcome and figure. Liuhen reads its store, whose day ledger was kept while answers came in; the others read the hourly
footage as recorders listed it, and every answer of theirs begins at the files. They know neither exemptions nor
corrected records, and assume that a day was asked about once: verdicts of agencies with an exemption are not compared.
First is an answer of a fresh process, warm the median of those after it, CPU the seconds of all cores of a warm answer.
"""


def compare(name: str, folder: Path, repeats: int) -> None:
    size = CITIES[name]
    city = laid_out(folder, size, raw=True)
    repeats = min(repeats, MOST_REPEATS)
    print(f"\n{name.capitalize()}: {size.label}")
    heads = ("first s", "warm s", "ratio", "CPU s", "ratio", "peak MB", "load")
    print(f"{'':26}{''.join(f'{head:>9}' for head in heads)}  same verdicts")
    same = measured("whole_liuhen.compared_rules", city, repeats)
    _line("Liuhen: all rules", measured("whole_liuhen.every_rule", city, repeats), same, "")
    _line(f"Liuhen: the {len(COMPARED)} rules", same, same, "")
    for module, title in RIVALS.items():
        if not installed(module):
            print(f"{title:26}  not installed")
            continue
        cost = measured(f"whole_{module}.answers", city, repeats)
        _line(title, cost, same, str(agreement(city, same.answer["answer"], cost.answer["answer"])))


def _line(title: str, cost: Cost, same: Cost, agrees: str) -> None:
    figures = (cost.first_s, cost.median_s, cost.median_s / same.median_s, cost.cpu_s, cost.cpu_s / same.cpu_s)
    cells = "".join(f"{figure:9.2f}" for figure in figures)
    print(f"{title:26}{cells}{cost.peak_mb:9.0f}{cost.load_average:9.1f}  {agrees}", flush=True)


def one_poll(folder: Path, repeats: int) -> None:
    halfyear, week = (
        measured("whole_one_poll.answers", laid_out(folder, size), repeats) for size in (CITIES["city"], WEEK)
    )
    print(f"\nOne poll of the city stored and its agency judged again ({halfyear.answer['judged']} verdicts): "
          f"{halfyear.median_s * 1000:.0f} ms ({halfyear.cpu_s * 1000:.0f} ms CPU) with six months on record, "
          f"{week.median_s * 1000:.0f} ms ({week.cpu_s * 1000:.0f} ms CPU) with a week: "
          f"ratio {halfyear.median_s / week.median_s:.2f} ({halfyear.cpu_s / week.cpu_s:.2f} of CPU).")  # fmt: skip


def laid_out(folder: Path, size: CitySize, *, raw: bool = False) -> Path:
    """The folder of this city below `folder`, laid out if it is not there: city.duckdb and, with `raw`, raw files."""
    made_by = hashlib.sha256(f"{CITY_SQL}{RAW_SQL}{ITEMS}".encode()).hexdigest()[:8]
    city = folder / f"{size.channels}-{size.reports}-{size.days}-{made_by}"
    store_path, raw_folder = city / "city.duckdb", city / "raw"
    started = time.perf_counter()
    if not store_path.exists():
        with Store.open(str(store_path.with_suffix(".part"))) as store:
            lay_out(store, size)
        store_path.with_suffix(".part").rename(store_path)
        print(f"Laid out {size.label} in {time.perf_counter() - started:.0f} s.", flush=True)
    if raw and not raw_folder.exists():
        with Store.open(str(store_path)) as store:
            write_raw(store, raw_folder.with_suffix(".part"))
        raw_folder.with_suffix(".part").rename(raw_folder)
    return city
