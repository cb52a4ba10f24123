"""Stop values that a spec declares or takes back, looked for in one record: the twin of `with_stop_values`."""

from collections.abc import Callable, Mapping

from omniid.single_record.readings import OneRecord
from omniid.spec import Spec
from omniid.stop_values import REASON, Among, DeclaredStops, declared_stops, read_anyway, stopped_forms

__all__ = ["stops_of"]

LAST = 1 << 30  # behind the rejects of all plans


def stops_of(spec: Spec, regions: Mapping[str, str]) -> list[Callable[[OneRecord], None]]:
    """What takes stop values out of a record that has been read, and gives it back those that are none, field by field.

    Parameters
    ----------
    spec
        The declaration.
    regions
        Source → region.
    """
    return [_of_field(stops, spec, regions) for stops in declared_stops(spec.stop_values, spec.fields)]


def _of_field(stops: DeclaredStops, spec: Spec, regions: Mapping[str, str]) -> Callable[[OneRecord], None]:
    alike = stopped_forms(tuple(sorted(spec.sources)) or ("records",), stops, regions)
    normal_stops, raw_stops, kept = Among(stops.stopped, alike), Among(stops.stopped), Among(stops.kept)
    read, column = read_anyway(stops.field), stops.column

    def give_back(record: OneRecord) -> None:
        for place, entry in enumerate(record.found.get(column, ())):
            if entry is None or entry[1] is not None or entry[0] is None or read is None or not kept.holds(entry[0]):
                continue
            form = read(entry[0], regions.get(record.source))
            if form.value is not None:
                record.found[column][place] = (entry[0], form.value, form.display)
                record.rejects = [one for one in record.rejects if one[1] != column or not one[3].startswith("stop value")]

    def stop(record: OneRecord) -> None:
        for place, entry in enumerate(record.found.get(column, ())):
            if entry is None or entry[1] is None or (entry[0] is not None and kept.holds(entry[0])):
                continue
            if normal_stops.holds(entry[1]) or (entry[0] is not None and raw_stops.holds(entry[0])):
                record.found[column][place] = (entry[0], None, None)
                record.rejects.append((LAST, column, entry[0] or "", REASON))

    def both(record: OneRecord) -> None:
        if stops.kept:
            give_back(record)
        stop(record)

    return both
