"""Blocking rules: declarations of which records are worth comparing, as frozen plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from omniid.blocking.keys import Key, field, key_from_dict
from omniid.errors import SpecError

__all__ = [
    "BlockingRule",
    "all_pairs",
    "block_on",
    "minhash_lsh",
    "one_edit",
    "rule_from_dict",
    "shared_qgrams",
    "sorted_neighbourhood",
]

# Strategy → (fewest keys, most keys, options with their smallest allowed value and default).
STRATEGIES: dict[str, tuple[int, int, dict[str, tuple[float, float]]]] = {
    "all_pairs": (0, 0, {}),
    "block_on": (1, 99, {}),
    "minhash_lsh": (1, 1, {"q": (1, 3), "bands": (1, 8), "rows": (1, 4), "seed": (0, 0)}),
    "one_edit": (1, 1, {"shortest": (1, 7)}),
    "shared_qgrams": (1, 1, {"q": (1, 3), "threshold": (0.05, 0.7)}),
    "sorted_neighbourhood": (1, 99, {"window": (2, 5)}),
}
OVERSIZED = ("refine", "leave")


@dataclass(frozen=True)
class BlockingRule:
    """One way for two records to become a candidate pair.

    Made by `block_on`, `sorted_neighbourhood`, `shared_qgrams`, `minhash_lsh`, `one_edit` and `all_pairs`.

    Parameters
    ----------
    strategy
        Name of the function that makes it.
    keys
        What it reads.
    options
        (name, number) pairs, sorted by name.
    oversized
        What becomes of blocks above the cap: "refine" splits them by further keys, "leave" makes no pairs of them (for
        rules whose narrower neighbours find those pairs). Either way the block plan counts the pairs left out.
    name
        How reports call it.
    max_block
        A cap of its own, in records, where it is below that of the block plan.

    Raises
    ------
    SpecError
        If a strategy, key, option or cap does not fit.

    Examples
    --------
    >>> from omniid.blocking.keys import soundex
    >>> block_on("birth_date", soundex("last_name")).name
    'birth_date & soundex(last_name)'
    """

    strategy: str
    keys: tuple[Key, ...]
    options: tuple[tuple[str, float], ...] = ()
    oversized: str = "refine"
    name: str = ""
    max_block: int | None = None

    def __post_init__(self) -> None:
        if self.strategy not in STRATEGIES:
            raise SpecError(f"blocking strategy {self.strategy!r} is unknown; use one of {', '.join(STRATEGIES)}")
        fewest, most, known = STRATEGIES[self.strategy]
        if not fewest <= len(self.keys) <= most:
            wanted = "no keys" if not most else "one field" if most == 1 else "at least one key"
            raise SpecError(f"{self.strategy} takes {wanted}, not {len(self.keys)}")
        if self.oversized not in OVERSIZED:
            raise SpecError(f"oversized={self.oversized!r} is unknown; use 'refine' or 'leave'")
        if self.max_block is not None and (type(self.max_block) is not int or self.max_block < 2):
            raise SpecError(f"{self.strategy}: max_block must be a whole number of at least 2, not {self.max_block!r}")
        for option, value in self.options:
            if option not in known:
                raise SpecError(f"{self.strategy} has no option {option!r}; it has: {', '.join(known) or 'none'}")
            self._check(option, value, known[option][0])
        object.__setattr__(self, "name", self.name or self._spell())

    def _check(self, option: str, value: float, least: float) -> None:
        """Only `threshold` may be a fraction, and it may not exceed 1."""
        whole = option != "threshold"
        fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not fits or not value >= least or not (whole or value <= 1):
            wanted = f"a whole number of at least {least:g}" if whole else f"a number from {least:g} to 1"
            raise SpecError(f"{self.strategy}: {option} must be {wanted}, not {value!r}")

    def _spell(self) -> str:
        keys = [str(key) for key in self.keys]
        if self.strategy == "block_on":
            return " & ".join(keys)
        defaults = STRATEGIES[self.strategy][2]
        chosen = [f"{option}={value:g}" for option, value in self.options if value != defaults[option][1]]
        return f"{self.strategy}({', '.join(keys + chosen)})"

    def __str__(self) -> str:
        return self.name

    def option(self, name: str) -> float:
        """The value of an option.

        Examples
        --------
        >>> sorted_neighbourhood("last_name").option("window")
        5
        """
        return dict(self.options).get(name, STRATEGIES[self.strategy][2][name][1])

    def to_dict(self) -> dict[str, Any]:
        """The rule as plain data for JSON and TOML; `rule_from_dict` reads it.

        Examples
        --------
        >>> one_edit("phone").to_dict()
        {'strategy': 'one_edit', 'keys': ['phone'], 'shortest': 7}
        """
        data: dict[str, Any] = {"strategy": self.strategy, "keys": [key.to_dict() for key in self.keys], **dict(self.options)}
        if self.oversized != "refine":
            data["oversized"] = self.oversized
        if self.max_block is not None:
            data["max_block"] = self.max_block
        return data if self.name == self._spell() else data | {"name": self.name}


def rule_from_dict(data: Mapping[str, Any]) -> BlockingRule:
    """Read a rule that `BlockingRule.to_dict` wrote.

    Raises
    ------
    SpecError
        If the data describes no rule; the message names the part.

    Examples
    --------
    >>> rule_from_dict({"strategy": "block_on", "keys": ["email"]}) == block_on("email")
    True
    """
    if not isinstance(data, Mapping) or "strategy" not in data:
        raise SpecError(f"{data!r} is no blocking rule; write {{strategy, keys, …}} as BlockingRule.to_dict does")
    keys = tuple(key_from_dict(key) for key in data.get("keys", ()))
    others = ("strategy", "keys", "name", "oversized", "max_block")
    options = {name: value for name, value in data.items() if name not in others}
    oversized, name = str(data.get("oversized", "refine")), str(data.get("name", ""))
    return _rule(str(data["strategy"]), keys, options, name, oversized, data.get("max_block"))


def _rule(
    strategy: str,
    keys: tuple[Key, ...],
    options: Mapping[str, float],
    name: str | None,
    oversized: str = "refine",
    max_block: int | None = None,
) -> BlockingRule:
    """A rule with every option filled in and in order, so that equal rules are equal data."""
    defaults = {option: default for option, (_, default) in STRATEGIES.get(strategy, (0, 0, {}))[2].items()}
    filled = tuple(sorted((defaults | dict(options)).items()))
    return BlockingRule(strategy, keys, filled, oversized, name or "", max_block)


def _as_key(key: str | Key) -> Key:
    return field(key) if isinstance(key, str) else key


def block_on(
    *keys: str | Key, name: str | None = None, oversized: str = "refine", max_block: int | None = None
) -> BlockingRule:
    """Pair records that agree on every key; a missing key agrees with nothing.

    Parameters
    ----------
    keys
        Field names, or keys such as ``soundex("last_name")``. Where a record has several values of a field, one shared value
        suffices.
    name
        How reports call the rule; by default its keys joined with "&".
    oversized
        "refine" or "leave", see `BlockingRule`.
    max_block
        A cap of its own, in records, where it is below that of the block plan.

    Examples
    --------
    >>> str(block_on("email"))
    'email'
    """
    return _rule("block_on", tuple(map(_as_key, keys)), {}, name, oversized, max_block)


def sorted_neighbourhood(*keys: str | Key, window: int = 5, name: str | None = None) -> BlockingRule:
    """Sort records by the keys and pair those fewer than `window` places apart.

    A record without the first key stands out; ties stand in the order of record keys.

    References
    ----------
    Hernández and Stolfo, "The merge/purge problem for large databases", SIGMOD 1995.

    Examples
    --------
    >>> str(sorted_neighbourhood("last_name", "first_name", window=10))
    'sorted_neighbourhood(last_name, first_name, window=10)'
    """
    return _rule("sorted_neighbourhood", tuple(map(_as_key, keys)), {"window": window}, name)


def shared_qgrams(field: str, *, q: int = 3, threshold: float = 0.7, name: str | None = None) -> BlockingRule:
    """Pair records whose texts share at least `threshold` of their q-grams (Jaccard similarity of the sets); exact.

    References
    ----------
    Bayardo, Ma and Srikant, "Scaling up all pairs similarity search", WWW 2007.

    Examples
    --------
    >>> str(shared_qgrams("street"))
    'shared_qgrams(street)'
    """
    return _rule("shared_qgrams", (_as_key(field),), {"q": q, "threshold": threshold}, name)


def minhash_lsh(
    field: str, *, q: int = 3, bands: int = 8, rows: int = 4, seed: int = 0, name: str | None = None
) -> BlockingRule:
    """Pair records whose texts agree on one of `bands` bands of `rows` MinHashes of their q-grams.

    Two texts of Jaccard similarity s meet with probability 1 − (1 − sʳᵒʷˢ)ᵇᵃⁿᵈˢ: for long text, where exact q-grams cost too
    much.

    References
    ----------
    Broder, "On the resemblance and containment of documents", 1997; Leskovec, Rajaraman and Ullman, *Mining of Massive
    Datasets*, chapter 3.

    Examples
    --------
    >>> str(minhash_lsh("street", bands=16))
    'minhash_lsh(street, bands=16)'
    """
    return _rule("minhash_lsh", (_as_key(field),), {"q": q, "bands": bands, "rows": rows, "seed": seed}, name)


def one_edit(field: str, *, shortest: int = 7, name: str | None = None) -> BlockingRule:
    """Pair records whose values are exactly one typing error apart: one character more, less, other, or two swapped.

    Meant for e-mail addresses, phones and identifiers of at least `shortest` characters, beside ``block_on(field)``.

    References
    ----------
    Mor and Fraenkel, "A hash code method for detecting and correcting spelling errors", CACM 1982 (deletion neighbourhood).

    Examples
    --------
    >>> str(one_edit("phone"))
    'one_edit(phone)'
    """
    return _rule("one_edit", (_as_key(field),), {"shortest": shortest}, name)


def all_pairs(*, name: str | None = None) -> BlockingRule:
    """Pair every record with every other: for a few hundred records.

    Examples
    --------
    >>> str(all_pairs())
    'all_pairs()'
    """
    return _rule("all_pairs", (), {}, name)
