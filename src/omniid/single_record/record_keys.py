"""The keys under which one record is filed and looked for: the twin of `index_keys` and `content_keys`."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
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
from omniid.single_record.hashes import FIRST, SECOND, WORD, hash_text, mix_one, signed
from omniid.single_record.readings import MEMO
from omniid.spellings import local_keys

__all__ = ["KeyMaker", "RecordKeys"]

Contents = tuple[int, ...]
ALONE = int(LACKING)
BEYOND = 1 << 64
NOTHING: Contents = ()
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
        plain = [rule for rule in rules if rule.strategy == "block_on"]
        keys = list(dict.fromkeys([*(key for rule in plain for key in rule.keys), *crowded.refine]))
        self._contents = [(1 << place, _contents_by(key)) for place, key in enumerate(keys)]
        self._blocks = [
            _BlockRule.of(rule, number, keys, crowded) for number, rule in enumerate(rules) if rule.strategy == "block_on"
        ]
        self._others = [
            (number, _other(rule, crowded, number)) for number, rule in enumerate(rules) if rule.strategy != "block_on"
        ]
        self._places = [(name, place + 1) for place, name in enumerate(sorted(set(columns)))]

    def keys_of(self, evidence: Evidence) -> RecordKeys:
        """The keys of one record.

        Parameters
        ----------
        evidence
            What of it is evidence, as `EvidenceReader` gives it.
        """
        values = evidence.values
        present, contents = 0, []
        for bit, look in self._contents:
            found = look(values)
            contents.append(found)
            if found:
                present |= bit
        filed: list[tuple[int, int]] = []
        for number, needed, parts, seed, crowded, rule in self._blocks:
            if needed & present != needed:
                continue
            keys = [seed]
            for part in parts:
                if len(keys) == 1 and len(contents[part]) == 1:  # `mix_one`, written out: most records hold one value each
                    key = keys[0] ^ contents[part][0]
                    key = ((key ^ (key >> 30)) * FIRST) & WORD
                    key = ((key ^ (key >> 27)) * SECOND) & WORD
                    keys = [key ^ (key >> 31)]
                else:
                    keys = [mix_one(key ^ content) for key in keys for content in contents[part]]
            if crowded and not crowded.isdisjoint(keys):
                keys = rule.refined(keys, contents)
            filed += [(key - BEYOND if key >> 63 else key, number) for key in keys]
        more: list[tuple[int, int]] = []
        for number, make in self._others:
            mine, others = make(values)
            filed += [(key, number) for key in mine]
            more += [(key, number) for key in others]
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


Make = Callable[[Values], tuple[Sequence[int], Sequence[int]]]  # keys filed under, and further ones looked for; signed
_hash = lru_cache(MEMO)(hash_text)


class _BlockRule(NamedTuple):
    """A rule of keys: its number, the keys that it needs, their places, its seed, and its crowded keys."""

    number: int
    needed: int
    parts: tuple[int, ...]
    seed: int
    crowded: frozenset[int]
    rule: "_Refining"

    @classmethod
    def of(cls, rule: BlockingRule, number: int, keys: Sequence[Key], crowded: CrowdedKeys) -> "_BlockRule":
        parts = tuple(keys.index(key) for key in rule.keys)
        levels = [frozenset(key & WORD for key in level) for level in crowded.rules[number]]
        further = () if rule.oversized == "leave" else tuple(keys.index(key) for key in crowded.refine)
        needed = sum({1 << part for part in parts})
        first = levels[0] if levels else frozenset()
        return cls(number, needed, parts, int(rule_seed(rule)), first, _Refining(further, levels))


class _Refining(NamedTuple):
    """What refines crowded keys: places of further keys, and what is still crowded with each."""

    further: tuple[int, ...]
    levels: list[frozenset[int]]

    def refined(self, found: list[int], contents: Sequence[Contents]) -> list[int]:
        """The keys that are left, further ones mixed in where a key is crowded."""
        done: list[int] = []
        for number in range(len(self.further) + 1):
            crowded = self.levels[number] if number < len(self.levels) else frozenset()
            done += [key for key in found if key not in crowded]
            rest = [key for key in found if key in crowded]
            if number == len(self.further) or not rest:
                break
            more = contents[self.further[number]] or (ALONE,)
            found = [mix_one(key ^ content) for key in rest for content in more]
        return done


def _other(rule: BlockingRule, crowded: CrowdedKeys, number: int) -> Make:
    """What makes the keys of a rule that is none of keys."""
    seed = int(rule_seed(rule))
    if rule.strategy == "one_edit":
        return _edit_keys(rule, seed)
    if rule.strategy == "all_pairs":
        return lambda _values: ((signed(seed),), ())
    return _asked_as_table(rule, CrowdedKeys(crowded.refine, (crowded.rules[number],)))


def _edit_keys(rule: BlockingRule, seed: int) -> Make:
    name, shortest = rule.keys[0].fields[0], int(rule.option("shortest"))
    windows = {length: list(enumerate(edit_windows(length))) for length in range(shortest, LONGEST + 1)}

    def of_length(value: str, length: int) -> list[int]:
        n = len(value)
        texts = [f"{length}\n{at}\n{value[:first]}\n{value[n - last :]}" for at, (first, last) in windows.get(length, ())]
        return [signed(mix_one(seed ^ hash_text(text))) for text in texts]

    @lru_cache(MEMO)
    def of_value(value: str) -> tuple[list[int], list[int]]:
        n = len(value)
        if n not in windows:
            return [], []
        return of_length(value, n), [*of_length(value, n - 1), *of_length(value, n + 1)]

    def make(values: Values) -> tuple[Sequence[int], Sequence[int]]:
        if name not in values:
            return (), ()
        found = [of_value(value) for value in values[name]]
        if len(found) == 1:
            return found[0]
        return [key for mine, _ in found for key in mine], [key for _, others in found for key in others]

    return make


def _asked_as_table(rule: BlockingRule, crowded: CrowdedKeys) -> Make:
    """A rule on long text, asked about a table of one record."""

    def make(values: Values) -> tuple[Sequence[int], Sequence[int]]:
        forms = Forms(None, {name: list(texts) for name, texts in values.items()}, [])
        fields = [*rule.keys[0].fields, *(name for key in crowded.refine for name in key.fields)]
        table = table_of([forms], [("", "")], FormColumns(columns=tuple(fields)))
        return index_keys(table, [rule], crowded).keys.tolist(), ()

    return make


def _contents_by(key: Key) -> Callable[[Values], Contents]:
    """What gives the hashes of what a record's values are by one key, each once."""
    name, content = key.fields[0], lru_cache(MEMO)(partial(_content, key))

    def look(values: Values) -> Contents:
        texts = values.get(name)
        if texts is None:
            return NOTHING
        if len(texts) == 1:
            return content(texts[0])
        return tuple(dict.fromkeys(one for text in texts for one in content(text)))

    return _words_of(key) if key.kind == "sorted_name" else look


def _words_of(key: Key) -> Callable[[Values], Contents]:
    def look(values: Values) -> Contents:
        pairs = product(*(values.get(name, ()) for name in key.fields))
        return tuple(dict.fromkeys(mix_one((_words_sum(one) + _words_sum(two)) & WORD) for one, two in pairs))

    return look


@lru_cache(MEMO)
def _words_sum(name: str) -> int:
    return sum(mix_one(hash_text(word)) for word in name.split())


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
