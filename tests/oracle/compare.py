"""The slow, obvious twin of the comparison room: one pair at a time, plain Python, rapidfuzz's own pure-Python scorers."""

import re
from datetime import date
from functools import cache

from rapidfuzz import fuzz_py
from rapidfuzz.distance import JaroWinkler_py, Levenshtein_py, OSA_py

from omniid import comparison as c
from omniid.comparison.name_levels import PARTICLES
from omniid.given_names import are_different_names, different_names, given_name_codes
from omniid.nicknames import are_nicknames
from omniid.spellings import spellings_meet
from omniid.surnames import surname_roots
from omniid.tables.arrays import text_array

EPSILON = 1e-9
ORDINAL = re.compile(r"\d+(st|nd|rd|th)")


def jaro_winkler(a, b):
    return JaroWinkler_py.similarity(min(a, b), max(a, b))


def ratio(a, b):
    return 1.0 if a == b else fuzz_py.ratio(min(a, b), max(a, b)) / 100


def token_set(a, b):
    return 1.0 if a == b else fuzz_py.token_set_ratio(min(a, b), max(a, b)) / 100


def qgrams(a, b):
    grams = [{s[i : i + 2] for i in range(len(s) - 1)} or {s} for s in (a, b)]
    return len(grams[0] & grams[1]) / len(grams[0] | grams[1])


def local(address):
    return address.split("@", 1)[0]


def view(of, text):
    return {"value": text, "local_part": local(text), "compact": text.replace(" ", "")}[of]


def date_parts(text):
    match = re.fullmatch(r"(\d{4})(-\d\d)?(-\d\d)?", text)
    return [None if part is None else part.strip("-") for part in match.groups()] if match else None


def full_date(text):
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def number(text):
    try:
        return float(text) if abs(float(text)) < float("inf") else None
    except ValueError:
        return None


def street_words(text):
    return [w for w in text.split() if not w[0].isdigit() or ORDINAL.fullmatch(w)]


def partial_agrees(a, b):
    pa, pb = date_parts(a), date_parts(b)
    if not pa or not pb or (pa[2] and pb[2]):
        return False
    return pa[0] == pb[0] and (pa[1] is None or pb[1] is None or pa[1] == pb[1])


def same_parts(a, b):
    pa, pb = date_parts(a), date_parts(b)
    return sum(x == y for x, y in zip(pa, pb, strict=True)) if pa and pb and pa[2] and pb[2] else 0


def exchanged(a, b):
    pa, pb = date_parts(a), date_parts(b)
    return bool(pa and pb and pa[2] and pb[2] and pa[0] == pb[0] and pa[1] == pb[2] and pa[2] == pb[1])


def shared_part(level, a, b):
    if a.replace(" ", "") == b.replace(" ", ""):
        return len(a.replace(" ", "")) >= level.shortest
    one, two = set(a.split()) - PARTICLES, set(b.split()) - PARTICLES
    shared = one & two
    all_of_one = len(shared) >= min(len(one), len(two))
    return (" " in a or " " in b) and all_of_one and any(len(word) >= level.shortest for word in shared)


def initial(a, b):
    if min(len(a), len(b)) == 1:
        return a[0] == b[0]

    def initials_of(short, name):
        letters, words = short.replace(" ", ""), name.split()
        written = len(letters) <= 3 and len(short.split()) in (1, len(letters))
        several = len(words) > 1 and any(len(word) > 1 for word in words)
        return written and several and letters == "".join(word[0] for word in words)

    return initials_of(a, b) or initials_of(b, a)


def alike_names(level, a, b):
    if jaro_winkler(a, b) < level.at_least - EPSILON:
        return False
    if a != b and names_differ(a, b):
        return False
    one, two = set(a.split()), set(b.split())
    if " " not in a or " " not in b or not one & two or one <= two or two <= one:
        return True
    rest = [(x, y) for x in one - two for y in two - one]
    return any(jaro_winkler(x, y) >= level.at_least - EPSILON and not known_as_different(x, y) for x, y in rest)


@cache
def names_differ(a, b):
    return are_different_names(a, b)


@cache
def known_as_different(a, b):
    codes = given_name_codes(text_array([a, b]))
    return bool(different_names(codes[:1], codes[1:])[0])


