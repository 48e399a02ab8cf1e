"""The ids ever published, in `rules/ids.yaml`. A verdict, a finding and an order name a rule by its id, so an id stands
for one thing for ever: its subject and period never change, and a rule that is given up keeps its file as `retired`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from rules.catalogue.model import Period, Rule, Strict, Subjects
from rules.catalogue.yaml_files import RuleError, read_yaml

IDS_FILE = Path(__file__).parents[1] / "ids.yaml"


class PublishedId(Strict):
    id: str
    subject: Subjects
    period: Period


def published_ids(path: Path = IDS_FILE) -> dict[str, PublishedId]:
    try:
        entries = TypeAdapter(list[PublishedId]).validate_python(read_yaml(path))
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise RuleError(f"{path.name}: {where or 'the file'} is not an entry with id, subject and period") from None
    by_id: dict[str, PublishedId] = {}
    for entry in entries:
        if entry.id in by_id:
            raise RuleError(f"{path.name}: {entry.id} stands twice; an id is published once")
        by_id[entry.id] = entry
    return by_id


def check_published(rules: Mapping[str, Rule], published: Mapping[str, PublishedId]) -> None:
    """Raises RuleError unless exactly the published ids have a rule, each of its published subject and period."""
    if gone := next((rule_id for rule_id in published if rule_id not in rules), None):
        raise RuleError(f"{gone}.yaml is missing: {gone} was published; keep its file with `status: retired`")
    for rule_id, rule in rules.items():
        entry = published.get(rule_id)
        if entry is None:
            raise RuleError(f"{rule_id}.yaml: field id: {rule_id} is not in ids.yaml; add it there as the last line")
        for field in ("subject", "period"):
            now, then = _words(getattr(rule, field)), _words(getattr(entry, field))
            if now != then:
                raise RuleError(
                    f"{rule_id}.yaml: field {field} is {now}, but {rule_id} was published with {then}; "
                    "give a rule of another meaning an id of its own"
                )


def _words(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else " ".join(value)
