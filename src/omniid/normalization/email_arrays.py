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
    if not plain.all():
        trimmed, lower, plain = _without_names(trimmed, lower, plain)
    plain &= numpy_array(pc.binary_length(lower)) <= PLAIN_LENGTH
    plain &= numpy_array(pc.binary_length(vocabulary)) <= EMAIL_LIMIT
    for ending in RESERVED:
        plain &= ~_mask(pc.ends_with(lower, ending))
    addresses, shown = select(lower, plain), select(trimmed, plain)
    local, domain = _split(addresses)
    good = ~_of_nobody(addresses, local)
    rule = numpy_array(pc.index_in(domain, value_set=_rules().domains), null=-1)
    ruled = good & (rule >= 0)
    value = addresses
    if ruled.any():
        local, better = _own_spelling(select(local, ruled), rule[ruled])
        good[ruled] = ~_of_nobody(better, local) & (numpy_array(pc.binary_length(local)) > 0)
        value = pc.replace_with_mask(value, arrow_array(ruled), better)
    rows = np.flatnonzero(plain)[good]
    forms = Forms(
        select(value, good), _shown(select(addresses, good), select(shown, good)), pa.nulls(len(rows), pa.large_string())
    )
    rest = np.ones(len(vocabulary), bool)
    rest[rows] = False
    slow = Forms.each(normalize_email, select(vocabulary, rest).to_pylist())
    return Forms.joined((rows, forms), (np.flatnonzero(rest), slow))


def _without_names(
    values: pa.LargeStringArray, lower: pa.LargeStringArray, plain: Mask
) -> tuple[pa.LargeStringArray, pa.LargeStringArray, Mask]:
    """The values as they are and in lower case, of plain addresses in angle brackets only these; and which are plain now."""
    inside = pc.struct_field(pc.extract_regex(select(values, ~plain), BRACKETED), "address")
    named = np.zeros(len(values), bool)
    named[~plain] = numpy_array(inside.is_valid())
    if not named.any():
        return values, lower, plain
    found, at = inside.drop_null(), arrow_array(named)
    return (
        pc.replace_with_mask(values, at, found),
        pc.replace_with_mask(lower, at, pc.ascii_lower(found)),
        plain | named,
    )


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
    ends = np.empty(2 * len(signs) + 1, np.int64)
    ends[0::2], ends[1::2] = offsets, signs
    parts = string_array(data, ends)  # local part, "@" and domain, by turns: nothing is copied yet
    even = np.arange(0, 2 * len(signs), 2)
    return parts.take(arrow_array(even)), pc.binary_replace_slice(parts.take(arrow_array(even + 1)), 0, 1, "")


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
