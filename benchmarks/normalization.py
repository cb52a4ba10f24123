"""What normal forms cost: `python benchmarks/normalization.py --values 1000000`.

Makes so many values of each kind in the spellings of many countries, distinct where the kind allows, and normalises them as
`omniid.resolve` does: from a raw column to normal forms, display forms and rejects. Each kind runs in a process of its own, so
that its memory is its own; making the values is not measured. Names come twice: all distinct, the worst case, and as people
bear them, few names often and many seldom. The calibration line clocks a fixed piece of work, so that figures of other machines
can be set beside each other. The share that took the slow way (one by one, in Python) is
counted in a second run, which is not measured either; for names, addresses and dates it counts the words or values that were.
"""

import argparse
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator
from itertools import accumulate

from common import machine, measure, peak_memory

# (country code and first digits, how many more)
PHONES = [("+48 50", 7), ("+48 60", 7), ("+7 916 ", 7), ("+44 7911 ", 6), ("+49 1525 ", 7), ("+33 6", 8), ("+1 312 5", 6)]
PHONES += [
    ("+34 6", 8),
    ("+380 67 ", 7),
    ("+98 912 ", 7),
    ("+90 532 ", 7),
    ("+91 98", 8),
    ("+81 90-", 8),
    ("50", 7),
    ("69", 7),
    ("0048 51", 7),
]
MAILS = [
    "gmail.com",
    "wp.pl",
    "mail.ru",
    "yandex.ru",
    "hotmail.com",
    "Gmail.com",
    "example.co.uk",
    "firma.com.pl",
    "t-online.de",
]
FIRST = {
    "Latin": "Anna Jan Łukasz Zoë José François Jürgen Siobhán Małgorzata Ødger John Mary",
    "Cyrillic": "Анна Сергей Юлия Владимир Наталья Щербак Їжак Ўладзімір",
    "Greek": "Μαρία Γιώργος Ελένη Κωνσταντίνος Δήμητρα Νίκος",
    "Arabic": "محمد علی فاطمه عبدالله زهرا حسین",
    "CJK": "小明 美玲 伟 太郎 花子 민수 지영",
    "Georgian": "ოთარ ნინო გიორგი თამარ",
}
SYLLABLES = {
    "Latin": "ko wal ski na ros ber man ell o'b łąk müll sán čer vić gór son",
    "Cyrillic": "ив пет ков ский на бор ши ен ко ма ли юр щу",
    "Greek": "πα δό που λος γε ωρ γί νι κο λα ΐδης ά",
    "Arabic": "رض ای محم د ی کا ظم نو ری پو ر",
    "CJK": "王 李 張 刘 陳 김 박 최 田 中 山 本 鈴 木 佐 藤",
    "Georgian": "შვი ლი ძე ბე რი ა კა ვა ნი",
}
# Shares of the scripts among people's names.
SHARES = {"Latin": 55, "Cyrillic": 20, "CJK": 10, "Arabic": 7, "Greek": 5, "Georgian": 3}
LETTERS = {"Latin": "[A-Za-zÀ-ɏ]", "Cyrillic": "[Ѐ-ӿ]", "Greek": "[Ͱ-Ͽ]", "Arabic": "[\u0600-\u06ff]"}
LETTERS |= {"CJK": "[\u3040-\u9fff\uac00-\ud7a3]", "Georgian": "[\u10a0-\u10ff]"}
STREETS = [
    "ul. Mickiewicza",
    "Main Street",
    "Hauptstraße",
    "ул. Советская",
    "rue de la Paix",
    "Calle Mayor",
    "High St",
    "Οδός Ερμού",
]
CITIES = ["00-950 Warszawa, PL", "San Antonio, TX 78240", "10115 Berlin", "454234 Челябинск", "75002 Paris", "London SW1A 1AA"]
DATES = [
    "{y}-{m:02}-{d:02}",
    "{d:02}.{m:02}.{y}",
    "{d}.{m}.{y}",
    "{y}/{m}/{d}",
    "{y}{m:02}{d:02}",
    "{d} {word} {y}",
    "{word} {d}, {y}",
]
DATES += ["{y}-{m:02}-{d:02} {h:02}:15:00", "{y}-{m:02}-{d:02}T{h:02}:45:30Z", "{y}.{m:02}.{d:02}", "{d}-{word}-{y}"]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def phones(count: int, draw: random.Random) -> Iterator[str]:
    for place in range(count):
        start, size = PHONES[place % len(PHONES)]
        rest = f"{place // len(PHONES) * 7919 % 10**size:0{size}d}"
        dresses = [rest, f"{rest[:3]} {rest[3:]}", f"{rest[:2]}-{rest[2:5]}-{rest[5:]}", f"{rest} ", rest]
        dressed = draw.choice(dresses) if draw.random() < 0.97 else draw.choice([rest[:-1], rest + "1", f"{rest} ext. 12"])
        yield start + dressed


