"""Rules that weigh how far a value can be trusted: by its source, its age, and whether it was verified."""

from datetime import UTC, datetime, timedelta
from math import frexp, log2

import numpy as np

from omniid.errors import SpecError
from omniid.survivorship.entries import Entries
from omniid.survivorship.rule_words import length_of, length_text
from omniid.survivorship.rules import Ranks, SurvivorshipRule
from omniid.tables import NO_TIME

__all__ = ["most_frequent", "trusted", "verified_first"]

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = np.iinfo(np.int64).min


def most_frequent() -> SurvivorshipRule:
    """Prefer the value that most records hold, each counted with the trust of its source.

    Examples
    --------
    >>> most_frequent().name
    'most_frequent'
    """

    def rank(entries: Entries) -> Ranks:
        weight = entries.trust
        weight[entries.repeated()] = 0
        return entries.support(entries.value, weight)

    return SurvivorshipRule("most_frequent", rank)


def verified_first() -> SurvivorshipRule:
    """Prefer values that their source says are verified; what is not known to be verified comes after them.

    Examples
    --------
    >>> verified_first().name
    'verified_first'
    """
    return SurvivorshipRule("verified_first", lambda entries: entries.verified.astype(np.int32))


def trusted(half_life: str | timedelta | None = None, *, as_of: str | datetime | None = None) -> SurvivorshipRule:
    """Prefer the value with the highest trust, which its source has, which age halves, and which doubt halves.

    Trust is 0 to 100 per source, or per source and field. It halves with every half-life between the record's event time and
    now, which is the latest event time within the entity, so that nothing changes without a new record. A record without a
    time counts as one half-life old. A value of which only a part could be read has half the trust.

    Parameters
    ----------
    half_life
        A length of time such as "180d"; None: age does not matter.
    as_of
        What counts as now, an ISO 8601 time, UTC where it names no zone: later records count as of now.

    Raises
    ------
    SpecError
        If `half_life` is no length of time, `as_of` no time, or `as_of` is given without a half-life.

    Notes
    -----
    ``trust * 2 ** (-age / half_life)`` orders values as ``time + half_life * log2(trust)`` does: ranks are those, in whole
    microseconds, so that no sum of floats decides and "now" moves no value before another that has a time.

    Examples
    --------
    >>> trusted("180d").name
    'trusted(half_life=180d)'
    """
    if half_life is None:
        if as_of is not None:
            raise SpecError("trusted(as_of=…) needs a half-life; write trusted('180d', as_of='2026-01-01')")
        return SurvivorshipRule("trusted", lambda entries: np.where(entries.doubtful, entries.trust, 2 * entries.trust))
    length = length_of(half_life, "trusted: half_life")
    micros, now = length // MICROSECOND, None if as_of is None else _moment(as_of)
    until = "" if now is None else f", as_of={now.isoformat()}"
    latest = None if now is None else (now - EPOCH) // MICROSECOND

    def rank(entries: Entries) -> Ranks:
        trust, time = entries.trust, entries.time
        if latest is None:
            now = entries.latest  # of the entity; where no record has a time all are as old
            now[now == NO_TIME] = 0
            time = np.where(time == NO_TIME, now - micros, time)
        else:
            time = np.where(time == NO_TIME, latest - micros, np.minimum(time, latest))
        levels, which = np.unique(trust, return_inverse=True)
        ahead = np.array([_halvings(level, micros) for level in levels.tolist()], np.int64)
        ranks = time + ahead[which] - np.where(entries.doubtful, micros, 0)
        return np.where(trust == 0, NEVER, ranks)

    return SurvivorshipRule(f"trusted(half_life={length_text(length)}{until})", rank)


def _halvings(trust: int, micros: int) -> int:
    """``micros * log2(trust)``, whole; half the trust is exactly one `micros` less. 0 where there is no trust."""
    mantissa, exponent = frexp(trust)
    return micros * exponent + round(micros * log2(mantissa)) if trust else 0


def _moment(as_of: str | datetime) -> datetime:
    try:
        time = as_of if isinstance(as_of, datetime) else datetime.fromisoformat(as_of)
    except (ValueError, TypeError) as error:
        raise SpecError(f"trusted: as_of is {as_of!r}; write a time such as 2026-05-01 or 2026-05-01T09:30:00+02:00") from error
    return time.astimezone(UTC) if time.tzinfo is not None else time.replace(tzinfo=UTC)
