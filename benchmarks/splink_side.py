"""Splink on the people set, in its own environment: `python splink_side.py FILE CLUSTERS light|heavy`; see versus_splink.py.

Set up as its documentation advises: all cores, u by sampling a million pairs, the prior from deterministic rules, m from two EM
sessions that block on different fields, so that every field is trained in one of them at least.
"""

import logging
import sys
import warnings
from importlib import metadata

from stage_clock import StageClock, report

logging.disable(logging.WARNING)
warnings.simplefilter("ignore")

import duckdb  # noqa: E402 - imports are on the clock, which starts with the process; logging is turned off first
import splink.comparison_library as cl  # noqa: E402 - as above
from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: E402 - as above

from people_task import DERIVED, FIELDS, FREQUENCY, JARO_WINKLER, LINK_AT, ONE_EDIT, RULES  # noqa: E402 - as above


def comparison(name: str):
    """The levels of one field."""
    levels = cl.LevenshteinAtThresholds(name, [1]) if name in ONE_EDIT else cl.JaroWinklerAtThresholds(name, list(JARO_WINKLER))
    return levels.configure(term_frequency_adjustments=True) if name in FREQUENCY else levels


def settings(rules: str) -> SettingsCreator:
    """The task as Splink's settings."""
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[comparison(name) for name in FIELDS],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in RULES[rules]],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def main() -> None:
    file, clusters_file, rules = sys.argv[1:4]
    clock = StageClock()
    connection = duckdb.connect()
    with clock.stage("read"):
        wanted = ", ".join(["unique_id", *FIELDS, *DERIVED])
        connection.execute(f"create table records as select {wanted} from read_parquet('{file}')")
        linker = Linker(DuckDBAPI(connection=connection).register("records"), settings(rules))
    with clock.stage("prior"):
        linker.training.estimate_probability_two_random_records_match(
            [block_on("email"), block_on("phone", "birth_date")], recall=0.7
        )
    with clock.stage("u"):
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    with clock.stage("EM"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth_date", "last_name"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("email"))
    with clock.stage("predict"):
        links = linker.inference.predict(threshold_match_probability=LINK_AT)
    with clock.stage("cluster"):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(links, LINK_AT)
    (n_links,) = connection.execute(f"select count(*) from {links.physical_name}").fetchone()
    versions = {name: metadata.version(name) for name in ("splink", "duckdb")}
    outcome = clock.finish(links=n_links, versions=versions)
    connection.execute(
        f"copy (select unique_id, cluster_id from {clusters.physical_name}) to '{clusters_file}' (format parquet)"
    )
    report(outcome)


if __name__ == "__main__":
    main()
