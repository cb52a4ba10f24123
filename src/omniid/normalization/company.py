"""Company names: folded words without the legal form, which people write in many ways or leave out."""

from functools import cache

from omniid.normalization.text import TEXT_LIMIT, fold, folded_form, prepare
from omniid.normalization.words import word_table
from omniid.tables import NormalForm

__all__ = ["normalize_company"]

AND = frozenset({"and", "und", "et", "och", "og", "ve"})
ARTICLES = frozenset({"the", "der", "die", "das", "la", "le", "el", "los", "il", "de"})
LONGEST = 8  # words of a legal form


def normalize_company(value: str | None) -> NormalForm:
    """Return the name of a company as folded words without its legal form; display keeps it as it was sent.

    Parameters
    ----------
    value
        A raw value.

    Returns
    -------
    NormalForm
        Rejected if it holds no letter or digit, or more than 10,000 characters. A name that is nothing but a legal form stays.

    Examples
    --------
    >>> [normalize_company(name).value for name in ("Müller & Söhne GmbH & Co. KG", "ООО «Ромашка»", "Acme, Inc.", "The Co")]
    ['muller sohne', 'romashka', 'acme', 'the co']
    >>> normalize_company("Kowalski Sp. z o.o."), normalize_company("KOWALSKI spółka akcyjna").value
    (NormalForm(value='kowalski', display='Kowalski Sp. z o.o.', reason=None), 'kowalski')
    """
    text = prepare(value, TEXT_LIMIT)
    if isinstance(text, NormalForm):
        return text
    bare = text
    for form in word_table("legal_forms.tsv")["within"]:
        bare = bare.replace(form, " ")
    words = fold(bare.replace(".", " ").replace("&", " and ").replace("+", " and ")).split() or fold(text).split()
    return folded_form(" ".join(_without_and(_without_forms(words))), text)


def _without_forms(words: list[str]) -> list[str]:
    """Words without the legal forms at their ends, as long as a name is left."""
    behind, front = _forms("form"), _forms("front")
    rest, before = words, list[str]()
    while rest != before:
        before = rest
        sizes = range(min(LONGEST, len(rest) - 1), 0, -1)
        cuts = [rest[:-size] for size in sizes if tuple(rest[-size:]) in behind]
        cuts += [rest[size:] for size in sizes if tuple(rest[:size]) in front]
        rest = next((cut for cut in cuts if _names_something(cut)), rest)
        while len(rest) > 1 and rest[-1] in AND:
            rest = rest[:-1]
    return rest


def _without_and(words: list[str]) -> list[str]:
    """Words without those for "and" between others: people write &, + or nothing."""
    return [word for place, word in enumerate(words) if word not in AND or place in (0, len(words) - 1)]


def _names_something(words: list[str]) -> bool:
    """Whether one of the words is more than a letter, an article or another legal form."""
    return any(len(word) > 1 and (word,) not in _forms("form") and word not in ARTICLES for word in words)


@cache
def _forms(group: str) -> frozenset[tuple[str, ...]]:
    """Legal forms as words."""
    return frozenset(tuple(spelling.split()) for spelling in word_table("legal_forms.tsv")[group])