def emails(count: int, draw: random.Random) -> Iterator[str]:
    words = [word.lower() for word in FIRST["Latin"].split() if word.isascii()]
    for place in range(count):
        owner = f"{draw.choice(words)}{draw.choice('._-')}{draw.choice(words)}{place}"
        dress = draw.random()
        owner = owner.title() if dress < 0.1 else f"{owner}+shop" if dress < 0.13 else owner
        address = f"{owner}@{draw.choice(MAILS)}" if dress < 0.999 else f"{owner}@münchen.de"
        yield f"Anna K. <{address}>" if 0.99 < dress < 0.999 else address


def identifiers(count: int, draw: random.Random) -> Iterator[str]:
    for place in range(count):
        yield draw.choice(
            [f"PL-{place:09d}", f"u{place}", f"{place * 7919 % 2**32:08x}f9e", f"{place + 10**6}.0", f"{place:06d} 42/7"]
        )


def surnames(count: int, draw: random.Random) -> Iterator[str]:
    parts = {script: syllables.split() for script, syllables in SYLLABLES.items()}
    for place in range(count):
        script = list(parts)[place % len(parts)]
        name = "".join(draw.choices(parts[script], k=3 if script == "CJK" else draw.randint(3, 5)))
        dress = draw.random()
        yield name.upper() if dress < 0.1 else f"{name}-{draw.choice(parts[script])}" if dress < 0.2 else name.capitalize()


def full_names(count: int, draw: random.Random) -> Iterator[str]:
    for place, last in enumerate(surnames(count, draw)):
        first = draw.choice(FIRST[list(FIRST)[place % len(FIRST)]].split())
        yield f"{last}, {first}" if draw.random() < 0.1 else f"{first} {last}"


def people(count: int, draw: random.Random) -> Iterator[str]:
    """Whole names as people bear them: the k-th most frequent surname of a script about 1/k as often as the first."""
    pools = {}
    for script in SYLLABLES:
        one_script = random.Random(f"{draw.random()} {script}")
        parts = SYLLABLES[script].split()
        size = 3_000 if script == "CJK" else 30_000
        made = ("".join(one_script.choices(parts, k=1 if script == "CJK" else one_script.randint(2, 4))) for _ in range(size))
        names = list(dict.fromkeys(name.capitalize() for name in made))
        weights = list(accumulate(1 / (rank + 10) for rank in range(len(names))))
        pools[script] = (names, weights, FIRST[script].split())
    scripts = list(SHARES)
    for script in draw.choices(scripts, list(SHARES.values()), k=count):
        names, weights, firsts = pools[script]
        last, first = draw.choices(names, cum_weights=weights)[0], draw.choice(firsts)
        dress = draw.random()
        if script == "CJK":
            yield last + first
        elif dress < 0.1:
            yield f"{last}, {first}"
        elif dress < 0.2:
            yield f"{first} {draw.choice(firsts)} {last}"
        else:
            yield f"{first} {last}".upper() if dress < 0.25 else f"{first} {last}"


def people_surnames(count: int, draw: random.Random) -> Iterator[str]:
    """Surnames as people bear them."""
    for name in people(count, draw):
        yield name.split(",")[0] if "," in name else name.split(" ")[-1]


def streets(count: int, draw: random.Random) -> Iterator[str]:
    for place in range(count):
        yield f"{draw.choice(STREETS)} {place % 999 + 1}{draw.choice(['', '', 'a', ' m. 5'])}/{place // 999}"


def addresses(count: int, draw: random.Random) -> Iterator[str]:
    for street in streets(count, draw):
        yield f"{street}, {draw.choice(CITIES)}"


def dates(count: int, draw: random.Random) -> Iterator[str]:
    for _ in range(count):
        year, month, day, hour = draw.randint(1920, 2025), draw.randint(1, 12), draw.randint(1, 28), draw.randint(0, 23)
        yield draw.choice(DATES).format(y=year, m=month, d=day, h=hour, word=MONTHS[month - 1])


