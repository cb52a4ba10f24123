"""Journeys: what every customer did, across channels and in order, and what follows from it.

Events are no records: millions of them follow the few *sightings*, the distinct identifier tuples of an event table, which are
resolved as records. So an event belongs to whoever its sighting belongs to, and a merge or a split moves the events by itself.

`settle_events` tells each event once (two of one id are one) and puts all in an order that does not depend on that of arrival.
`tell_stories` puts them in the order of entities; what follows reads such a *story*:

- `number_sessions`: visits without a long pause, anonymous beginnings included;
- `count_orders` and `add_up_orders`: orders counted once, however many tables tell them, less what came back;
- `find_open_baskets` and `find_open_cases`: what is still to do;
- `last_balances`: the points on every different account;
- `use_of_channels` and `prefer_channels`: recency, frequency and response, in whole numbers;
- `roll_up`: one figure per entity, as declared.

The meanings of events: visit, login, contact (an inbound call or message), outbound (a message of the business), add, remove,
empty and checkout (of a basket), order, pickup, return, cancel, open_case, close_case, balance, earn, burn (points), other.
All sums are whole millionths, and nothing reads the clock: now is an entity's latest event.
"""

from omniid.journey.balances import Balances, last_balances
from omniid.journey.channels import ChannelUse, prefer_channels, use_of_channels
from omniid.journey.open_items import CLOSED, OPEN, OpenBaskets, OpenCases, find_open_baskets, find_open_cases
from omniid.journey.orders import Lifetime, Orders, add_up_orders, count_orders
from omniid.journey.rolling_up import roll_up
from omniid.journey.sessions import number_sessions
from omniid.journey.settling import settle_events
from omniid.journey.stories import Story, tell_stories

__all__ = [
    "CLOSED",
    "OPEN",
    "Balances",
    "ChannelUse",
    "Lifetime",
    "OpenBaskets",
    "OpenCases",
    "Orders",
    "Story",
    "add_up_orders",
    "count_orders",
    "find_open_baskets",
    "find_open_cases",
    "last_balances",
    "number_sessions",
    "prefer_channels",
    "roll_up",
    "settle_events",
    "tell_stories",
    "use_of_channels",
]
