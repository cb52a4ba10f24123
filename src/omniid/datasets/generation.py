"""From a number of records to a sample: the people, their records by channel, late and repeated ones, the truth."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import pyarrow as pa

from omniid.datasets.addresses import draw_addresses
from omniid.datasets.channels import CHANNELS, Channel
from omniid.datasets.contacts import draw_contacts
from omniid.datasets.corruption import Corruption
from omniid.datasets.people import COUNTRIES, FIRST_DAY, LAST_DAY, People, draw_people
from omniid.datasets.rows import Rows
from omniid.datasets.sample import Sample
from omniid.datasets.strings import Codes, Flags, digits_of, join
from omniid.datasets.vocabulary import read_rows
from omniid.errors import InputError, SpecError

__all__ = ["DEFAULT_HEADERS", "generate", "translate"]

DEFAULT_HEADERS: Final[Mapping[str, str]] = MappingProxyType({"shop": "pl"})
_RECORDS_A_PERSON: Final = 2.9
_MOST_RECORDS: Final = 14
_LATEST: Final = 1095 * 86_400  # three years, in seconds
_FIRST_RECORD: Final = 10_001


def _records(n_records: int, rng: np.random.Generator) -> Codes:
    """Draw each person's number of records (geometric, mean 2.9, at most 14) until there are n; give each record's person."""
    counts = np.minimum(rng.geometric(1 / _RECORDS_A_PERSON, n_records), _MOST_RECORDS)
    ends = np.cumsum(counts)
    last = int(np.searchsorted(ends, n_records))
    counts = counts[: last + 1]
    counts[last] -= ends[last] - n_records
    return np.repeat(np.arange(last + 1), counts)


def _originals(n: int, rates: Corruption, rng: np.random.Generator) -> tuple[Codes, Flags]:
    """Draw for each record of a channel which earlier one it repeats (itself for none), and whether only nearly."""
    kind = rng.random(n)
    everyone = np.arange(n)
    repeats = kind < rates.exact_repeat + rates.near_repeat
    original = np.where(repeats, (rng.random(n) * everyone).astype(np.int64), everyone)
    original = np.where(repeats[original], everyone, original)  # what is a repeat itself is not repeated
    return original, kind >= rates.exact_repeat


def _repeated(cells: dict[str, pa.Array], original: Codes, near: Flags, rng: np.random.Generator) -> dict[str, pa.Array]:
    """Copy the originals' cells, all but the time; where a record repeats only nearly, one cell is written anew."""
    n = len(original)
    *columns, time = cells
    fresh = np.where(near, rng.integers(0, len(columns), n), -1)
    copied = {
        name: cells[name].take(pa.array(np.where(fresh == at, np.arange(n), original))) for at, name in enumerate(columns)
    }
    return {**copied, time: cells[time]}


def _channel(channel: Channel, world: Rows) -> tuple[pa.Table, Codes]:
    """Write one channel's table in order of arrival; return it with each record's person."""
    original, near = _originals(len(world), world.rates, world.rng)
    rows = replace(world, person=world.person[original])
    cells = _repeated(channel.cells(rows), original, near, rows.rng)
    ids = join(channel.id_prefix, digits_of(np.arange(len(rows)) + _FIRST_RECORD))
    return pa.table({channel.id_column: ids, **cells}), rows.person


def translate(channels: Mapping[str, pa.Table], headers: Mapping[str, str]) -> dict[str, pa.Table]:
    """Rename the columns of the channels that have headers in another language."""
    names = [channel.name for channel in CHANNELS]
    words: dict[str, dict[str, str]] = {"en": {}}
    for language, english, header in read_rows("headers"):
        words.setdefault(language, {})[english] = header
    for name, language in headers.items():
        if name not in names:
            raise SpecError(f"headers name the channel {name!r}; channels are {', '.join(names)}")
        if language not in words:
            raise SpecError(f"headers[{name!r}] is {language!r}; languages are {', '.join(words)}")
    known = {name: words[headers.get(name, "en")] for name in channels}
    return {
        name: table.rename_columns([known[name].get(column, column) for column in table.column_names])
        for name, table in channels.items()
    }


