"""Splink on one set of accuracy.py, in its own environment: `python peer_splink.py FILE CLUSTERS`.

Set up by kind of column as its own examples are (febrl3, fake_1000, 50k historical persons): forename and surname compared
together, its birth date and e-mail comparisons, term frequencies on names, places and categories, u from random pairs, the
prior from deterministic rules with a recall of 0.7, m from EM sessions that block on different fields, clusters at its
documented threshold of .95. Two lists are linked and not searched for duplicates, as in its febrl4 example. All pairs that its
rules make are written too, next to the clusters, so that a threshold can be picked on the truth.
"""

import logging
import warnings

from stage_clock import StageClock, report

logging.disable(logging.WARNING)
warnings.simplefilter("ignore")

import duckdb  # noqa: E402 - imports are on the clock, which starts with the process; logging is turned off first
import splink.comparison_library as cl  # noqa: E402 - as above
from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: E402 - as above

from peer_files import arguments, kinds_in, of_kind, sources_in, versions_of  # noqa: E402 - as above
from peer_rules import Part, blocks  # noqa: E402 - as above

LINK_AT = 0.95
LEAST_WEIGHT = -10  # bits; weaker pairs are not kept for picking a threshold
RECALL = 0.7


def comparisons(kinds: dict[str, str]) -> list:
    """The comparison of every column, by its kind."""
    compared, done = [], set()
    first, last = of_kind(kinds, "first_name")[:1], of_kind(kinds, "last_name")[:1]
    if first and last:
        compared.append(cl.ForenameSurnameComparison(*first, *last, forename_surname_concat_col_name="name_together"))
        done = {*first, *last}
    for column, kind in kinds.items():
        if column not in done:
            compared.append(of_one(column, kind))
    return compared


def of_one(column: str, kind: str):
    """The comparison of a column that stands alone."""
    match kind:
        case "first_name" | "middle_name" | "last_name":
            return cl.NameComparison(column)
        case "birth_date":
            return cl.DateOfBirthComparison(column, input_is_string=True)
        case "email":
            return cl.EmailComparison(column)
        case "phone" | "identifier":
            return cl.DamerauLevenshteinAtThresholds(column, [1, 2])
        case "postcode":
            return cl.DamerauLevenshteinAtThresholds(column, [1, 2]).configure(term_frequency_adjustments=True)
        case "street":
            return cl.JaroWinklerAtThresholds(column).configure(term_frequency_adjustments=True)
        case _:
            return cl.ExactMatch(column).configure(term_frequency_adjustments=True)


def spelled(part: Part) -> str:
    """A part of a blocking rule in SQL."""
    return f"substr({part.column},1,{part.letters})" if part.letters else part.column


def certain(kinds: dict[str, str]) -> list[str]:
    """Deterministic rules, agreements that hardly any two people share: contact values, names with birth dates or places."""
    first, last, born, *places = (
        of_kind(kinds, kind)[:1] for kind in ("first_name", "last_name", "birth_date", "postcode", "city")
    )
    place = next((columns for columns in places if columns), [])
    rules = [same(column) for column in of_kind(kinds, "email", "phone", "identifier")]
    if first and last and born:
        slip = f"levenshtein(l.{born[0]}, r.{born[0]}) <= 1"
        rules += [f"{same(*first, *last)} and {slip}", same(*first, *born), same(*last, *born)]
    elif first and last and place:
        rules += [same(f"substr({first[0]},1,2)", *last, *place), same(*first, f"substr({last[0]},1,2)", *place)]
    return rules or [same(*first, *last)]


def same(*parts: str) -> str:
    """Agreement on some columns, or on their first letters, in SQL."""
    return " and ".join(f"{sided(part, 'l')} = {sided(part, 'r')}" for part in parts)


def sided(part: str, side: str) -> str:
    """A column of the left or of the right record."""
    return part.replace("substr(", f"substr({side}.") if part.startswith("substr(") else f"{side}.{part}"


def sessions(kinds: dict[str, str]) -> list[list[str]]:
    """What each EM session blocks on: every column is free in one of them."""
    names = [*of_kind(kinds, "first_name")[:1], *of_kind(kinds, "last_name")[:1]]
    others = [[column] for column in of_kind(kinds, "birth_date", "email", "postcode")]
    return [names, *(others[:2] or [[column] for column in of_kind(kinds, "city", "street")][:1])]


def train(linker: Linker, kinds: dict[str, str]) -> list[str]:
    """Estimate all parameters; returns the sessions that Splink could not run."""
    linker.training.estimate_probability_two_random_records_match(certain(kinds), recall=RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    failed = []
    for columns in sessions(kinds):
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*columns), estimate_without_term_frequencies=True
            )
        except Exception as error:  # noqa: BLE001 - a session that finds no pairs must not end the run
            failed.append(f"EM on {', '.join(columns)} failed: {str(error)[:60]}")
    return failed


def tables(connection: duckdb.DuckDBPyConnection, file: str, kinds: dict[str, str]) -> tuple[list[str], str]:
    """Load the records, in one table or, of two lists, in two; the tables' names and the type of linking."""
    first, last = of_kind(kinds, "first_name")[:1], of_kind(kinds, "last_name")[:1]
    together = f", {first[0]} || ' ' || {last[0]} as name_together" if first and last else ""
    connection.execute(f"create table records as select unique_id, source, {', '.join(kinds)}{together} from '{file}'")
    sources = sources_in(file)
    if len(sources) != 2:
        return ["records"], "dedupe_only"
    for number, source in enumerate(sources):
        connection.execute(f"create table list_{number} as select * from records where source = ?", [source])
    return ["list_0", "list_1"], "link_only"


def main() -> None:
    file, clusters_file = arguments()
    clock, connection, kinds = StageClock(), duckdb.connect(), kinds_in(file)
    api = DuckDBAPI(connection=connection)
    with clock.stage("read"):
        names, link_type = tables(connection, file, kinds)
        [(records,)] = connection.execute("select count(*) from records").fetchall()  # all: no result stays open
        settings = SettingsCreator(
            link_type=link_type,
            comparisons=comparisons(kinds),
            blocking_rules_to_generate_predictions=[block_on(*map(spelled, rule)) for rule in blocks(kinds, records)],
        )
        registered = [api.register(name) for name in names]
        linker = Linker(registered[0] if len(registered) == 1 else registered, settings)
    with clock.stage("train"):
        failed = train(linker, kinds)
    with clock.stage("predict"):
        pairs = linker.inference.predict(threshold_match_weight=LEAST_WEIGHT)
    with clock.stage("cluster"):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, LINK_AT)
    outcome = clock.finish(versions=versions_of("splink", "duckdb"), failed=failed)
    connection.execute(
        f"copy (select unique_id, cluster_id from {clusters.physical_name}) to '{clusters_file}' (format parquet)"
    )
    connection.execute(
        f"copy (select unique_id_l, unique_id_r, match_weight from {pairs.physical_name}) "
        f"to '{clusters_file}.pairs' (format parquet)"
    )
    report(outcome)


if __name__ == "__main__":
    main()
