"""The keys under which one record is filed and looked for: the twin of `index_keys` and `content_keys`."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from omniid.blocking import BlockingRule, index_keys
from omniid.blocking.crowded import LACKING, CrowdedKeys, check_local, rule_seed
from omniid.blocking.edits import LONGEST
from omniid.blocking.filing import edit_windows
from omniid.blocking.keys import Key
from omniid.phonetics import soundex, soundex_words
from omniid.single_record.evidence import Evidence
from omniid.single_record.forms import FormColumns, Forms, table_of
from omniid.single_record.grading import Values
from omniid.single_record.hashes import hash_text, mix_one, signed
from omniid.single_record.readings import MEMO
from omniid.spellings import local_keys

__all__ = ["KeyMaker", "RecordKeys"]

Contents = tuple[int, ...]
ALONE = int(LACKING)
YEAR, YEAR_MONTH = re.compile(r"\d{4}", re.ASCII), re.compile(r"\d{4}-\d{2}", re.ASCII)
MONTH_DAY = re.compile(r"\d{4}-(\d{2}-\d{2})", re.ASCII)


class RecordKeys(NamedTuple):
    """The keys of one record by the blocking rules, as signed 64-bit numbers.

    Parameters
    ----------
    filed
        (key, position of its rule) under which others find it.
    sought
        The same for the keys under which it looks for others.
    """

    filed: tuple[tuple[int, int], ...]
    sought: tuple[tuple[int, int], ...]


class KeyMaker:
    """Blocking rules with their frozen plan, ready to say under which keys single records stand.

    Parameters
    ----------
    rules
        The rules.
    crowded
        The frozen plan of these rules; None: no key is crowded.
    columns
        Columns that decide whether two records are equal in all that matching reads, see `content_keys`.

    Raises
    ------
    SpecError
        If a rule can't be frozen.

    Examples
    --------
    >>> from omniid.blocking import block_on
    >>> keys = KeyMaker([block_on("city")])
    >>> one, two = (keys.keys_of(Evidence({"city": ("york",), "email": (f"{name}@x.com",)})) for name in ("ann", "bob"))
    >>> one == two, len(one.filed)
    (True, 1)
    """

    def __init__(self, rules: Sequence[BlockingRule], crowded: CrowdedKeys | None = None, columns: Sequence[str] = ()) -> None:
        check_local(rules)
        crowded = crowded or CrowdedKeys((), ((),) * len(rules))
        self._rules = [_ready(rule, crowded, number) for number, rule in enumerate(rules)]
        self._places = [(name, place + 1) for place, name in enumerate(sorted(set(columns)))]

    def keys_of(self, evidence: Evidence) -> RecordKeys:
        """The keys of one record.

        Parameters
        ----------
        evidence
            What of it is evidence, as `EvidenceReader` gives it.
        """
        filed: list[tuple[int, int]] = []
        more: list[tuple[int, int]] = []
        memo: dict[Key, Contents] = {}
        for number, make in enumerate(self._rules):
            mine, others = make(evidence.values, memo)
            filed += [(signed(key), number) for key in mine]
            more += [(signed(key), number) for key in others]
        return RecordKeys(tuple(filed), (*filed, *more))

    def content_key(self, evidence: Evidence) -> int | None:
        """The key that records share that are equal in all that matching reads; None for one that says nothing.

        Parameters
        ----------
        evidence
            As for `keys_of`.
        """
        found, said = 0, False
        for name, seed in self._places:
            for value in evidence.said(name):
                found, said = mix_one(found ^ _hash(value, seed)), True
        return signed(found) if said else None


Make = Callable[[Values, dict[Key, Contents]], tuple[list[int], list[int]]]  # keys filed under, and further ones looked for
_hash = lru_cache(MEMO)(hash_text)


def _ready(rule: BlockingRule, crowded: CrowdedKeys, number: int) -> Make:
    """What makes the keys of one rule."""
    seed = int(rule_seed(rule))
    if rule.strategy == "one_edit":
        return _edit_keys(rule, seed)
    if rule.strategy == "block_on":
        further = () if rule.oversized == "leave" else crowded.refine
        levels = [frozenset(key & _WORD for key in level) for level in crowded.rules[number]]
        return _block_keys(rule, seed, further, levels)
    if rule.strategy == "all_pairs":
        return lambda _values, _memo: ([seed], [])
    return _asked_as_table(rule, CrowdedKeys(crowded.refine, (crowded.rules[number],)))


_WORD = (1 << 64) - 1


def _block_keys(rule: BlockingRule, seed: int, further: Sequence[Key], levels: Sequence[frozenset[int]]) -> Make:
    keys = rule.keys

    def make(values: Values, memo: dict[Key, Contents]) -> tuple[list[int], list[int]]:
        parts = []
        for key in keys:
            contents = memo[key] if key in memo else memo.setdefault(key, _contents(key, values))
            if not contents:
                return [], []
            parts.append(contents)
        found = [seed]
        for contents in parts:
            found = [mix_one(one ^ content) for one in found for content in contents]
        if levels and not levels[0].isdisjoint(found):
            found = _refined(found, values, memo)
        return found, []

    def _refined(found: list[int], values: Values, memo: dict[Key, Contents]) -> list[int]:
        done: list[int] = []
        for number in range(len(further) + 1):
            crowded = levels[number] if number < len(levels) else frozenset()
            done += [key for key in found if key not in crowded]
            rest = [key for key in found if key in crowded]
            if number == len(further) or not rest:
                break
            key = further[number]
            contents = memo[key] if key in memo else memo.setdefault(key, _contents(key, values))
            found = [mix_one(one ^ content) for one in rest for content in contents or (ALONE,)]
        return done

    return make


def _edit_keys(rule: BlockingRule, seed: int) -> Make:
    name, shortest = rule.keys[0].fields[0], int(rule.option("shortest"))
    windows = {length: list(enumerate(edit_windows(length))) for length in range(shortest, LONGEST + 1)}

    def of_length(value: str, length: int) -> list[int]:
        n = len(value)
        texts = [f"{length}\n{at}\n{value[:first]}\n{value[n - last :]}" for at, (first, last) in windows.get(length, ())]
        return [mix_one(seed ^ hash_text(text)) for text in texts]

    @lru_cache(MEMO)
    def of_value(value: str) -> tuple[list[int], list[int]]:
        n = len(value)
        if n not in windows:
            return [], []
        return of_length(value, n), [*of_length(value, n - 1), *of_length(value, n + 1)]

    def make(values: Values, _memo: dict[Key, Contents]) -> tuple[list[int], list[int]]:
        found = [of_value(value) for value in values.get(name, ())]
        if len(found) == 1:
            return found[0]
        return [key for mine, _ in found for key in mine], [key for _, others in found for key in others]

    return make


def _asked_as_table(rule: BlockingRule, crowded: CrowdedKeys) -> Make:
    """A rule on long text, asked about a table of one record."""

    def make(values: Values, _memo: dict[Key, Contents]) -> tuple[list[int], list[int]]:
        forms = Forms(None, {name: list(texts) for name, texts in values.items()}, [])
        fields = [*rule.keys[0].fields, *(name for key in crowded.refine for name in key.fields)]
        table = table_of([forms], [("", "")], FormColumns(columns=tuple(fields)))
        return [key & _WORD for key in index_keys(table, [rule], crowded).keys.tolist()], []

    return make


def _contents(key: Key, values: Values) -> Contents:
    """Hashes of what a record's values are by one key, each once."""
    if key.kind == "sorted_name":
        pairs = product(*(values.get(name, ()) for name in key.fields))
        return tuple(dict.fromkeys(mix_one((_words_sum(one) + _words_sum(two)) & _WORD) for one, two in pairs))
    texts = values.get(key.fields[0], ())
    if len(texts) == 1:
        return _content(key, texts[0])
    return tuple(dict.fromkeys(content for text in texts for content in _content(key, text)))


