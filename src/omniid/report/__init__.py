"""The report of a result: one HTML file with charts, people and pairs, which needs no network and no other file.

What is shown is chosen by principle and bounded, so that a report hardly grows with the records:
the clusters with the most pairs expected to be wrong, the largest, the people known to the most sources (`choice`). Each
comes with a drawing of its links (`networks`, `layout`), its golden profile and the provenance of every value (`people`), how
to reach it and what it did (`dealings`), and the evidence of its pairs line by line (`waterfalls`). Around them stand the
answers to the first questions (`opening`), the distribution of match weights and of cluster sizes (`distribution`), what the
model learned (`learned`), what to decide (`quality_tables`), and what to mend in the data (`mending`). Numbers are written one
way (`numbers`); values of people can be hidden (`masking`).

These files make plain data, small enough to read, and each is tested by itself. Three more make the page: `charts` declares
charts through altair, `libraries` loads the extra and its scripts, `page_assembly` fills in the templates in ``page/``, where
every text is escaped, and a policy lets nothing run but the scripts of the page and nothing be fetched. `writing` puts it all
together: `write_report`.

The page stays usable without a mouse, without color and without sight: every chart has a table beside it that says the same,
and every drawing a list. It is written for a phone's width first, and follows the system's light or dark.
"""

from omniid.report.writing import check_report, report_html, write_report

__all__ = ["check_report", "report_html", "write_report"]
