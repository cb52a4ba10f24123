"""The arrays behind journeys."""

import numpy as np

from omniid.event_results import Journeys
from oracle.shopper import found


def test_a_channel_without_a_name_is_its_table_and_consent_bars_a_channel() -> None:
    journeys = found().journeys
    assert journeys.channel_names.to_pylist() == ["app", "email", "events", "phone", "shop"]
    barred = Journeys(found().parts, lambda use, names: np.array([names[int(code)].as_py() != "email" for code in use.channel]))
    preferred, wished = (barred.channel_names[int(barred.use.channel[line[0]])].as_py() for line in barred.preferred)
    assert (preferred, wished) == ("app", "email")


def test_one_entity_alone_is_the_same() -> None:
    whole, alone = found().journeys, found().journeys.of_entity(0)
    assert alone.sessions.tolist() == whole.sessions.tolist()
    assert alone.baskets.basket.tolist() == whole.baskets.basket.tolist()