@lru_cache(MEMO)
def _words_sum(name: str) -> int:
    return sum(mix_one(hash_text(word)) for word in name.split())


@lru_cache(MEMO)
def _content(key: Key, value: str) -> Contents:
    """Hashes of what one value is by a key; none where it has no such key."""
    if key.kind == "spelling":
        return (hash_text(value, 2), *(hash_text(one, 1) for one in dict.fromkeys(local_keys([value])[0])))
    text = value if key.kind == "field" else DERIVE[key.kind](value, key.n)
    return () if text is None else (hash_text(text),)


def _first_words(value: str, n: int) -> str | None:
    return " ".join(value.split()[:n]) or None


def _local_part(value: str, n: int) -> str | None:
    local, sign, _ = value.rpartition("@")
    return local if sign and len(local) >= max(n, 1) else None


def _start(pattern: re.Pattern[str]) -> Callable[[str, int], str | None]:
    return lambda value, _n: None if (found := pattern.match(value)) is None else found[0]


def _month_day(value: str, _n: int) -> str | None:
    found = MONTH_DAY.fullmatch(value)
    return None if found is None else found[1]


DERIVE: Mapping[str, Callable[[str, int], str | None]] = {
    "soundex": lambda value, _n: soundex(value),
    "sound_of_words": lambda value, n: soundex_words(value, n),
    "prefix": lambda value, n: value[: n or 1],
    "initial": lambda value, _n: value[:1],
    "first_words": _first_words,
    "local_part": _local_part,
    "year": _start(YEAR),
    "year_month": _start(YEAR_MONTH),
    "month_day": _month_day,
}
