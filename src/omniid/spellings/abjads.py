"""Words written without their vowels, and which Latin spellings they may stand for.

Arabic and Hebrew names that stand in no table keep the letters that are written: "rhmny" for Rahmani. Such a word meets a
spelling with vowels where these may be left out. Two spellings with vowels never meet this way.
"""

import re
from collections.abc import Container, Iterable, Sequence
from itertools import islice, product
from math import prod

from omniid.spellings.places import places_of

__all__ = ["is_unvocalised", "readings_among", "readings_without_vowels", "unvocalised_places", "written_letters"]

MOST = 64  # readings of a word
_PAIRS = (("kh", "H"), ("gh", "G"), ("sh", "S"), ("ch", "C"), ("zh", "Z"), ("th", "T"), ("dh", "D"), ("ts", "X"), ("ph", "f"))
# How words begin and end that people speak, in letters that `_short` made; those only that hold no e, i, o and u matter.
_ONSETS = frozenset(
    onset
    for line in (
        "bl br Cr cl cr dr dw fl fr gl gr gw kl kn kr kv ll pl pr ps sc sk sl sm sn sp st sv sw tr tw vl vr wh wr zb zl zv",
        "Sk Sl Sm Sn Sp Sr St Sv Sw bj fj hj kj sj tj str scr spr spl skr zdr mr ml Kl Kr Tr vs ny my ky gy by ry hy py",
    )
    for onset in line.split()
)
_CODAS = frozenset(
    coda
    for line in (
        "ld lf lk lm ln lp ls lt mp ms nd nk ns nt rd rf rg rk rl rm rn rp rs rt sk sp st ft ct ks tt ll ss nn mm rr ff gg dd",
        "bb pp zz lz nz rz tz lb rb mb rv lv dt bs gs ds hl hn hr hm ht kt pt rT nT lT rS rC nC lC ng rH nX lX rX ck hd hs hv",
        "wn wl wk ws rst nst rnt ndt nds rks rtz ntz ltz nsk rsk lsk rls rns hls hns ngs yn yl yr ys yd yk yt",
    )
    for coda in line.split()
)
_VOWELLESS = re.compile("^[^eiou]+$")
_START, _END = re.compile("^[^a]+"), re.compile("[^a]+$")
_BETWEEN = re.compile("[^ayw][yw]+[^ayw]")


def _short(word: str) -> str:
    for pair, letter in _PAIRS:
        word = word.replace(pair, letter)
    return word


def is_unvocalised(word: str) -> bool:
    """Whether a Latin word looks like letters without their vowels: no e, i, o or u, and consonants that nobody can speak.

    Examples
    --------
    >>> [is_unvocalised(word) for word in ("rhmny", "krymy", "frank", "sandra", "mary")]
    [True, True, False, False, False]
    """
    if len(word) < 3 or not _VOWELLESS.match(word) or not word.isalpha():
        return False
    short = _short(word)
    if "a" not in short or _BETWEEN.search(short):
        return len(short) > 2
    start, end = _START.search(short), _END.search(short)
    return bool(
        (start and len(start[0]) > 1 and start[0] not in _ONSETS and len(start[0].rstrip("yw")) > 1)
        or (end and len(end[0].rstrip("y")) > 1 and end[0] not in _CODAS and end[0].rstrip("y") not in _CODAS)
    )


def unvocalised_places(words: Sequence[str]) -> list[int]:
    """Positions of the words of which `is_unvocalised` is true, all words at once.

    Examples
    --------
    >>> unvocalised_places(["mary", "rhmny"])
    [1]
    """
    return [at for at in places_of(_VOWELLESS.pattern, words) if is_unvocalised(words[at])]


# Letters as one who reads them without vowels writes them: H is kh, x is ts, S is sh.
_WRITTEN = {"H": "hk", "G": "g", "q": "kg", "D": "dz", "T": "st", "Z": "z", "C": "ch", "X": "x", "S": "S"}
_READ = {
    "H": "hk", "G": "g", "q": "k", "D": "dz", "T": "st", "Z": "z", "C": "chkS", "X": "x", "S": "S", "s": "sS", "z": "zx",
    "c": "ks", "v": "wb", "f": "fp", "j": "jy", "x": "k",
}  # fmt: skip
_TWICE = re.compile("([^aeiou\\n])\\1")
_TOKENS = re.compile("aa|ee|ei|ey|ai|ay|ie|ou|oo|ow|au|aw|ah$|eh$|[a-zA-Z]")
_INITIAL = {"a": "a-", "e": "a-y", "i": "a-y", "o": "a-w", "u": "a-w", "ou": "a-w", "ei": "ay", "ee": "ay", "ai": "ay"}
_FINAL = {"a": "ahy", "e": "h-y", "ah": "ha", "eh": "h", "i": "y", "o": "w", "u": "w"}
_MEDIAL = {"a": "-a", "aa": "a", "e": "-y", "i": "-y", "o": "-w", "u": "-w", "ah": "ha", "eh": "h"}
_LONG = {
    "ee": "y",
    "ei": "y",
    "ey": "y",
    "ai": "y",
    "ay": "y",
    "ie": "y",
    "ou": "w",
    "oo": "w",
    "ow": "w",
    "au": "w",
    "aw": "w",
}