def same_family(a, b):
    return surname_root_of(a) == surname_root_of(b)


@cache
def surname_root_of(name):
    return surname_roots(text_array([name])).to_pylist()[0]


def alike_address(level, a, b):
    if not (
        ratio(a, b) >= level.at_least - EPSILON
        or (min(len(a.split()), len(b.split())) >= 2 and token_set(a, b) >= level.words - EPSILON)
    ):
        return False
    left, right = ({w for w in text.split() if w[0].isdigit()} for text in (a, b))
    return left <= right or right <= left


def same_street(level, a, b):
    if a == b:
        return True
    left, right = street_words(a), street_words(b)
    if not left or not right or {w for w in left if w[0].isdigit()} != {w for w in right if w[0].isdigit()}:
        return False
    one, two = " ".join(left), " ".join(right)
    return ratio(one, two) >= level.at_least - EPSILON or (
        min(len(left), len(right)) >= 2 and token_set(one, two) >= level.words - EPSILON
    )


def close_numbers(level, a, b):
    x, y = number(a), number(b)
    if x is None or y is None:
        return False
    return abs(x - y) <= level.at_most * (max(abs(x), abs(y)) if level.relative else 1) + EPSILON


def close_days(level, a, b):
    x, y = full_date(a), full_date(b)
    return x is not None and y is not None and abs((x - y).days) <= level.days


def same_year(a, b):
    return bool(date_parts(a) and date_parts(b) and date_parts(a)[0] == date_parts(b)[0])


HOLDS = {
    c.Exact: lambda level, a, b: a == b,
    c.JaroWinkler: lambda level, a, b: jaro_winkler(view(level.of, a), view(level.of, b)) >= level.at_least - EPSILON,
    c.TokenSet: lambda level, a, b: token_set(a, b) >= level.at_least - EPSILON,
    c.QGrams: lambda level, a, b: qgrams(a, b) >= level.at_least - EPSILON,
    c.Levenshtein: lambda level, a, b: Levenshtein_py.distance(a, b) <= level.at_most and min(len(a), len(b)) >= level.shortest,
    c.DamerauLevenshtein: lambda level, a, b: OSA_py.distance(a, b) <= level.at_most and min(len(a), len(b)) >= level.shortest,
    c.Numeric: close_numbers,
    c.DateDifference: close_days,
    c.SameDate: lambda level, a, b: a == b and bool(date_parts(a) and date_parts(a)[2]),
    c.DateParts: lambda level, a, b: same_parts(a, b) >= level.at_least,
    c.DayMonthExchanged: lambda level, a, b: exchanged(a, b),
    c.Partial: lambda level, a, b: partial_agrees(a, b),
    c.SameYear: lambda level, a, b: same_year(a, b),
    c.OtherSpelling: lambda level, a, b: a == b or spellings_meet(a, b),
    c.Nickname: lambda level, a, b: a != b and any(are_nicknames(x, y) for x in a.split() for y in b.split()),
    c.Initial: lambda level, a, b: initial(a, b),
    c.AlikeNames: alike_names,
    c.SameFamily: lambda level, a, b: same_family(a, b),
    c.SharedPart: shared_part,
    c.SameLocalPart: lambda level, a, b: local(a) == local(b) and len(local(a)) >= level.shortest,
    c.EmailEdits: lambda level, a, b: (
        OSA_py.distance(a, b) <= level.at_most and min(len(local(a)), len(local(b))) >= level.shortest
    ),
    c.SameEnd: lambda level, a, b: min(len(a), len(b)) >= level.length and a[-level.length :] == b[-level.length :],
    c.AlikeWithoutDifferingNumber: alike_address,
    c.SameStreet: same_street,
    c.Custom: lambda level, a, b: level.claim(min(a, b), max(a, b)),
}


def level_on_values(level, a, b):
    """Whether a level holds of two values."""
    if isinstance(level, c.AnyOf):
        return any(level_on_values(inner, a, b) for inner in level.levels)
    if isinstance(level, c.Overlap):
        return level.at_least == 1 and a == b
    return bool(HOLDS[type(level)](level, a, b))


