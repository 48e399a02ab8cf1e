"""One rule on a month of footage, from the bundle on: what loading and answering cost, and one more answer."""

from __future__ import annotations

from pathlib import Path

from bench.measure import installed, measured

RIVALS = {
    "pandas": "pandas: sort, cummax, diff",
    "polars": "Polars, lazy",
    "duckdb": "DuckDB: window over raw files",
    "sqlite": "SQLite: window over raw files",
}
OWN = {
    "Liuhen: far_24h, month on record": "month_liuhen.from_store",
    "Liuhen: far_24h, bundle in memory": "month_liuhen.from_bundle",
}


def compare(folder: Path, repeats: int) -> None:
    """The others answer with the missing seconds alone, Liuhen with every verdict, its evidence and the fingerprint."""
    imported = measured("month_liuhen.import_bundle", folder, 0)
    here = {name for name in RIVALS if name in ("duckdb", "sqlite") or installed(name)}
    ways = OWN | {title: f"month_{name}.answers" for name, title in RIVALS.items() if name in here}
    costs = {title: measured(way, folder, repeats) for title, way in ways.items()}
    rule = next(iter(costs.values()))
    print(f"{'':36}{'load s':>9}{'answer s':>10}{'ratio':>8}{'CPU s':>9}{'peak MB':>9}  same seconds missing")
    print(f"{'Liuhen: import into a store file':36}{imported.load_s:9.2f}{'':27}{imported.peak_mb:9.0f}")
    for title, cost in costs.items():
        agrees = "yes" if cost.answer["digest"] == rule.answer["digest"] else "NO"
        print(f"{title:36}{cost.load_s:9.2f}{cost.median_s:10.3f}{cost.median_s / rule.median_s:8.2f}{cost.cpu_s:9.3f}"
              f"{cost.peak_mb:9.0f}  {agrees}")  # fmt: skip
    for name in RIVALS.keys() - here:
        print(f"{RIVALS[name]:36}  not installed")
    told = rule.answer
    print(f"\n{told['judged']} verdicts; {told['lacking']} camera-days lack {told['missing_s']:.0f} s.")
    print("Answers are the median, the ratio is to Liuhen's first line. Liuhen's answer holds every verdict, its")
    print("evidence and the fingerprint; the others' only the missing seconds.\n")


def append(folder: Path, week: Path, repeats: int) -> None:
    measured("month_liuhen.import_bundle", week, 0)
    month_s, week_s = (measured("month_liuhen.append", each, repeats).median_s for each in (folder, week))
    print(f"One more answer for one camera: {month_s * 1000:.0f} ms into the month's store,"
          f" {week_s * 1000:.0f} ms into a week's (ratio {month_s / week_s:.2f}).\n")  # fmt: skip