# Name → (kind of field, role, maker, scalar functions whose calls are the slow way)
KINDS = {
    "phone": ("phone", "phone", phones, ("normalize_phones",)),
    "e-mail": ("email", "email", emails, ("normalize_email",)),
    "identifier": ("identifier", "identifier", identifiers, ("normalize_identifier",)),
    "surname": ("person_name", "last", surnames, ("normalize_name",)),
    "full name": ("person_name", "full", full_names, ("split_full_name",)),
    "surname, as in life": ("person_name", "last", people_surnames, ("normalize_name",)),
    "full name, as in life": ("person_name", "full", people, ("split_full_name",)),
    "street": ("address", "street", streets, ("normalize_street",)),
    "full address": ("address", "full", addresses, ("split_address",)),
    "date": ("date", "date", dates, ("normalize_date",)),
    "time": ("time", "time", dates, ("normalize_time",)),
}


def run(name: str, count: int, seed: int) -> None:
    """Make the values of one kind, normalise them and print a line."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from omniid.normalization import normalize
    from omniid.tables import NO_TIME, Column, FieldPlan, RecordTable, no_rejects

    kind, role, maker, scalars = KINDS[name]
    values = list(maker(count, random.Random(seed)))
    vocabulary = pa.array(sorted(set(values)), pa.large_string())  # sorted, as frames hand it on
    codes = pa.array(values, pa.large_string())
    codes = pc.index_in(codes, value_set=vocabulary).to_numpy().astype(np.int32)
    keys = pa.array([f"{place:09d}" for place in range(count)], pa.large_string())
    raw = {"value": Column(codes, vocabulary)}
    table = RecordTable(("shop",), np.zeros(count, np.int32), keys, raw, {}, {}, np.full(count, NO_TIME), no_rejects())
    plan = [FieldPlan(kind, {role: "value"}, {"shop": "PL"} if kind == "phone" else {})]
    del values
    before = peak_memory()
    with measure() as cost:
        found = normalize(table, plan)
    slow, rejects = count_slow(scalars, lambda: normalize(table, plan)), found.rejects.num_rows
    print(
        f"{name:<23}{count:>10,}{len(vocabulary):>11,}{cost.cpu:>8.2f}{cost.wall:>8.2f}{cost.peak_gib:>8.2f}{before:>8.2f}"
        f"{slow / len(vocabulary):>8.1%}{rejects:>8,}",
        flush=True,
    )
    if kind == "person_name":
        shares = {script: pc.sum(pc.match_substring_regex(vocabulary, letters)).as_py() for script, letters in LETTERS.items()}
        told = ", ".join(f"{script} {found / len(vocabulary):.0%}" for script, found in shares.items())
        print(f"  scripts of the distinct values: {told}", flush=True)


def calibrate() -> float:
    """CPU seconds of a fixed piece of work, half NumPy, half Python: the least of five."""
    import numpy as np

    def work() -> None:
        order = np.argsort(np.random.default_rng(0).random(1_000_000))
        counts: dict[str, int] = {}
        for number in order[:300_000].tolist():
            key = str(number % 5_003)
            counts[key] = counts.get(key, 0) + 1

    seconds = []
    for _ in range(5):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def count_slow(scalars: tuple[str, ...], work) -> int:
    """Count the values that scalar normalisers are asked for, wherever the package's modules call them."""
    calls = 0

    def counted(function):
        def wrapper(first, *rest, **options):
            nonlocal calls
            calls += len(first) if isinstance(first, list) else 1
            return function(first, *rest, **options)

        return wrapper

    modules = [module for name, module in sys.modules.items() if name.startswith("omniid.normalization.")]
    for scalar in scalars:
        for module in modules:
            if hasattr(module, scalar):
                setattr(module, scalar, counted(getattr(module, scalar)))
    work()
    return calls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--values", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), metavar="KIND", help=", ".join(KINDS))
    arguments = parser.parse_args()
    print(machine(), flush=True)
    print(
        f"calibration: a million numbers sorted and 300,000 counted in a dict take {calibrate():.3f} CPU s",
        end="\n\n",
        flush=True,
    )
    print(f"{'kind':<23}{'rows':>10}{'distinct':>11}{'CPU s':>8}{'wall s':>8}{'GiB':>8}{'before':>8}{'slow':>8}{'rejects':>8}")
    fresh = multiprocessing.get_context("spawn")
    for name in arguments.kinds:
        process = fresh.Process(target=run, args=(name, arguments.values, arguments.seed))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit(process.exitcode)


if __name__ == "__main__":
    main()
