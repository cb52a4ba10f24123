"""Other spellings of one name: Latin letters, no accents, the feminine form, the way it sounds. One name at a time."""

import unicodedata
from zlib import crc32

__all__ = ["feminine", "mishear", "romanize", "strip_accents"]


def _letters(pairs: str) -> dict[str, str]:
    """Read "жzh хkh": each word is a letter and what it becomes."""
    return {word[0]: word[1:] for word in pairs.split()}


_CYRILLIC = _letters(
    "аa бb вv гg дd еe ёe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya"
)
_CYRILLIC_VARIANT = _CYRILLIC | _letters("ёyo йi хh цc щsch юiu яia")
_GEORGIAN = _letters(
    "აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟzh რr სs ტt უu ფp ქk ღgh ყq შsh ჩch ცts ძdz წts ჭch ხkh ჯj ჰh"
)
_GREEK = _letters("αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo")
_GREEK_PAIRS = (("ου", "ou"), ("αυ", "av"), ("ευ", "ef"), ("γγ", "ng"))

_HEARD = {
    "latin": (
        *(
            ("sz", "sh"),
            ("cz", "ch"),
            ("rz", "ż"),
            ("w", "v"),
            ("ph", "f"),
            ("ck", "k"),
            ("th", "t"),
            ("ie", "i"),
            ("ei", "ai"),
        ),
        *(("y", "i"), ("tt", "t"), ("nn", "n"), ("ll", "l"), ("ss", "s"), ("mm", "m"), ("ó", "u"), ("ch", "h"), ("ow", "ov")),
        *(
            ("z", "s"),
            ("v", "f"),
            ("oo", "u"),
            ("ee", "i"),
            ("rt", "r"),
            ("ia", "ja"),
            ("er", "ar"),
            ("en", "in"),
            ("an", "en"),
        ),
    ),
    "cyrillic": (
        ("ё", "е"),
        ("о", "а"),
        ("е", "и"),
        ("тс", "ц"),
        ("дн", "нн"),
        ("ов", "аф"),
        ("нн", "н"),
        ("ья", "я"),
        ("ий", "ый"),
    ),
}


def romanize(text: str, culture: str, *, variant: bool = False) -> str:
    """Write a Russian, Georgian or Greek name in Latin letters; other names come back as they are.

    Parameters
    ----------
    text
        A name in its own script.
    culture
        "ru", "ka" or "el".
    variant
        Another habit for Russian: Iuliia for Yuliya, h for kh.

    Returns
    -------
    str
        The name in Latin letters, capitalized like the original.

    Examples
    --------
    >>> romanize("Щербаков", "ru"), romanize("Щербаков", "ru", variant=True), romanize("Γεωργίου", "el")
    ('Shcherbakov', 'Scherbakov', 'Georgiou')
    """
    tables = {"ru": _CYRILLIC_VARIANT if variant else _CYRILLIC, "ka": _GEORGIAN, "el": _GREEK}
    if culture not in tables:
        return text
    lowered = text.lower()
    if culture == "el":
        lowered = strip_accents(lowered)
        for pair, latin in _GREEK_PAIRS:
            lowered = lowered.replace(pair, latin)
    if culture == "ru" and not variant and lowered.endswith(("ий", "ый")):
        lowered = lowered[:-2] + "y"
    return "".join(tables[culture].get(letter, letter) for letter in lowered).title()


def strip_accents(text: str) -> str:
    """Drop accents and write the special Latin letters plainly, as old forms do.

    Examples
    --------
    >>> strip_accents("Łukasz Müller-Groß")
    'Lukasz Muller-Gross'
    """
    if text.isascii():
        return text
    plain = text.replace("ł", "l").replace("Ł", "L").replace("ß", "ss").replace("ø", "o").replace("ı", "i")
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c)))


def mishear(text: str) -> str:
    """Spell a Latin or Cyrillic name the way it may be heard; always the same way for one name.

    Examples
    --------
    >>> mishear("Kowalski") != "Kowalski", mishear("王")
    (True, '王')
    """
    script = "cyrillic" if "а" <= text[-1:].lower() <= "ё" else "latin"
    rules = _HEARD[script]
    start = crc32(text.encode()) % len(rules)
    for offset in range(len(rules)):
        sound, heard = rules[(start + offset) % len(rules)]
        at = text.find(sound, 1)
        if at > 0:
            return text[:at] + heard + text[at + len(sound) :]
    return text


def feminine(surname: str, culture: str) -> str:
    """Give the form of a surname that a woman bears in Polish, Russian or Greek.

    Examples
    --------
    >>> feminine("Kowalski", "pl"), feminine("Островский", "ru"), feminine("Παπαδόπουλος", "el"), feminine("Nowak", "pl")
    ('Kowalska', 'Островская', 'Παπαδοπούλου', 'Nowak')
    """
    endings: dict[str, tuple[tuple[str, str], ...]] = {
        "pl": (("ski", "ska"), ("cki", "cka"), ("dzki", "dzka"), ("ny", "na")),
        "ru": (("ский", "ская"), ("цкий", "цкая"), *((end, end + "а") for end in ("ов", "ев", "ёв", "ин", "ын"))),
        "el": (
            ("όπουλος", "οπούλου"),
            ("ίδης", "ίδου"),
            ("ούδης", "ούδη"),
            ("ης", "η"),
            ("άς", "ά"),
            ("ός", "ού"),
            ("ας", "α"),
            ("ος", "ου"),
        ),
    }
    for end, replacement in endings.get(culture, ()):
        if surname.endswith(end):
            return surname[: -len(end)] + replacement
    return surname