def generate(
    n_records: int,
    *,
    seed: int = 0,
    home: str = "PL",
    headers: Mapping[str, str] = DEFAULT_HEADERS,
    corruption: Corruption | None = None,
) -> Sample:
    """Generate the records that a business with nine channels would hold of its customers.

    Parameters
    ----------
    n_records
        How many records over all channels, 1 or more; about a third as many people.
    seed
        Another seed, another world. The same arguments give the same bytes under the same version of numpy.
    home
        Country where the business is (two letters): most customers live there, and write phones without a calling code.
    headers
        Channel → language of its column headers ("en", "pl", "ru").
    corruption
        Rates of mistakes; None takes the documented ones.

    Returns
    -------
    Sample

    Raises
    ------
    InputError
        For fewer than one record.
    SpecError
        For an unknown country, channel or language.

    Examples
    --------
    >>> sample = generate(1000, seed=1)
    >>> sample.n_records, list(sample.channels)[:4]
    (1000, ['web', 'app', 'shop', 'call_centre'])
    >>> sample.channels["messenger"].column_names
    ['id', 'whatsapp', 'display_name', 'last_message_at']

    References
    ----------
    Christen and Pudjijono, "Accurate synthetic generation of realistic personal information", PAKDD 2009.
    """
    if n_records < 1:
        raise InputError(f"n_records is {n_records}; ask for at least one record")
    codes = [code for code, _, _ in COUNTRIES]
    if home not in codes:
        raise SpecError(f"home={home!r} is not among the generator's countries: {', '.join(codes)}")
    rates = Corruption() if corruption is None else corruption
    rng = np.random.default_rng([seed, len(CHANNELS)])
    person = _records(n_records, rng)
    people = draw_people(int(person[-1]) + 1, home=home, rng=rng)
    addresses = draw_addresses(people, rng)
    contacts = draw_contacts(people, addresses, rng)
    channel_of = rng.choice(len(CHANNELS), n_records, p=[channel.share for channel in CHANNELS])
    arrival = np.sort(rng.integers(FIRST_DAY * 86_400, (LAST_DAY + 1) * 86_400, n_records))
    person = rng.permutation(person)
    since = np.minimum(arrival - FIRST_DAY * 86_400, _LATEST)
    seconds = arrival - np.where(rng.random(n_records) < rates.late, (rng.random(n_records) * since).astype(np.int64), 0)

    channels: dict[str, pa.Table] = {}
    truth = []
    for position, channel in enumerate(CHANNELS):
        members = np.flatnonzero(channel_of == position)
        own = np.random.default_rng([seed, position])
        rows = Rows(
            people, contacts, addresses, person[members], seconds[members], rates.scaled(channel.care), codes.index(home), own
        )
        table, of = _channel(channel, rows)
        channels[channel.name] = table
        entity = join("P", digits_of(of, 7))
        truth.append(
            pa.table(
                {
                    "source": pa.array([channel.name] * len(of), pa.string()),
                    "record_id": table[channel.id_column],
                    "entity_id": entity,
                }
            )
        )
    return Sample(translate(channels, headers), pa.concat_tables(truth).combine_chunks(), _who_is_who(people))


def _who_is_who(people: People) -> pa.Table:
    """One row per person: with whom they live, and as what."""
    number = np.arange(len(people))
    return pa.table(
        {
            "entity_id": join("P", digits_of(number, 7)),
            "household_id": join("H", digits_of(people.address, 7)),
            "family_id": join("F", digits_of(people.household, 7)),
            "role": pa.array(("head", "partner", "child", "flatmate")).take(pa.array(people.role)),
            "gender": pa.array(("m", "f")).take(pa.array(people.gender)),
            "birth_date": pa.array(people.birth.astype("datetime64[D]")).cast(pa.date32()),
        }
    )
