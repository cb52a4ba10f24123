"""Made-up customers of a business with nine channels, with the truth beside them.

Real customer files cannot be shared, so trials, benchmarks and the demo run on these. `generate` first makes people: names of
nine cultures in their own scripts, households, twins, a father and a son of one name, mailboxes, phones, addresses, moves and
marriages. Each channel then records them the way such a channel does: with its own columns and formats, its own gaps, and with
the mistakes that `Corruption` lists as rates. `Sample.truth` says which person each record is of.

The same arguments give the same bytes. `demo` is a small sample with a few stories told by hand that a reader can check by eye.
"""

from omniid.datasets.corruption import Corruption
from omniid.datasets.generation import generate
from omniid.datasets.sample import Sample, write
from omniid.datasets.storylines import demo, demo_pair

__all__ = ["Corruption", "Sample", "demo", "demo_pair", "generate", "write"]
