"""What a store of some channel records resolves by, its records in brief, and mixtures of these for tests of who is who."""

import random
from functools import cache

from omniid import resolve
from omniid.resolver.learned import Learned
from omniid.resolver.stored_briefs import brief_texts
from omniid.single_record.briefs import APART
from oracle.asked_stores import channels, learned


@cache
def known_briefs(*, profile_pass: bool = False) -> tuple[Learned, list[str]]:
    """What a store of these records resolves by, and its records in brief."""
    spec, model = learned()
    spec = spec.replace(profile_pass=profile_pass)
    known = Learned(spec, model, tuple(sorted(channels())))
    parts = resolve({name: list(rows) for name, rows in channels().items()}, spec, model=model).parts
    return known, brief_texts(parts.evidence, parts.classes, known.briefs)


def mixed(draw: random.Random, some: list[str], width: int) -> str:
    """A record that has every field of one of some records, so that records agree here and differ there."""
    told = [text.split(APART) for text in some]
    values = [(one[1:] + [""] * width)[at] for at in range(width) for one in [draw.choice(told)]]
    return APART.join([told[0][0] if draw.random() < 0.3 else "", *values])
