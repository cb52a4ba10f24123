"""Records and sightings in one table."""

from omniid.declarations import Source
from omniid.frames import read_inputs
from omniid.gathering import gather
from omniid.spec import Spec
from omniid.stages import Stages
from oracle.shopper import CRM, EVENTS


def test_sightings_are_records_of_a_source_of_their_own() -> None:
    gathered = gather(read_inputs({"crm": CRM}), None, Stages(), EVENTS)
    assert gathered.table.sources == ("crm", "events")
    assert len(gathered.table) == 2
    assert gathered.spec.events is not None
    assert gathered.spec.events.columns["events"].identifiers == {"email": "email", "loyalty_card": "loyalty"}
    assert gather(read_inputs({"crm": CRM}), None, Stages()).events is None


def test_a_column_that_the_spec_maps_feeds_no_field_of_its_own() -> None:
    """Nothing is known of "code" by its name, so that it is inferred to be a fact of its own; the spec says what it is."""
    data = {
        "crm": [{"id": "7", "email": "a@x.com", "code": "602345678"}, {"id": "8", "email": "b@x.com", "code": "abc"}],
        "web": [{"id": "1", "email": "c@x.com", "phone": "+48602345678"}],
    }
    assert "code" in {column for field in gather(read_inputs(data), None, Stages()).spec.fields for column in field.columns()}
    gathered = gather(read_inputs(data), Spec(sources={"crm": Source(columns={"code": "phone"})}), Stages())
    assert {column for field in gathered.spec.fields for column in field.columns()} == {"email", "masked_email", "phone"}
    assert gathered.table.raw["phone"].entries_of(0) == ["602345678"]
