"""`write_report`: a result as one HTML file that needs nothing else."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from omniid.contacting import ContactBook, make_contact_book
from omniid.data_report import data_quality_of
from omniid.errors import InputError
from omniid.report import charts
from omniid.report.choice import Choice, choose_entities
from omniid.report.dealings import consent_counts, contact_tables, event_facts, journey_tables
from omniid.report.distribution import WeightBin, cluster_sizes, sizes_table, weight_bins, weights_table
from omniid.report.learned import LearnedLevel, levels_of, levels_table
from omniid.report.libraries import check_libraries
from omniid.report.masking import Mask
from omniid.report.mending import disagreements, filled_fields, fix_first
from omniid.report.networks import draw_network, short_names
from omniid.report.numbers import bits, counted
from omniid.report.opening import facts_of, headlines_of, sources_of
from omniid.report.page_assembly import assemble
from omniid.report.people import Card, make_card, provenance_of
from omniid.report.quality_tables import (
    AskedPairs,
    SweepPoint,
    refused_pairs,
    refused_table,
    rejects_table,
    review_list,
    shared_table,
    sweep_points,
    thresholds_table,
)
from omniid.report.shown_table import ShownTable
from omniid.report.waterfalls import PairGroup, explain_groups
from omniid.results import Parts
from omniid.summary import Summary

__all__ = ["check_report", "report_html", "write_report"]

SECTIONS = (
    ("summary", "Summary"),
    ("weights", "Match weights"),
    ("evidence", "Agreement"),
    ("clusters", "Clusters"),
    ("people", "People"),
    ("pairs", "Pairs"),
    ("quality", "Quality"),
)


def write_report(parts: Parts, summary: Summary, path: str | Path, *, values: bool = True, title: str = "") -> Path:
    """Write a result as one HTML file and return its path.

    Parameters
    ----------
    parts, summary
        The result.
    path
        The file.
    values
        Whether people's values are shown; without them equal letters stand for equal values.
    title
        What stands on top; "" for a plain title.

    Raises
    ------
    InputError
        If the file can't be written.
    MissingExtraError
        If a library that draws is not installed.
    """
    path = check_report(path)
    text = report_html(parts, summary, values=values, title=title)
    try:
        path.write_bytes(text.encode())
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error}); check the folder and its permissions") from error
    return path


def check_report(path: str | Path) -> Path:
    """Check that a report can be made and its file has a place, before any work is done for it; return the path.

    Raises
    ------
    InputError
        If the file has no folder to stand in, or is one.
    MissingExtraError
        If a library that draws is not installed.
    """
    check_libraries()
    path = Path(path)
    if path.is_dir() or not path.parent.is_dir():
        what = "is a folder" if path.is_dir() else f"has no folder {path.parent} to stand in"
        raise InputError(f"the report {path} {what}; name a file in a folder that is there, such as report.html")
    return path


def report_html(parts: Parts, summary: Summary, *, values: bool = True, title: str = "") -> str:
    """Make the page of a result; see `write_report`."""
    mask = Mask(values=values)
    choice, book = choose_entities(parts), make_contact_book(parts)
    cards = _cards(parts, choice, mask)
    review, refused = review_list(parts), refused_pairs(parts)
    groups = [_group(card) for card in cards.values()]
    groups += [PairGroup("Review queue", "", review.pairs), PairGroup("Refused links", "", refused.pairs)]
    explained = explain_groups(parts, groups, mask)
    number = {pair: at for at, pair in enumerate(dict.fromkeys(pair for one in groups for pair in one.pairs))}
    points = sweep_points(parts, summary.expected)
    levels, bins = levels_of(parts.model), weight_bins(parts)
    content = {
        "title": title or "Resolution report",
        "lead": _lead(summary),
        "sections": SECTIONS,
        "heads": headlines_of(summary),
        "facts": [*facts_of(summary, mask), *event_facts(parts)],
        "sources": sources_of(summary),
        "weights": weights_table(bins) if bins else None,
        "weights_label": f"Pairs by match weight; linked from {bits(parts.model.link_at)} bits on",
        "learned": [(name, levels_table(name, many)) for name, many in levels.items()],
        "sizes": sizes_table(summary.sizes),
        **_lists(choice, cards),
        "cards": list(cards.values()),
        "shown_ids": {card.entity_id for card in cards.values()},
        "legend": list(zip(short_names(parts.records.sources), parts.records.sources, strict=True)),
        "pair_numbers": {card.entity_id: [number[pair] for pair in card.link_pairs] for card in cards.values()},
        "extras": {cards[entity].entity_id: tables for entity, tables in _dealings(parts, book, choice, mask).items()},
        "pairs": bool(number),
        "sweep": thresholds_table(points) if points else None,
        "asked": _asked(parts, review, refused, number),
        "tables": [one for one in (rejects_table(parts), refused_table(parts)) if one.total],
        "wide_tables": [one for one in (consent_counts(parts, book), *_mending(parts, mask)) if one.total],
        "version": version("omniid"),
        "values": values,
    }
    data = {"charts": _charts(parts, summary, bins, levels, points), "pairs": explained}
    return assemble(content, data)


def _cards(parts: Parts, choice: Choice, mask: Mask) -> dict[int, Card]:
    provenance = provenance_of(parts, choice.shown)
    return {
        entity: make_card(parts, choice, entity, draw_network(parts, choice, entity), provenance[entity], mask)
        for entity in choice.shown
    }


def _dealings(parts: Parts, book: ContactBook, choice: Choice, mask: Mask) -> dict[int, list[ShownTable]]:
    """Entity → how to reach it, and what it did."""
    told = (contact_tables(parts, book, choice.shown, mask), journey_tables(parts, book, choice.shown, mask))
    return {entity: [tables[entity] for tables in told if entity in tables] for entity in choice.shown}


def _mending(parts: Parts, mask: Mask) -> list[ShownTable]:
    """What to mend in the data."""
    quality = data_quality_of(parts, "pyarrow", examples=mask.values)
    return [fix_first(quality), filled_fields(quality), disagreements(quality), shared_table(parts, mask)]


def _group(card: Card) -> PairGroup:
    """The pairs of a card, for the list to pick from."""
    name = f"{card.name}, " if card.name else ""
    return PairGroup(f"{name}{counted(card.records, 'record')} ({card.entity_id})", f"e-{card.entity_id}", card.network.pairs)


def _lists(choice: Choice, cards: Mapping[int, Card]) -> dict[str, list[Card]]:
    """The three lists of entities."""
    lists = {"doubtful": choice.doubtful, "largest": choice.largest, "widest": choice.widest}
    return {name: [cards[entity] for entity in members] for name, members in lists.items()}


def _lead(summary: Summary) -> str:
    records = counted(sum(summary.records.values()), "record")
    return f"{records} of {counted(len(summary.records), 'source')} are {counted(summary.people, 'person', 'people')}."


def _asked(
    parts: Parts, review: AskedPairs, refused: AskedPairs, number: Mapping[tuple[int, int], int]
) -> list[tuple[ShownTable, list[int]]]:
    """The review queue and the refused links as tables, each row with the number of its pair."""
    told = (
        ("To review", "The pairs that a person should decide, the most likely first.", "why", review),
        ("Refused links", "Links that were not followed, those of most weight first.", "what stands against it", refused),
    )
    tables = []
    for name, caption, why, asked in told:
        if asked.total:
            rows = [
                (" ~ ".join(":".join(parts.records.key(row)) for row in pair), bits(weight), reason)
                for pair, weight, reason in zip(asked.pairs, asked.bits, asked.why, strict=True)
            ]
            table = ShownTable(name, caption, ("pair", "weight in bits#", why), rows, asked.total)
            tables.append((table, [number[pair] for pair in asked.pairs]))
    return tables


def _charts(
    parts: Parts,
    summary: Summary,
    bins: Sequence[WeightBin],
    levels: Mapping[str, list[LearnedLevel]],
    points: Sequence[SweepPoint],
) -> dict[str, Any]:
    """Every chart of the page by name."""
    model = parts.model
    made = {"sizes": charts.sizes_chart(cluster_sizes(summary.sizes)), "waterfall": charts.waterfall_chart()}
    if bins:
        made["weights"] = charts.weights_chart(bins, model.link_at, model.review_at)
    if levels:
        made["overview"] = charts.overview_chart(levels)
        made |= {f"comparison-{at}": spec for at, spec in enumerate(charts.comparison_charts(levels), 1)}
    if points:
        made["sweep"] = charts.sweep_chart(points)
    return made
