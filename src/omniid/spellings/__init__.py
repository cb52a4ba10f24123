"""Spellings: names of every script in Latin letters, and keys under which all usual spellings of one name fall together.

Normal forms of names are Latin letters; other scripts fold into them letter by letter, which is enough for Cyrillic, Georgian,
Armenian, hangul, kana and pinyin. Scripts of which that makes no name anybody would write are *romanized* first: Arabic and
Hebrew, which leave their vowels out, Devanagari, Greek and Japanese kanji.

Then one name still has many spellings: Юлия is Yulia, Julia, Iuliia and Yuliya. *Spelling keys* are codes that all of them
share. They never say that two people are one, only that two names are one name.

::

    romanization     romanize: by table, else by the rules of the script · japanese: names in kanji
    keys             spelling_keys of one name · numbered_keys: the same of many names · pairs: spellings_meet, of two names
    universal        the code of sounds that rules of romanisation write in several ways
    abjads           what words written without vowels may stand for
    syllables        Chinese and Korean names, pinyin and Wade–Giles · romaji: Japanese names in Latin letters
    places           which of many words a pattern is found in
    scripts          whether a column mixes scripts
    spelling_tables  the tables in data/, with source and licence in its README
"""

from omniid.spellings.japanese import family_length, family_names, given_names
from omniid.spellings.keys import SpellingKeys, local_keys, spelling_keys
from omniid.spellings.numbered_keys import KeyLists, key_lists
from omniid.spellings.pairs import spellings_meet
from omniid.spellings.romanization import SCRIPTS, romanize
from omniid.spellings.scripts import mixes_scripts
from omniid.spellings.spelling_tables import city_rows

__all__ = [
    "SCRIPTS",
    "KeyLists",
    "SpellingKeys",
    "city_rows",
    "family_length",
    "family_names",
    "given_names",
    "key_lists",
    "local_keys",
    "mixes_scripts",
    "romanize",
    "spelling_keys",
    "spellings_meet",
]
