"""E-mail addresses of a whole vocabulary: plain ones and the rules of providers in one sweep, the others one by one."""

import re
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select, string_array, string_bytes
from omniid.normalization.email import EMAIL_LIMIT, PLAIN, PLAIN_LENGTH, RESERVED, normalize_email
from omniid.normalization.forms import Forms
from omniid.normalization.stops import stop_words
from omniid.normalization.words import word_table
from omniid.tables.arrays import arrow_array, matches, numpy_array, text_array, text_scalar

__all__ = ["email_forms", "is_masked"]

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
AT = ord("@")
# A name in front of an address, in letters and signs that tidying does not turn into brackets.
BRACKETED = rf"^[\x20-\x3b\x3d\x3f-\x7e\pL]*<(?P<address>(?i:{PLAIN}))>$"


def email_forms(vocabulary: pa.LargeStringArray) -> Forms:
    """Normalise distinct values.

    Equals `normalize_email` applied to each value.

    Examples
    --------
    >>> email_forms(pa.array([" A.B+c@Gmail.com", "c.d@example.org"], pa.large_string())).value.to_pylist()
    ['ab@gmail.com', 'c.d@example.org']
    """
    trimmed = pc.ascii_trim(vocabulary, " ")
    lower = pc.ascii_lower(trimmed)
    plain = matches(lower, f"^(?:{PLAIN})$")
    allowed = numpy_array(pc.binary_length(vocabulary)) <= EMAIL_LIMIT
    at = np.flatnonzero(plain & allowed)
    found = [_plain_forms(at, _some(trimmed, at), _some(lower, at))]
    if not plain.all():
        others = np.flatnonzero(~plain & allowed)
        inside = pc.struct_field(pc.extract_regex(_some(trimmed, others), BRACKETED), "address")
        others, inside = others[numpy_array(inside.is_valid())], inside.drop_null()
        found.append(_plain_forms(others, inside, pc.ascii_lower(inside)))
    rest = np.ones(len(vocabulary), bool)
    for rows, _ in found:
        rest[rows] = False
    slow = Forms.each(normalize_email, select(vocabulary, rest).to_pylist())
    return Forms.joined(*found, (np.flatnonzero(rest), slow))


def _plain_forms(rows: Rows, written: pa.LargeStringArray, lower: pa.LargeStringArray) -> tuple[Rows, Forms]:
    """The forms of plain addresses, as written and in lower case, and their places; those that need a reason are left out."""
    short = numpy_array(pc.binary_length(lower)) <= PLAIN_LENGTH
    for ending in RESERVED:
        short &= ~_mask(pc.ends_with(lower, ending))
    rows, written, addresses = rows[short], select(written, short), select(lower, short)
    local, domain = _split(addresses)
    good = ~_of_nobody(addresses, local)
    rule = numpy_array(pc.index_in(domain, value_set=_rules().domains), null=-1)
    ruled = good & (rule >= 0)
    value = addresses
    if ruled.any():
        local, better = _own_spelling(select(local, ruled), rule[ruled])
        good[ruled] = ~_of_nobody(better, local) & (numpy_array(pc.binary_length(local)) > 0)
        value = pc.replace_with_mask(value, arrow_array(ruled), better)
    shown = _shown(select(addresses, good), select(written, good))
    return rows[good], Forms(select(value, good), shown, pa.nulls(int(good.sum()), pa.large_string()))


def _some(values: pa.LargeStringArray, rows: Rows) -> pa.LargeStringArray:
    """The values at some positions; without a copy if these are all."""
    return values if len(rows) == len(values) else values.take(arrow_array(rows))


def is_masked(values: pa.LargeStringArray) -> Mask:
    """Tell which normal forms are masked or relay addresses; null is not.

    Equals `masked_reason` applied to each value.

    Examples
    --------
    >>> is_masked(pa.array(["x7k2p@privaterelay.appleid.com", None, "anna@gmail.com"], pa.large_string())).tolist()
    [True, False, False]
    """
    domains = "|".join(sorted(re.escape(domain) for domain in word_table("emails.tsv")["masked"] if "." in domain))
    return _mask(pc.match_substring_regex(values, f"[@.](?:{domains})$"))


class _Rules:
    """What providers do with the local part, by position in `domains`."""

    def __init__(self) -> None:
        table = word_table("emails.tsv")
        alias = table["alias"]
        names = sorted({*alias, *table["plus"], *table["dotless"], *table["hyphen"]})
        canonical = [alias.get(name, name) for name in names]
        self.domains = text_array(names)
        self.canonical = text_array([f"@{name}" for name in canonical])
        self.plus, self.dotless, self.hyphen = (
            np.array([name in table[rule] for name in canonical], bool) for rule in ("plus", "dotless", "hyphen")
        )


@cache
def _rules() -> _Rules:
    return _Rules()


@cache
def _nobody() -> tuple[pa.LargeStringArray, pa.LargeStringArray]:
    """(addresses, local parts) that belong to nobody."""
    addresses, local = (text_array(sorted(stop_words(kind))) for kind in ("email", "email_local"))
    return addresses, local


def _of_nobody(addresses: pa.LargeStringArray, local: pa.LargeStringArray) -> Mask:
    stops, nobody = _nobody()
    return _mask(pc.is_in(addresses, value_set=stops)) | _mask(pc.is_in(local, value_set=nobody))


def _split(addresses: pa.LargeStringArray) -> tuple[pa.LargeStringArray, pa.LargeStringArray]:
    """(local parts, domains) of addresses with one "@" each."""
    data, offsets = string_bytes(addresses)
    signs = np.flatnonzero(data == AT)
    ends = np.empty(3 * len(signs) + 1, np.int64)
    ends[0::3], ends[1::3], ends[2::3] = offsets, signs, signs + 1
    parts = string_array(data, ends)  # local part, "@" and domain, by turns: nothing is copied yet
    first = np.arange(0, 3 * len(signs), 3)
    return parts.take(arrow_array(first)), parts.take(arrow_array(first + 2))


def _own_spelling(
    local: pa.LargeStringArray, rule: npt.NDArray[np.signedinteger]
) -> tuple[pa.LargeStringArray, pa.LargeStringArray]:
    """(local parts, addresses) as the provider itself would spell them."""
    rules = _rules()
    has_tag, has_dot = _mask(pc.match_substring(local, "+")), _mask(pc.match_substring(local, "."))
    for applies, pattern, replacement in (
        (has_tag & rules.plus[rule], r"\+.*", ""),
        (has_dot & rules.dotless[rule], r"\.", ""),
        (has_dot & rules.hyphen[rule], r"\.", "-"),
    ):
        if applies.any():
            mask = arrow_array(applies)
            changed = pc.replace_substring_regex(local.filter(mask), pattern, replacement)
            local = pc.replace_with_mask(local, mask, changed)
    return local, pc.binary_join_element_wise(local, rules.canonical.take(arrow_array(rule)), text_scalar(""))


def _shown(addresses: pa.LargeStringArray, shown: pa.LargeStringArray) -> pa.LargeStringArray:
    """Addresses whose local part is written as it came; the domain stays in lower case."""
    written = pc.not_equal(addresses, shown)
    if not pc.any(written).as_py():
        return addresses
    local, _ = _split(shown.filter(written))
    _, domain = _split(addresses.filter(written))
    return pc.replace_with_mask(addresses, written, pc.binary_join_element_wise(local, domain, text_scalar("@")))


def _mask(found: pa.BooleanArray) -> Mask:
    return numpy_array(found)
