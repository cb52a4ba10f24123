"""Scene F, live: the marketplace's own phone on the orders of 500 buyers joins nobody, however they arrive."""

import omniid
from omniid import Identifier, PersonName, Phone, Source, Spec
from oracle import live_reading as reading

PEOPLE = """Anna Kowalska, Boris Orlov, Carla Rossi, David Smith, Emma Weber, Farid Rezaei, Grace Okafor,
Hiro Tanaka, Ines Garcia, Jonas Lindqvist, Karim Haddad, Laura Novak, Miguel Torres, Nadia Petrova,
Oscar Nilsson, Paula Costa, Quentin Dubois, Rosa Marino, Samuel Green, Tomasz Zielinski"""
NAMES = [tuple(name.split()) for name in PEOPLE.split(",")]
LINE = "+48 22 219 01 01"


def buyers() -> list[dict[str, str | None]]:
    """500 buyers, all with one phone; a third of them gave no name."""
    rows = []
    for number in range(500):
        first, last = NAMES[number % 20][0], NAMES[number // 20 % 20][1]
        name = {} if number % 3 == 0 else {"first_name": first, "last_name": last}
        rows.append({"first_name": None, "last_name": None, "line": LINE, **name})
        rows[-1] |= {"id": f"B{number}", "buyer": f"MKT-{number * 7919 % 100003:06d}"}
    return rows


def nameless(resolver: omniid.Resolver) -> list[str]:
    """Ids of the entities of those who gave no name."""
    named = reading.ids(resolver)
    return [named["market", f"B{number}"] for number in range(0, 500, 3)]


def test_scene_f_a_proxy_phone_shared_by_500_buyers_joins_nobody() -> None:
    for line in (Identifier("line", kind="proxy_phone"), Phone("line")):
        fields = [Identifier("buyer", kind="marketplace_buyer"), line, PersonName()]
        spec = Spec(sources={"market": Source(region="PL")}, fields=fields, incremental=True)
        rows = buyers()
        model = omniid.resolve({"market": rows}, spec).model
        with omniid.open(":memory:", spec, model=model) as resolver:
            for row in rows[:8]:
                resolver.upsert(row, source="market")
            for start in range(8, 500, 164):
                resolver.upsert(rows[start : start + 164], source="market")
            assert len(set(nameless(resolver))) == 167
            assert max(map(len, reading.groups(resolver).values())) <= 2  # buyers of one name may be one by it
            assert not resolver.rebuild()
