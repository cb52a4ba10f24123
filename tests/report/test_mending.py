"""The quality tables say what `data_quality` says."""

import omniid
from omniid.report.mending import disagreements, filled_fields, fix_first


def test_tables_are_the_quality_report(found: omniid.Resolution) -> None:
    quality = found.data_quality(examples=False)
    told = fix_first(quality)
    first = quality.table("issues").to_pylist()
    assert told.total == len(first)
    assert told.rows[0][1:] == (f"{first[0]['people']:,}", first[0]["what"], first[0]["advice"])
    fields = filled_fields(quality)
    names = [name for name, _ in fields.headings]
    for row in quality.table("fields").to_pylist()[::7]:
        shown = next(one for one in fields.rows if one[0] == row["field"])
        assert shown[names.index(row["source"])] == f"{100 * row['completeness']:.0f}"
    apart = quality.table("agreement").to_pylist()
    assert disagreements(quality).total == sum(row["disagree"] > 0 for row in apart)
    assert disagreements(quality).rows[0][1] == f"{max(row['disagree'] for row in apart):,}"
