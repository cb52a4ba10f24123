"""The declaration: written, read, printed, refused; and what resolve says of one that doesn't fit the data."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import (
    Address,
    Attribute,
    Category,
    Comparison,
    Date,
    Email,
    FellegiSunter,
    Identifier,
    InputError,
    PersonName,
    Phone,
    Source,
    Spec,
    SpecError,
    Text,
    Timestamp,
    all_pairs,
    at_most,
    block_on,
    chosen_by,
    disagree,
    infer_spec,
    minhash_lsh,
    one_per_source,
    prefix,
    resolve,
    sorted_neighbourhood,
    soundex,
    unique,
)
from omniid.comparison import Exact, JaroWinkler

FULL = Spec(
    sources={"crm": Source(region="PL", trust=90), "web": Source(columns={"mail": "email"}, record_id="no")},
    fields=[
        Email("email"),
        Phone("phone"),
        PersonName("first_name", "last_name", title="title"),
        Date("birth_date"),
        Address("street", "city", "postcode"),
        Identifier("card", kind="loyalty"),
        Identifier("cookie", kind="cookie"),
        Category("gender"),
        Text("company"),
        Attribute("newsletter"),
        Timestamp("updated_at"),
    ],
    blocking=[
        block_on("email"),
        block_on("birth_date", soundex("last_name")),
        block_on(prefix("postcode", 3), oversized="leave", name="near"),
        sorted_neighbourhood("last_name", window=7),
        minhash_lsh("company", bands=4),
        all_pairs(),
    ],
    comparisons=[Comparison("email", ("email",), (JaroWinkler(0.9), Exact()), (0.1, 0.2, 0.7))],
    matcher=FellegiSunter(tol=1e-4, max_iter=50, relatives=False),
    link_at=3.5,
    review_at=-1.0,
    limits=[
        at_most("loyalty", 2),
        at_most("phone", 3, per="365d"),
        one_per_source("crm"),
        disagree("first_name"),
        unique("national_id"),
    ],
    survivorship={
        "email": ["most_recent"],
        "city": ["same_record_as(street)", "source_priority(crm, web)"],
        "*": ["most_frequent"],
    },
)


@pytest.mark.parametrize("name", ["spec.toml", "spec.json"])
def test_a_spec_with_every_part_is_written_and_read(tmp_path: Path, name: str) -> None:
    FULL.save(tmp_path / name)
    assert Spec.load(tmp_path / name) == FULL


WINDOWS = st.none() | st.integers(1, 10**9).map(lambda seconds: timedelta(seconds=seconds))


@given(
    st.builds(
        Spec,
        fields=st.lists(st.builds(Email, st.text(min_size=1, max_size=4)), max_size=1),
        link_at=st.one_of(st.none(), st.floats(-50, 50)),
        limits=st.lists(
            st.one_of(
                st.builds(at_most, st.text(max_size=4), st.integers(1, 9), per=WINDOWS),
                *(st.builds(limit, st.text(max_size=4)) for limit in (one_per_source, disagree, unique)),
            ),
            unique_by=lambda limit: (type(limit), *list(vars(limit).values())[:1], getattr(limit, "per", None)),
        ),
        sources=st.dictionaries(st.text(max_size=4), st.builds(Source, trust=st.integers(0, 100))),
        blocking=st.one_of(st.none(), st.just((block_on("a"),))),
    )
)
def test_any_spec_as_data_and_back(spec: Spec) -> None:
    assert Spec.from_dict(spec.to_dict()) == spec


def test_an_inferred_spec_keeps_its_reasons_in_the_file(tmp_path: Path) -> None:
    spec = infer_spec({"web": [{"id": "1", "e-mail": "ann@x.com", "телефон": "+7 916 200-00-01"}]})
    spec.save(tmp_path / "spec.toml")
    loaded = Spec.load(tmp_path / "spec.toml")
    assert (loaded, list(loaded.guesses)) == (spec, list(spec.guesses))
    assert str(loaded) == str(spec)


def test_a_function_can_not_be_written(tmp_path: Path) -> None:
    spec = Spec(survivorship={"email": [chosen_by(lambda candidates: None, name="mine")]})
    with pytest.raises(SpecError, match="survivorship of 'email': 'mine' is a function"):
        spec.save(tmp_path / "spec.toml")
    assert not (tmp_path / "spec.toml").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fieldz = 1", "unknown part 'fieldz'; a spec has blocking, comparisons, devices, erased, events, fields"),
        ("fields = ['email']", "fields: field 'email' must have kind and columns"),
        ("[[fields]]\nkind = 'email'\ncolumns = 'mail'", "fields: field of kind 'email'"),
        ("[sources.crm]\nturst = 1", "sources: source 'crm': unknown part 'turst'"),
        ("[sources.crm]\ntrust = 'a'", "sources: trust is 'a'"),
        ("[[limits]]\nat_most = 'x'\nn = 'q'", "limits: at_most"),
        ("[[limits]]\nat_most = 'x'\nn = 1\nper = '1y'", "limits: window '1y' is none"),
        ("[[limits]]\ndisagree = 'a'\n[[limits]]\ndisagree = 'a'", r"limit disagree\(a\) is given twice"),
        ("[[blocking]]\nkeys = ['a']", "blocking: .* is no blocking rule"),
        ("[[comparisons]]\nname = 'a'", "comparisons: comparison 'a'"),
        ("[matcher]\ntols = 1", "matcher can't be read: .*tols"),
        ("[matcher]\nmax_iter = 0", "matcher: FellegiSunter"),
        ("[survivorship]\nemail = ['most_recnt']", "survivorship of 'email': survivorship rule 'most_recnt' is unknown"),
        ("[survivorship]\nemail = 'most_recent'", "give a list of rules, even of one"),
        ("link_at = 'high'", "link_at is 'high'; give a match weight in bits"),
        ("link_at = 1\nreview_at = 2", "review_at 2 lies above link_at 1"),
    ],
)
def test_a_file_that_is_no_spec_says_which_part(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "spec.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=says) as error:
        Spec.load(tmp_path / "spec.toml")
    assert "spec.toml" in str(error.value)


def test_two_fields_can_not_fill_one_column() -> None:
    with pytest.raises(SpecError, match=r"column 'x' is filled by .* and by"):
        Spec(fields=[Email("x"), Phone("x")])


@pytest.mark.parametrize("part", [{"limits": at_most("email", 1)}, {"fields": Email()}, {"blocking": "email"}])
def test_a_list_is_asked_for_even_of_one(part: dict[str, Any]) -> None:
    with pytest.raises(SpecError, match=rf"{next(iter(part))} is .*; give a list, even of one"):
        Spec(**part)


def test_a_spec_is_frozen() -> None:
    with pytest.raises(TypeError):
        FULL.sources["new"] = Source()  # type: ignore[index]
    with pytest.raises(AttributeError):
        FULL.link_at = 1.0  # type: ignore[misc]


def test_printed_specs_say_what_counts() -> None:
    text = str(FULL)
    for part in (
        "Email",
        "first_name, last_name",
        "link_at 3.5 bits",
        "review_at -1 bits",
        "at_most(loyalty, 2)",
        "at_most(phone, 3, per=365d)",
        "one_per_source(crm)",
        "disagree(first_name)",
        "unique(national_id)",
    ):
        assert part in text
    rows = [{"id": "1", "e-mail": "ann@x.com", "blurb": "hello"}, {"id": "2", "e-mail": "bob@x.com", "blurb": "bye"}]
    lines = str(infer_spec({"web": rows})).splitlines()
    assert lines[1].split() == ["source", "column", "taken", "as", "kind", "why"]
    (mail,) = [line for line in lines if "e-mail" in line]
    assert mail.split()[:4] == ["web", "e-mail", "email", "email"]
    assert len({line.index("email  ") for line in lines if "e-mail" in line}) == 1


# ---------------------------------------------------------------- against the data

ROWS = [{"id": "1", "email": "ann@x.com", "city": "Omsk"}, {"id": "2", "email": "bob@x.com", "city": "Perm"}]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        (
            Spec(fields=[Email("emial")]),
            "Email reads column 'emial', which no source has; did you mean 'email'. Columns: city, email, id",
        ),
        (Spec(fields=[Email()], sources={"records": Source(columns={"emial": "email"})}),
         "'emial' is not in source 'records'.*did you mean 'email'"),
        (Spec(fields=[Email()], sources={"records": Source(columns={"city": "emial"})}),
         "'emial', which no field reads; did you mean 'email'"),
        (Spec(fields=[Email()], sources={"record": Source()}),
         "declares source 'record'; the sources are records; did you mean 'records'"),
        (Spec(fields=[Email()], sources={"records": Source(record_id="idd")}), "record id column 'idd'.*did you mean 'id'"),
        (Spec(fields=[Email()], blocking=[block_on("emial")]), "blocking rule 'emial' reads 'emial'.*did you mean 'email'"),
        (Spec(fields=[Email()], comparisons=[Comparison("c", ("emial",), (Exact(),), (0.2, 0.8))]),
         "comparison 'c' reads 'emial'.*'email'"),
        (Spec(fields=[Email()], limits=[at_most("emial", 1)]), r"at_most\(emial, 1\) names no field.*did you mean 'email'"),
        (Spec(fields=[Email()], limits=[one_per_source("recods")]),
         "names no source; the sources are records; did you mean 'records'"),
        (Spec(fields=[Email()], limits=[at_most("email", 1, per="1d")]), "no record has one: declare Timestamp"),
        (Spec(fields=[Email()], limits=[disagree("city")]), "names no field or identifier kind; there are email"),
        (Spec(fields=[Email(), Attribute("city")], limits=[disagree("city")]), "no comparison reads city; compared are email"),
        (Spec(fields=[Email()], limits=[unique("pasport")]), r"unique\(pasport\) names no field or identifier kind"),
        (Spec(fields=[Email()], survivorship={"emial": ["union"]}), "survivorship names 'emial'.*did you mean 'email'"),
        (Spec(fields=[Email()], survivorship={"email": ["same_record_as(city)"]}), "names a field that does not exist"),
    ],
)  # fmt: skip
def test_a_spec_that_does_not_fit_the_data_is_refused_before_the_work(spec: Spec, says: str) -> None:
    stages: list[str] = []
    with pytest.raises(SpecError, match=says):
        resolve(ROWS, spec, progress=lambda stage, *_: stages.append(stage) or True)
    assert not {"block", "fit", "match"} & set(stages)


def test_two_records_with_one_declared_id_are_named() -> None:
    with pytest.raises(InputError, match=r"record id '1' in column 'id' of source 'records' .* comes twice, in rows 1 and 3"):
        resolve([*ROWS, ROWS[0]], Spec(fields=[Email()], sources={"records": Source(record_id="id")}))


def test_fields_that_a_spec_leaves_out_are_inferred() -> None:
    found = resolve({"web": ROWS, "crm": ROWS}, Spec(limits=[one_per_source("crm")], sources={"crm": Source(trust=90)}))
    assert Email("email") in found.spec.fields
    assert (found.spec.sources["crm"].trust, found.spec.limits) == (90, (one_per_source("crm"),))
    assert found.summary.people == 2


def test_a_printed_spec_tells_what_identifiers_mean_and_what_else_was_declared() -> None:
    spec = Spec(
        fields=[
            Email("mail"),
            Identifier("badge", kind="badge", behavior="weak", purposes=("fraud", "audit")),
            Category("gender"),
        ],
        priority=["badge"],
        stop_values={"email": ["*@noreply.*"]},
        purpose="audit",
    )
    text = str(spec)
    for told in (
        "email, strong",
        "badge, weak, for fraud and audit only",
        "priority badge",
        "stop values of email: *@noreply.*",
    ):
        assert told in text
    assert text.endswith("purpose audit")
    assert Spec.from_dict(spec.to_dict()) == spec