def numbered(level, known, a, b):
    """Whether two values are one word with other digits, and the known values number that word often."""

    def word(text):
        return re.sub("[0-9]+", "", view(level.of, text))

    spelled = {view(level.of, value) for value in known if word(value) == word(a)}
    return word(a) == word(b) and view(level.of, a) != view(level.of, b) and len(spelled) >= level.at_least


def values_of(table, field, row):
    return sorted({value for value in table.columns[field].entries_of(row) if value is not None})


def swapped(level, table, own, i, j):
    f, g, m, n = (values_of(table, x, r) for x, r in ((own, i), (own, j), (level.other, i), (level.other, j)))
    if m and m == n:
        return False
    forth, back = bool(set(f) & set(n)), bool(set(g) & set(m))
    if (forth and back) or (forth and not g and not m) or (back and not f and not n):
        return True
    crossing = [(x, y) for x in g for y in m] if forth else [(x, y) for x in f for y in n] if back else []
    return any(
        (x != y and are_nicknames(x, y))
        or (jaro_winkler(x, y) >= level.at_least - EPSILON and not (x != y and known_as_different(x, y)))
        for x, y in crossing
    )


def given_parts(level, table, own, i, j):
    if table.columns[own].is_multi or table.columns[level.middle].is_multi:
        return False
    (f, g), (m, n) = ([(values_of(table, x, r) or [""])[0].replace(" ", "") for r in (i, j)] for x in (own, level.middle))
    if bool(m) == bool(n):
        return False
    lone, first, middle = (g, f, m) if m else (f, g, n)
    return bool(lone) and (lone == middle or (bool(first) and lone == first + middle))


def stems(table, email, name, row):
    found = set()
    for address in values_of(table, email, row):
        for value in values_of(table, name, row):
            text = value.replace(" ", "")
            if len(text) > 2 and text[:4] in local(address) and sum(ch.isdigit() for ch in local(address)) < 3:
                found.add(text[:4])
    return found


def explained(condition, table, own, i, j):
    return any(stems(table, own, name, i) & stems(table, own, name, j) for name in condition.names)


def level_holds_rows(level, table, own, i, j):
    if isinstance(level, c.SwappedParts):
        return swapped(level, table, own, i, j)
    if isinstance(level, c.GivenParts):
        return given_parts(level, table, own, i, j)
    if isinstance(level, c.On):
        return level_holds_rows(level.level, table, level.field, i, j)
    if isinstance(level, c.Unless):
        return level_holds_rows(level.level, table, own, i, j)
    if isinstance(level, c.AnyOf):
        return any(level_holds_rows(inner, table, own, i, j) for inner in level.levels)
    left, right = values_of(table, own, i), values_of(table, own, j)
    if isinstance(level, c.UnlessNumbered):
        known = table.columns[own].vocabulary.to_pylist()
        return any(level_on_values(level.level, a, b) and not numbered(level, known, a, b) for a in left for b in right)
    if isinstance(level, c.Overlap) and len(set(left) & set(right)) >= level.at_least:
        return True
    return any(level_on_values(level, a, b) for a in left for b in right)


def fields_of_levels(comparison):
    """The fields whose values levels look at: where both records have one of them, there is something to compare."""
    return {field for _, level, field in comparison.parts() if not isinstance(level, c.SwappedParts | c.GivenParts)}


def pair_level(comparison, table, i, j):
    """The level of one pair of rows, before other comparisons silence it."""
    for position, level in enumerate(comparison.levels):
        if level_holds_rows(level, table, comparison.fields[0], i, j):
            if isinstance(level, c.Unless) and explained(level.condition, table, comparison.fields[0], i, j):
                return -1
            return len(comparison.levels) - position
    there = any(values_of(table, field, i) and values_of(table, field, j) for field in fields_of_levels(comparison))
    return 0 if there else -1


def compare_pair(comparisons, table, i, j):
    """Levels of one pair of rows by comparison; comparisons are listed after those that silence them."""
    levels = {}
    for comparison in comparisons:
        levels[comparison.name] = pair_level(comparison, table, i, j)
    for comparison in comparisons:
        for other, names in comparison.silent_when.items():
            traits = next(x for x in comparisons if x.name == other).traits
            if levels[other] >= 0 and traits.levels[levels[other]] in names:
                levels[comparison.name] = -1
    return [levels[comparison.name] for comparison in comparisons]