def written_letters(word: str) -> list[str]:
    """The letters of an unvocalised word; several forms where a letter is spoken in several ways.

    Examples
    --------
    >>> written_letters("qsmy")
    ['ksmy', 'gsmy']
    """
    letters = [_WRITTEN.get(letter, letter) for letter in re.sub("(.)\\1", "\\1", _short(word))]
    return ["".join(chosen) for chosen in islice(product(*letters), MOST)]


def _choices(tokens: Sequence[str]) -> list[str]:
    """What may be written for each sound of a word; "-" is nothing."""
    last = len(tokens) - 1
    choices = []
    for place, token in enumerate(tokens):
        if place == 0 and token in _INITIAL:
            choices.append(_INITIAL[token])
        elif place == last and token in _FINAL:
            choices.append(_FINAL[token])
        else:
            choices.append(_MEDIAL.get(token) or _LONG.get(token) or _READ.get(token, token))
    return choices


def readings_without_vowels(word: str) -> list[str]:
    """What may be written of a spelling with vowels, at most 64 forms.

    Examples
    --------
    >>> "rhmny" in readings_without_vowels("rahmani"), "rhmny" in readings_without_vowels("rahmanou")
    (True, False)
    """
    tokens = _TOKENS.findall(_TWICE.sub("\\1", _short(word)))
    return ["".join(chosen).replace("-", "") for chosen in islice(product(*_choices(tokens)), MOST)]


def readings_among(words: Sequence[str], wanted: Iterable[str]) -> dict[int, list[str]]:
    """Those readings of words that are wanted: the same as to look for them in `readings_without_vowels`, of all words at once.

    Parameters
    ----------
    words
        Words of a–z.
    wanted
        Forms without vowels, as `written_letters` gives them.

    Returns
    -------
    dict
        Position of a word → its readings among the wanted; only of words that have any.

    Examples
    --------
    >>> readings_among(["anna", "rahmani"], ["rhmny"])
    {1: ['rhmny']}
    """
    forms = dict.fromkeys(wanted)
    if not forms:
        return {}
    text = "\n".join(forms)
    wanted_rough, wanted_fine = (_ends(forms, _skeletons(lines)) for lines in (text, text.translate(_HISSES)))
    prefixes = frozenset(form[:size] for form in forms for size in range(len(form) + 1))
    short = _TWICE.sub("\\1", _short("\n".join(words)))
    rough = _skeletons(short.replace("x", ""))  # an x is read as k, and only a written one is ts
    fine = _skeletons(short.replace("x", "k").translate(_HISSES))
    found = {}
    for at, (letters, kept, more) in enumerate(zip(short.split("\n"), rough, fine, strict=True)):
        if kept not in wanted_rough:
            continue
        ends = wanted_rough[kept] if "H" in letters or "C" in letters else wanted_fine.get(more)
        if ends is None or not letters or not _ends_meet(letters, *ends):
            continue
        readings = [reading for reading in _readings(_choices(_TOKENS.findall(letters)), prefixes) if reading in forms]
        if readings:
            found[at] = list(dict.fromkeys(readings))
    return found


def _ends(forms: Iterable[str], skeletons: Iterable[str]) -> dict[str, tuple[set[str], set[str]]]:
    """First and last letters of the forms of each skeleton."""
    ends: dict[str, tuple[set[str], set[str]]] = {}
    for form, skeleton in zip(forms, skeletons, strict=True):
        first, last = ends.setdefault(skeleton, (set(), set()))
        first.add(form[0])
        last.add(form[-1])
    return ends


def _ends_meet(letters: str, first: set[str], last: set[str]) -> bool:
    """Whether readings of a word may begin and end with these letters."""
    one, other = letters[0], letters[-1]
    begins = one not in _ALONE or not first.isdisjoint(_READ.get(one, one))
    return begins and (other not in _ALONE or not last.isdisjoint(_READ.get(other, other)))


# Letters that are a sound by themselves and never left out, so that a reading begins and ends as they are read.
_ALONE = frozenset("bcdfgjklmnpqrstvxzCDGHSTXZ")
# The sounds that every reading keeps, in their order: r, l, m, n, g, p with f, and d with z and its like. Others may go.
_KEPT = str.maketrans("fGDzZxX", "pgddddd")
# s, sh, k, c, th, q and t are read as one another: kept too, as one sound, in words without kh and ch, which may be an h.
_HISSES = str.maketrans("sSkcTqt", "KKKKKKK")
_OTHERS, _AGAIN = re.compile("[^rlmngpdK\n]+"), re.compile("([a-zK])(?=\\1)")


def _skeletons(lines: str) -> list[str]:
    """The kept sounds of each line, none twice in a row: a word of other ones has no such reading."""
    return _AGAIN.sub("", _OTHERS.sub("", lines.translate(_KEPT))).split("\n")


def _readings(choices: Sequence[str], prefixes: Container[str]) -> list[str]:
    """The first 64 readings, of those only that begin as one of `prefixes` does; "-" left out."""
    weight = prod(map(len, choices))
    begun = [("", 0)]  # letters so far, and how many readings come before them
    for letters in choices:
        weight //= len(letters)
        begun = [
            (grown, number)
            for text, before in begun
            for place, letter in enumerate(letters)
            if (number := before + place * weight) < MOST and (grown := text if letter == "-" else text + letter) in prefixes
        ]
        if not begun:
            return []
    return [text for text, _ in begun]
