"""The people set, on which matching is measured: `python benchmarks/people_set.py people.parquet --records 1000000`.

N records of 0.4 N people. A person has a first name (4,000 of them) and a surname (60,000), both drawn by Zipf's law, a birth
date, two e-mail addresses, two phones, a postcode and a city. A record has one of the e-mails and one of the phones, and one in
ten comes from another place. Then each field loses 10 to 20 % of its values, and 10 to 13 % get one typing error: a letter
replaced, left out, put in, or swapped with the next. The column `person` holds the truth; no engine reads it.
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from common import machine, measure

# Field → share of values with a typing error, share of missing values, letters that errors put in.
LETTERS, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
DAMAGE = {
    "first_name": (0.13, 0.10, LETTERS),
    "last_name": (0.13, 0.10, LETTERS),
    "birth_date": (0.10, 0.15, DIGITS),
    "email": (0.10, 0.20, LETTERS),
    "phone": (0.10, 0.20, DIGITS),
    "postcode": (0.10, 0.15, LETTERS),
    "city": (0.10, 0.12, LETTERS),
}
RECORDS_PER_PERSON = 2.5
SECOND_CONTACT, ELSEWHERE = 0.25, 0.10  # records with the second e-mail (phone), records from another place
DOMAINS = ["gmail.com", "yahoo.com", "outlook.com", "proton.me", "mail.example", "corp.example"]
STARTS = [*"bcdfghjklmnprstvwz", "ch", "sh", "th", "br", "st", "gr", "ll", "nn"]
VOWELS = [*"aeiou", "ai", "ee", "ou"]
ENDINGS = ["", "", "n", "s", "r", "son", "ton", "ez", "ski", "man", "er", "ley"]
CHUNK = 1 << 18  # values spelled wrong at a time, as a matrix of letters

Random = np.random.Generator
Ints = npt.NDArray[np.integer]


def people_table(records: int, seed: int = 7) -> pa.Table:
    """Make the set: unique_id, the fields of `DAMAGE`, and person."""
    random = np.random.default_rng(seed)
    people = max(int(records / RECORDS_PER_PERSON), 1)
    person = records_of_people(random, people, records)
    place = np.where(random.random(records) < ELSEWHERE, random.integers(0, people, records), person)
    lives = people_fields(random, people)
    columns: dict[str, pa.Array] = {"unique_id": pa.array(np.arange(records))}
    for name, (wrong, missing, letters) in DAMAGE.items():
        if name in ("email", "phone"):
            owner, values = person + people * (random.random(records) < SECOND_CONTACT), lives[name]
        else:
            owner, values = place if name in ("postcode", "city") else person, lives[name]
        column = mistyped(random, values.take(pa.array(owner)), wrong, letters)
        columns[name] = pc.if_else(pa.array(random.random(records) < missing), pa.scalar(None, column.type), column)
    return pa.table(columns | {"person": pa.array(person)})


def records_of_people(random: Random, people: int, records: int) -> Ints:
    """Each record's person: geometric numbers of records a person, in random order."""
    person = np.repeat(np.arange(people), random.geometric(1 / RECORDS_PER_PERSON, people))[:records]
    more = random.integers(0, people, records - len(person))
    return random.permutation(np.append(person, more))


def people_fields(random: Random, people: int) -> dict[str, pa.Array]:
    """Each person's values; of e-mails and phones first those of all people, then the second ones of all people."""
    first = drawn(random, invented(random, 4_000, 2, 3), people, power=0.9, shift=5)
    last = drawn(random, invented(random, 60_000, 2, 4), people, power=0.75, shift=10)
    born = np.datetime64("1935-01-01") + random.integers(0, 75 * 365, people).astype("timedelta64[D]")
    names = pc.binary_join_element_wise(first, last, ".")
    numbers = pa.array(random.integers(0, 9_999, 2 * people)).cast(pa.string())
    domains = pa.array(DOMAINS).take(pa.array(random.integers(0, len(DOMAINS), 2 * people)))
    local = pc.binary_join_element_wise(pa.concat_arrays([names, names]), numbers, "")
    phones = pa.array(random.integers(7_000_000_000, 8_000_000_000, 2 * people)).cast(pa.string())
    return {
        "first_name": first,
        "last_name": last,
        "birth_date": pa.array(born).cast(pa.string()),
        "email": pc.binary_join_element_wise(local, domains, "@"),
        "phone": pc.binary_join_element_wise("0", phones, ""),
        "postcode": postcodes(random, people),
        "city": drawn(random, invented(random, 1_500, 2, 3), people, power=0.9, shift=5),
    }


