"""`find_households`: from the records of entities to households and relations."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from omniid.households.births import births_of_entities
from omniid.households.forming import Components, form_households
from omniid.households.observed import Held, held_names, observed_values, pairs_within
from omniid.households.places import AddressColumns, read_places
from omniid.households.relatives import People, Relations, relate
from omniid.households.surnames import family_of_entities, is_womans
from omniid.households.ties import Ties, find_ties
from omniid.key_order import order_of
from omniid.nicknames import nickname_roots
from omniid.tables import Codes, Column

__all__ = ["Facts", "Households", "find_households"]

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Facts:
    """What records say of who lives with whom, column by column; what no column holds is None.

    Parameters
    ----------
    entity
        int32, entity per record; entities are numbered in the order of their smallest record keys.
    time
        int64 per record: the later, the more current is an address.
    address
        Parts of postal addresses.
    first_name, last_name, birth_date, gender
        Normal forms; of genders "m" and "f" are read.
    contacts
        Column → contact values, without those that too many people use.
    """

    entity: Codes
    time: Numbers
    address: AddressColumns = field(default_factory=AddressColumns)
    first_name: Column | None = None
    last_name: Column | None = None
    birth_date: Column | None = None
    gender: Column | None = None
    contacts: Mapping[str, Column] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Households:
    """Households, and how the people in them may be related.

    Parameters
    ----------
    labels
        int64 per entity: the smallest entity of its household; people who live alone are their own.
    relations
        Pairs of entities with a hint.
    is_person
        bool per entity: anonymous entities are no household, not even of one.
    contacts
        Names of the contact columns, in the order of the bits of `relations.fields`.
    """

    labels: Numbers
    relations: Relations
    is_person: npt.NDArray[np.bool_]
    contacts: tuple[str, ...] = ()

    def sizes(self) -> Numbers:
        """People per household, by ascending smallest entity."""
        counts = np.bincount(self.labels[self.is_person])
        return counts[counts > 0]


def find_households(facts: Facts, components: Components) -> Households:
    """Find who lives with whom; nobody becomes one person by it.

    Parameters
    ----------
    facts
        The records.
    components
        (n, left, right) → one label per node of the graph with those edges: its smallest node.

    Returns
    -------
    Households
        The same ones for any order of records and entities.

    Examples
    --------
    >>> from omniid.clustering import connected_components
    >>> facts = Facts(
    ...     entity=np.array([0, 1, 2], np.int32), time=np.zeros(3, np.int64),
    ...     address=AddressColumns(street=Column.of(["1 oak st"] * 3), postcode=Column.of(["AB1", "AB1", "XY9"])),
    ...     first_name=Column.of(["ann", "tom", "eve"]), last_name=Column.of(["lee", "lee", "ray"]))
    >>> find_households(facts, connected_components).labels.tolist()
    [0, 0, 2]
    """
    n = int(facts.entity.max(initial=-1)) + 1
    places = read_places(facts.address, facts.entity, facts.time, n)
    families = family_of_entities(facts.last_name, facts.entity)
    contacts = {name: observed_values(column, facts.entity) for name, column in facts.contacts.items()}
    ties = find_ties(places, families, contacts, n)
    labels = _label(ties, components, n)
    births = births_of_entities(facts.birth_date, facts.entity, n)
    people = People(births, families, _first_names(facts.first_name, facts.entity), _genders(facts, n))
    return Households(labels, relate(_related(ties, labels), people, labels), np.ones(n, bool), tuple(contacts))


def _label(ties: Ties, components: Components, n: int) -> Numbers:
    """Homes first, then people without one, whom a contact value ties to one home."""
    lone = np.full(n, -1)
    ends = ties.take(np.flatnonzero(ties.at_home))
    homes = form_households(n, ends.left, ends.right, ends.strength, lone, components)
    has_home = np.zeros(n, bool)
    has_home[ends.left] = has_home[ends.right] = True
    together = ties.take(np.flatnonzero(~ties.lives_apart))
    strength = together.strength + np.where(together.at_home, 1 << 16, 0)  # homes stay as they are
    return form_households(n, together.left, together.right, strength, np.where(has_home, homes, -1), components)


def _related(ties: Ties, labels: Numbers) -> Ties:
    """The ties, and all other pairs within households."""
    at = np.flatnonzero(np.bincount(labels, minlength=1)[labels] > 1)
    left, right = pairs_within(Held.of(at, labels[at]), len(labels))
    n = len(labels)
    keys = np.concatenate([ties.left * n + ties.right, left * n + right])
    none = np.zeros(len(left), np.int64)
    fields, apart = np.concatenate([ties.fields, none]), np.concatenate([ties.lives_apart, none.astype(bool)])
    order = order_of(keys)  # the tie before the bare pair
    order = order[np.append(True, np.diff(keys[order]) != 0)[: len(keys)]]
    return Ties(keys[order] // n, keys[order] % n, fields[order], apart[order])


def _first_names(column: Column | None, entity: Codes) -> Held:
    """Which entity is called by which first name, initials apart; nicknames count as the names behind them."""
    if column is None:
        return Held.of(np.zeros(0, np.int64), np.zeros(0, np.int64))
    words = [name.partition(" ")[0] for name in column.vocabulary.to_pylist()]
    return held_names(column, entity, [nickname_roots(word) if len(word) > 1 else () for word in words])


def _genders(facts: Facts, n: int) -> npt.NDArray[np.int8]:
    """1 for women, 0 for men, -1 where nobody says: by the gender column, else by a surname that only women bear."""
    gender = np.full(n, -1, np.int8)
    if facts.last_name is not None:
        womans = [0 if is_womans(name) else -1 for name in facts.last_name.vocabulary.to_pylist()]
        gender[observed_values(facts.last_name, facts.entity, np.array(womans, np.int32)).entity] = 1
    if facts.gender is not None:
        said = [("m", "f").index(word) if word in ("m", "f") else -1 for word in facts.gender.vocabulary.to_pylist()]
        held = observed_values(facts.gender, facts.entity, np.array(said, np.int32))
        agreed = held.where(np.bincount(held.entity, minlength=n)[held.entity] == 1)
        gender[agreed.entity] = agreed.value
    return gender
