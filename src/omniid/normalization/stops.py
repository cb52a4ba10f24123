"""Stop values that ship with the package: what is typed where nothing is known, and so names nobody."""

from collections.abc import Mapping

from omniid.normalization.words import word_table

__all__ = ["SAME_LENGTH", "STOP", "stop_reason", "stop_words"]

STOP = "stop value"  # every reason begins so
SAME_LENGTH = 4  # "7" and "11" may be real numbers, "1111" hardly


def stop_words(kind: str) -> Mapping[str, str]:
    """Return the exact stop values of a kind of value, as the keys of a mapping: identifier, email, email_local.

    Examples
    --------
    >>> "anonymous" in stop_words("identifier"), "test@test.com" in stop_words("email")
    (True, True)
    """
    return word_table("stop_values.tsv")[kind]


def stop_reason(bare: str) -> str | None:
    """Tell why an identifier names nobody, None if it may be a real one.

    Parameters
    ----------
    bare
        In lower case, without separators.

    Examples
    --------
    >>> stop_reason("0000000"), stop_reason("1111"), stop_reason("pl0012345")
    ('stop value: only zeros', 'stop value: one character repeated', None)
    """
    if not bare.strip("0"):
        return f"{STOP}: only zeros"
    if len(bare) >= SAME_LENGTH and len(set(bare)) == 1:
        return f"{STOP}: one character repeated"
    if bare in stop_words("counted"):
        return f"{STOP}: digits counted up or down"
    if bare in stop_words("identifier"):
        return f"{STOP}: names nobody"
    return None
