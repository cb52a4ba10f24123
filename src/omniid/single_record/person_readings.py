"""What one record says of a person's name: parts from their own cells, gaps filled from a whole name."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from omniid.normalization import NameParts, normalize_name, normalize_suffix, normalize_title, split_first_name, split_full_name
from omniid.normalization.person_columns import split_last_name
from omniid.single_record.readings import MEMO, OneRecord, Reading, Triple, columns_of, known_only, otherwise, read_as
from omniid.tables import NormalForm

__all__ = ["read_person"]

NOTHING, MISSING = NameParts(), NormalForm(None)


def read_person(roles: Mapping[str, str], place: int, names: Mapping[str, str]) -> Reading:
    """The reading of a person's name, as `apply_person` reads a column of them.

    Parameters
    ----------
    roles
        Role → field that the cells fill.
    place
        The plan's place among the plans.
    names
        Part of the name → field that it is written to.
    """
    wanted = [roles.get(role) for role in ("first", "last", "middle", "full", "suffix")]
    has_last = "last" in roles or "full" in roles
    has_first = "first" in roles or "full" in roles

    fields = frozenset(roles.values())

    def read(record: OneRecord) -> None:
        if fields.isdisjoint(record.raw):
            return
        rows = [_Names(*row) for row in columns_of(record, wanted)]
        out: dict[str, list[Triple | None]] = {"first": [], "last": [], "middle": [], "suffix": []}
        for row in rows:
            for part, entry in row.parts(has_last=has_last).items():
                out[part].append(entry)
        for role, judged in (("full", _whole_judged), ("first", _first_judged), ("last", _last_judged)):
            _reject(record, place, roles.get(role), judged)
        _reject(record, place, roles.get("middle"), _name)
        _reject(record, place, roles.get("suffix"), _suffix)
        if has_first:
            record.write(names["first"], out["first"])
        if has_last:
            record.write(names["last"], out["last"])
        record.write(names["middle"], out["middle"])
        record.write(names["suffix"], out["suffix"])
        if title := roles.get("title"):
            record.write(title, [read_as(value, normalize_title(value)) for value in record.raw.get(title, ())])
            _reject(record, place, title, normalize_title)

    return read


class _Names:
    """The cells of one name, and what is read of each."""

    def __init__(self, first: str | None, last: str | None, middle: str | None, full: str | None, suffix: str | None) -> None:
        self.raw = {"first": first, "last": last, "middle": middle, "full": full, "suffix": suffix}
        self.whole = NOTHING if full is None else _whole(full)
        self.alone, self.apart = (NOTHING, NOTHING) if first is None else _first(first)
        self.last, self.behind = (MISSING, MISSING) if last is None else _last(last)

    def parts(self, *, has_last: bool) -> dict[str, Triple | None]:
        """The parts; a first name is taken apart only where the last name is missing."""
        raw, alone, apart, whole = self.raw, self.alone, self.apart, self.whole
        first, full = raw["first"], raw["full"]
        last = otherwise(read_as(raw["last"], self.last), known_only(full, whole.last))
        is_known = last is not None and last[1] is not None
        guess = known_only(first, apart.last) if has_last and not is_known else None
        named = apart if guess is not None else alone
        own_first = known_only(first, apart.first) if guess is not None else read_as(first, alone.first if first else None)
        middle = read_as(raw["middle"], None if raw["middle"] is None else _name(raw["middle"]))
        middle = otherwise(otherwise(middle, known_only(first, named.middle)), known_only(full, whole.middle))
        suffix = read_as(raw["suffix"], None if raw["suffix"] is None else _suffix(raw["suffix"]))
        for other in (known_only(raw["last"], self.behind), known_only(first, alone.suffix), known_only(full, whole.suffix)):
            suffix = otherwise(suffix, other)
        return {
            "first": otherwise(own_first, known_only(full, whole.first)),
            "last": otherwise(last, guess),
            "middle": middle,
            "suffix": suffix,
        }


def _reject(record: OneRecord, place: int, name: str | None, judged: Callable[[str], NormalForm]) -> None:
    for value in () if name is None else record.raw.get(name, ()):
        record.reject(place, name or "", value, judged(value))


_whole = lru_cache(MEMO)(split_full_name)
_last = lru_cache(MEMO)(split_last_name)
_name = lru_cache(MEMO)(normalize_name)
_suffix = lru_cache(1 << 10)(normalize_suffix)


@lru_cache(MEMO)
def _first(value: str) -> tuple[NameParts, NameParts]:
    """A first name as it stands, and read as a whole name, for records that say no last name."""
    alone = split_first_name(value)
    several = alone.first.value is not None and " " in alone.first.value and alone.middle.value is None
    return alone, _whole(value) if several else NOTHING


def _whole_judged(value: str) -> NormalForm:
    return _whole(value).first


def _first_judged(value: str) -> NormalForm:
    return _first(value)[0].first


def _last_judged(value: str) -> NormalForm:
    return _last(value)[0]