def invented(random: Random, size: int, fewest: int, most: int) -> pa.Array:
    """`size` different names of `fewest` to `most` syllables and an ending."""
    drawn_names = 2 * size
    syllables = random.integers(fewest, most + 1, drawn_names)
    name = np.full(drawn_names, "", dtype="U32")
    for number in range(most):
        syllable = np.strings.add(random.choice(STARTS, drawn_names), random.choice(VOWELS, drawn_names))
        name = np.strings.add(name, np.where(number < syllables, syllable, ""))
    name = np.strings.add(name, random.choice(ENDINGS, drawn_names))
    _, first_seen = np.unique(name, return_index=True)
    if len(first_seen) < size:
        raise ValueError(f"{fewest} to {most} syllables make only {len(first_seen)} of {size} names")
    return pa.array(name[np.sort(first_seen)[:size]])


def drawn(random: Random, values: pa.Array, size: int, *, power: float, shift: int) -> pa.Array:
    """Draw values by Zipf's law: the k-th comes (k + shift) ** -power as often."""
    weights = (np.arange(len(values)) + shift) ** -power
    return values.take(pa.array(random.choice(len(values), size, p=weights / weights.sum())))


def postcodes(random: Random, size: int) -> pa.Array:
    """Postcodes like "qd31 5x": 2,500 areas (three characters) of 89 parts each."""
    area, part = random.integers(0, 2_500, size), random.integers(10, 99, size)
    letters = pa.array([*LETTERS])
    pieces = [letters.take(pa.array(number % 26)) for number in (area, area // 26, area + part)]
    digits = [pa.array(number).cast(pa.string()) for number in (area // 676 * 10 + part % 10, part)]
    return pc.binary_join_element_wise(pieces[0], pieces[1], digits[0], " ", digits[1], pieces[2], "")


def mistyped(random: Random, values: pa.Array, share: float, letters: str) -> pa.Array:
    """The values, a share of them with one typing error."""
    wrong = np.flatnonzero(random.random(len(values)) < share)
    pieces = [mistype(random, values.take(pa.array(wrong[at : at + CHUNK])), letters) for at in range(0, len(wrong), CHUNK)]
    if not pieces:
        return values
    mask = np.zeros(len(values), bool)
    mask[wrong] = True
    return pc.replace_with_mask(values, mask, pa.concat_arrays(pieces))


def mistype(random: Random, values: pa.Array, letters: str) -> pa.Array:
    """One typing error in each value: all letters as a matrix, read by shifted positions."""
    size = np.asarray(pc.binary_length(values))
    width = int(size.max()) + 1
    text = np.array(values.to_pylist(), f"S{width + 1}").view(np.uint8).reshape(len(values), width + 1)
    kind, at = random.integers(0, 4, len(values))[:, None], (random.integers(0, 1 << 30, len(values)) % size)[:, None]
    new = np.frombuffer(letters.encode(), np.uint8)[random.integers(0, len(letters), len(values))]
    read = np.repeat(np.arange(width)[None, :], len(values), axis=0)
    read += (kind == 1) & (read >= at)  # left out: all later letters move up
    read -= (kind == 2) & (read > at)  # put in: they move down
    swap = (kind == 3) & (at + 1 < size[:, None])
    read += (swap & (read == at)).astype(np.int64) - (swap & (read == at + 1))
    spelled = np.take_along_axis(text, read, axis=1)
    put = np.flatnonzero((kind == 0) | (kind == 2))
    spelled[put, at[put, 0]] = new[put]
    return pa.array(np.ascontiguousarray(spelled).view(f"S{width}").ravel()).cast(pa.string())


def people_file(folder: Path, records: int, seed: int = 7) -> Path:
    """The set's Parquet file in a folder, made if it is not there."""
    path = folder / f"people-{records}-{seed}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        pq.write_table(people_table(records, seed), unfinished)
        unfinished.rename(path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    print(machine())
    with measure() as cost:
        table = people_table(arguments.records, arguments.seed)
        pq.write_table(table, arguments.path)
    print(table.slice(0, 5).to_pandas().to_string())
    print(f"{table.num_rows:,} records of {len(table['person'].unique()):,} people; {cost}")


if __name__ == "__main__":
    main()
