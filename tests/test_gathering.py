"""Records and sightings in one table."""

from omniid.frames import read_inputs
from omniid.gathering import gather
from omniid.stages import Stages
from oracle.shopper import CRM, EVENTS


def test_sightings_are_records_of_a_source_of_their_own() -> None:
    gathered = gather(read_inputs({"crm": CRM}), None, Stages(), EVENTS)
    assert gathered.table.sources == ("crm", "events")
    assert len(gathered.table) == 2
    assert gathered.spec.events is not None
    assert gathered.spec.events.columns["events"].identifiers == {"email": "email", "loyalty_card": "loyalty"}
    assert gather(read_inputs({"crm": CRM}), None, Stages()).events is None
