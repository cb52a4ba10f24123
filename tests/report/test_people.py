"""Cards show the golden values that the profiles have, with records that say so."""

import omniid
from omniid.report.choice import choose_entities
from omniid.report.masking import Mask
from omniid.report.networks import draw_network
from omniid.report.people import make_card, provenance_of


def cards_of(found: omniid.Resolution, *, values: bool = True):
    choice = choose_entities(found.parts)
    provenance = provenance_of(found.parts, choice.shown)
    mask = Mask(values=values)
    return [
        make_card(found.parts, choice, one, draw_network(found.parts, choice, one), provenance[one], mask)
        for one in choice.shown
    ]


def test_golden_values_are_those_of_the_profiles(found: omniid.Resolution) -> None:
    profiles = {row["entity_id"]: row for row in found.table("profiles").to_pylist()}
    members: dict[str, set[str]] = {}
    for row in found.table("crosswalk").to_pylist():
        members.setdefault(row["entity_id"], set()).add(f"{row['source']}:{row['record_id']}")
    for card in cards_of(found):
        profile = profiles[card.entity_id]
        assert {line.field: line.golden.text for line in card.golden} == {
            line.field: profile[line.field] for line in card.golden if profile[line.field] is not None
        }
        assert (card.records, list(card.sources)) == (profile["records"], sorted(profile["sources"]))
        held = {one.record for line in card.golden for one in (line.golden, *line.others)}
        assert held <= members[card.entity_id]
        assert {row[0] for row in card.members.rows} <= members[card.entity_id]
        assert len(card.links.rows) == len(card.link_pairs)


def test_hidden_values_stay_out(found: omniid.Resolution) -> None:
    for card in cards_of(found, values=False):
        assert card.name == ""
        assert all(line.golden.text.startswith("value ") for line in card.golden)
        assert all(not cell or cell.startswith("value ") for row in card.members.rows for cell in row[2:])
