"""What a record says of its own contact values: that one is verified, that a purpose is consented to or objected to.

========== ============================================== ===============================================
kind       column                                         normal form
========== ============================================== ===============================================
verified   yes or no, or the time of the verification     ``yes``, ``no``, ``2026-03-01T00:00:00Z``
consent    yes or no, granted or denied, opted out …      ``granted``, ``denied``
opt_out    yes (or the time of it) where somebody opted   ``denied``, ``2026-03-01T00:00:00Z``; "no" says
           out                                            nothing, as not objecting is no consent
========== ============================================== ===============================================

Nothing said is unknown. What can't be read is a reject, never a guess: a consent that was misread would be worse than none.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

import numpy as np

from omniid.normalization.date_columns import read_times
from omniid.normalization.event_time import normalize_time
from omniid.normalization.forms import Entries, Forms
from omniid.normalization.numeric_times import iso_times
from omniid.normalization.results import Results
from omniid.normalization.text import prepare, shorten, tidy
from omniid.normalization.words import word_table
from omniid.tables import NO_TIME, Column, FieldPlan, NormalForm
from omniid.tables.arrays import arrow_array

__all__ = ["STATEMENTS", "normalize_consent", "normalize_opt_out", "normalize_verified", "write_statement"]

STATEMENT_LIMIT = 100
BETWEEN_WORDS = re.compile(r"[\s_\-.,;:!]+")
MARKS = ("x", "х", "×", "+")  # the second is Cyrillic; in a column of objections a mark is one
SHORTEST_DAY = 8  # fewer digits and nothing else are a year, a count or a code, and no day


def normalize_consent(value: str | None) -> NormalForm:
    """Return whether a value says that consent is granted or denied.

    Parameters
    ----------
    value
        A raw value, in one of some twenty languages: yes, да, granted, opted in; no, нет, withdrawn, unsubscribed …

    Returns
    -------
    NormalForm
        "granted" or "denied"; missing where nothing is said; rejected with the reason otherwise. A date is rejected, too: it
        does not say of what it is the date.

    Examples
    --------
    >>> [normalize_consent(value).value for value in ("Yes", "да", "opted_in", "UNSUBSCRIBED", "nein", "")]
    ['granted', 'granted', 'granted', 'denied', 'denied', None]
    >>> normalize_consent("maybe").reason
    'says neither yes nor no: maybe'
    """
    return _said(value, "consent", {"yes": "granted", "no": "denied"}, "says neither yes nor no")


def normalize_opt_out(value: str | None) -> NormalForm:
    """Return whether a value of a column such as "unsubscribed" says that somebody objected; otherwise it says nothing.

    Parameters
    ----------
    value
        A raw value: yes, a mark such as x, or the time when it was said. "No" is missing: not objecting is no consent.

    Returns
    -------
    NormalForm
        "denied", or the time of the denial; missing, or rejected with the reason.

    Examples
    --------
    >>> [normalize_opt_out(value).value for value in ("yes", "2026-03-01", "no", "unsubscribed", "x", None)]
    ['denied', '2026-03-01T00:00:00Z', None, 'denied', 'denied', None]
    """
    if value is not None and len(value) <= STATEMENT_LIMIT and tidy(value).casefold() in MARKS:
        return NormalForm("denied")
    said = _said(value, "consent", {"yes": "denied", "no": None, "granted": None}, "says neither yes nor no, and is no time")
    return _or_time(value, said)


def normalize_verified(value: str | None) -> NormalForm:
    """Return whether a value says that something is verified, or when it was.

    Parameters
    ----------
    value
        A raw value: yes, verified, bounced, no …, or the time of the verification.

    Returns
    -------
    NormalForm
        "yes", "no" or a time; missing, or rejected with the reason.

    Examples
    --------
    >>> [normalize_verified(value).value for value in ("TRUE", "niezweryfikowany", "01.03.2026 10:00", "pending")]
    ['yes', 'no', '2026-03-01T10:00:00Z', 'no']
    """
    return _or_time(value, _said(value, "verified", {}, "says neither yes nor no, and is no time"))


def _said(value: str | None, group: str, means: Mapping[str, str | None], otherwise: str) -> NormalForm:
    """What a word means; "" where it says nothing here."""
    if value is None or len(value) > STATEMENT_LIMIT:
        text = prepare(value, STATEMENT_LIMIT)
        return text if isinstance(text, NormalForm) else NormalForm(None)
    word = _words(group).get(_key(value))  # before words for "unknown", of which "нет" is one elsewhere
    if word is not None:
        return NormalForm(means.get(word, word))
    text = prepare(value, STATEMENT_LIMIT)
    return text if isinstance(text, NormalForm) else NormalForm(None, None, f"{otherwise}: {shorten(text)}")


def _or_time(value: str | None, said: NormalForm) -> NormalForm:
    """What was said, or, where it could not be read, the time that it is."""
    text = tidy(value or "")
    if said.reason is None or (text.isdecimal() and len(text) < SHORTEST_DAY):
        return said
    form = normalize_time(text)
    return said if form.value is None else NormalForm(form.value)


def _key(value: str) -> str:
    """A word as it is looked up: no case, no diacritics of Latin letters, one space between words."""
    text = tidy(value).casefold()
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text)
        text = "".join(mark for mark in plain if not "\u0300" <= mark <= "\u036f")
    return text if text in ("1.0", "0.0") else BETWEEN_WORDS.sub(" ", text).strip()


@cache
def _words(group: str) -> Mapping[str, str]:
    table = word_table("statements.tsv")
    return {_key(spelling): word for part in ("answer", group) for spelling, word in table[part].items()}


STATEMENTS = {"verified": normalize_verified, "consent": normalize_consent, "opt_out": normalize_opt_out}


def write_statement(results: Results, field: FieldPlan, column: Column, forms: Forms) -> None:
    """Write what a column says, and when it was said: normal forms only, as a statement is no value of a profile.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": "1", "ok": "yes", "at": "1 March 2026"}])
    >>> plan = FieldPlan("consent", {"consent": "ok", "time": "at"})
    >>> results = Results(table, [plan])
    >>> write_statement(results, plan, table.raw["ok"], Forms.each(normalize_consent, ["yes"]))
    >>> [results.done().columns[name].vocabulary.to_pylist() for name in ("ok", "at")]
    [['granted'], ['2026-03-01T00:00:00Z']]
    """
    results.keep(field.roles[field.kind], Entries.of(column, forms))
    results.reject(field.roles[field.kind], column, forms.reason)
    when = field.roles.get("time")
    if when is None or results.has(when):  # several statements may be dated by one column
        return
    dates, micros, reason = read_times(results, field, results.column(when))
    known = micros != NO_TIME
    at = np.cumsum(known) - 1
    texts = iso_times(micros[known]).take(arrow_array(at, present=known))
    results.keep(when, Entries.of(dates, Forms(texts, texts, reason)))
    results.reject(when, dates, reason)
