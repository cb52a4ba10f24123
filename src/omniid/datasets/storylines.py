"""The demo: a few hundred generated records and, among them, stories that a reader can check by eye."""

import io
import json
from importlib import resources

import pyarrow as pa
import pyarrow.csv

from omniid.datasets.generation import DEFAULT_HEADERS, generate, translate
from omniid.datasets.sample import Sample

__all__ = ["demo", "demo_pair"]

_RECORDS = 600
_SEED = 11


def _stories() -> dict[str, list[dict[str, str | None]]]:
    """Read the stories: entity id → its records."""
    text = (resources.files("omniid.datasets") / "data" / "storylines.json").read_text("utf-8")
    stories: dict[str, list[dict[str, str | None]]] = json.loads(text)
    return stories


def demo() -> Sample:
    """Return a sample of 600 records in which some stories were told by hand.

    Their record ids are words. Anna Kuznetsova stands in six channels, in two scripts, once under 8 (916) 200-00-01; Jan and
    Maria Nowak share a mailbox; Piotr and Paweł Zieliński are twins; Robert Hughes is a father's and his son's name; Marta
    Lewandowska ordered through a marketplace that masks mailboxes and whose phone Tomasz Wilk's orders bear, too; Katarzyna
    Kowalczyk was Wójcik before; محمد رضایی is Mohammad Rezaei; three people used one machine in a shop. Ewa Sobolewska browses
    in the app, asks in a messenger, calls, buys on the site and picks up in the shop: `events` tells what she and others did.

    Returns
    -------
    Sample
        The same one every time.

    Examples
    --------
    >>> sample = demo()
    >>> sample.n_records
    600
    >>> web = sample.channels["web"].to_pylist()
    >>> [row["phone"] for row in web if row["id"] == "anna-web"]
    ['+79162000001']
    """
    stories = _stories()
    told = [(entity, record) for entity, records in stories.items() for record in records]
    world = generate(_RECORDS - len(told), seed=_SEED, headers={})
    channels, truth = {}, [world.truth]
    for name, table in world.channels.items():
        rows = [(entity, record) for entity, record in told if record["channel"] == name]
        added = {column: pa.array([record.get(column) for _, record in rows], pa.string()) for column in table.column_names}
        channels[name] = pa.concat_tables([table, pa.table(added)]).combine_chunks()
        entity = pa.array([entity for entity, _ in rows], pa.string())
        source = pa.array([name] * len(rows), pa.string())
        truth.append(pa.table({"source": source, "record_id": added[table.column_names[0]], "entity_id": entity}))
    return Sample(translate(channels, DEFAULT_HEADERS), pa.concat_tables(truth).combine_chunks(), events=_events())


def _events() -> pa.Table:
    """What the people of the stories did, as text."""
    data = (resources.files("omniid.datasets") / "data" / "demo_events.csv").read_bytes()
    names = data.split(b"\n", 1)[0].decode().split(",")
    options = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True)
    return pyarrow.csv.read_csv(io.BytesIO(data), convert_options=options)


def demo_pair() -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the keys of two records of the demo that are worth explaining: one woman, two scripts, two ways to write a phone.

    Examples
    --------
    >>> demo_pair()
    (('web', 'anna-web'), ('shop', 'anna-shop'))
    """
    return ("web", "anna-web"), ("shop", "anna-shop")
