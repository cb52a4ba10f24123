"""One record read in plain Python says what a table of it says, whatever its cells hold."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import omniid
from omniid import fields as f
from omniid.frames import read_inputs
from omniid.gathering import bring_together
from omniid.single_record import Forms, RecordReader, normal_of
from omniid.spec import Spec
from omniid.tables import ComparisonWeights, FrozenChoices, Model
from oracle.single_records import generated

WORDS = """
mr Mrs. dr. Sr jr Jr. ii III Ph.D. van de bin Anna ANNA Łukasz O'Brien Анна Сергеевна Кузнецова Ильич г-н г. ул. д. кв. 5 12 12a
10/12 3-5 No. # apt flat unit Main St. Street straße Hauptstr. po box Saint st the uk USA 24 06 1971 Nowak-Żak 71 June июня
czerwca . , - / : T Z 10:30 +02:00 +7 8 00 (0) 916 2000001 tel: whatsapp: ext. @ gmail.com a.b+c a@b.com <a@b.com> mailto:
x7@privaterelay.appleid.com yandex.ru ä.de example.test user -1 0000 1111 _ 00-950 SW1A 1AA n/a null нет محمد رضایی 王小明
김민수 yes granted
unsubscribed да ½ ﬁ ẞ İ ' ( ) 年 月 日 +48501234567 501234567 1990-05-03 03/04/1990 1971-06 1714979289 1970-01-01 Leeds Łódź
"""
NOTHING = Model((ComparisonWeights("sex", ("else", "exact"), (0.2, 0.8), (0.8, 0.2)),), prior=0.5)
UNSEEN = ["\u200b", "\u202e", "\u0301", "\x00", '"', "\u3000"]
pieces = st.lists(st.sampled_from([*WORDS.split(), *UNSEEN]), max_size=5).flatmap(
    lambda words: st.sampled_from(["", " ", ", "]).map(lambda gap: gap.join(words))
)
texts = st.one_of(pieces, pieces, st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
cells = st.one_of(st.none(), texts, texts, st.lists(texts, max_size=3))
SPECS = {
    "whole": Spec(
        fields=[
            f.PersonName("first_name", "last_name", middle="middle", suffix="suffix", title="title", full="name"),
            f.Address("street", "city", "zip", house_number="house", region="region", country="country", full="line"),
            f.Date("born", year="by", month="bm", day="bd"),
            f.Email("mail"),
            f.Phone("phone"),
            f.Consent("ok", of="mail", purpose="news", time="said"),
            f.Timestamp("seen"),
            f.Timestamp("sent"),
        ],
        sources={"a": omniid.Source(region="PL"), "b": omniid.Source(region="US")},
    ),
    "parts": Spec(
        fields=[
            f.PersonName("first_name", None),
            f.Address(street="line", unit="house"),
            f.Date("born"),
            f.Email("mail"),
            f.Identifier("zip", kind="loyalty"),
            f.Identifier("city", kind="vk"),
            f.Identifier("by", kind="email_hash"),
            f.Category("title"),
            f.Company("name"),
            f.Text("street"),
            f.Attribute("region"),
            f.Identifier("suffix", kind="website"),
            f.Verified("sure", of="mail"),
            f.Consent("ok", purpose="news", time="said"),
            f.Consent("out", of="mail", time="said", opt_out=True),
        ],
        sources={"a": omniid.Source(region="PL"), "b": omniid.Source()},
        stop_values={"email": ["*@b.com", "!noreply@example.com"], "loyalty": ["12*", "!0000", "/5+/"], "first_name": ["anna"]},
    ),
    "surname": Spec(
        fields=[f.PersonName(None, "last_name", full="name"), f.Phone("phone"), f.Date("born")],
        sources={"a": omniid.Source(region="RU"), "b": omniid.Source()},
        stop_values={"phone": ["+48501234567", "!1111111"], "last_name": ["null"]},
    ),
}


@pytest.mark.parametrize("name", SPECS)
@settings(max_examples=settings().max_examples // 2)  # of each of three specs
@given(data=st.data())
def test_a_record_is_read_as_a_table_of_it(name, data):
    source = data.draw(st.sampled_from(["a", "b"]))
    spec = SPECS[name].replace(sources={source: SPECS[name].sources[source]})
    orders, flags = st.sampled_from(["day-first", "month-first"]), st.booleans()
    dates = data.draw(st.dictionaries(st.sampled_from(["born", "seen", "said"]), st.tuples(orders, orders, flags)))
    frozen = FrozenChoices(dates={name: {source: read} for name, read in dates.items()})
    reader = RecordReader(spec, NOTHING.replace(frozen=frozen))
    named = sorted({column for plan in reader.plans for column in plan.roles.values()})
    drawn = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(named, cells)))
    sent = bring_together(read_inputs({source: [{"id": "1", **dict.fromkeys(named), **drawn}]}), spec)
    raw = {field: [value for value in column.entries_of(0) if value is not None] for field, column in sent.raw.items()}
    (whole,) = reader.read_table(sent)
    assert reader.read_entries(source, {name: said for name, said in raw.items() if said}) == whole
    if len(drawn) < 2 or list(drawn) == sorted(drawn):  # cells of one field count in the order in which they come
        assert reader.read(source, drawn) == whole
    assert Forms(*json.loads(json.dumps(whole))) == whole


def test_omnichannel_records_are_read_as_their_table():
    spec, sent = generated(1000)
    reader = RecordReader(spec)
    keys, names = sent.keys(np.arange(len(sent))), list(sent.raw)
    columns = [[column.entries_of(row) for row in range(len(sent))] for column in sent.raw.values()]
    for (source, _), forms, row in zip(keys, reader.read_table(sent), zip(*columns, strict=True), strict=True):
        said = {name: found for name, values in zip(names, row, strict=True) if (found := [v for v in values if v is not None])}
        assert reader.read_entries(source, said) == forms


def test_cells_are_brought_to_fields_as_those_of_a_frame():
    columns = {"mail": "email", "alt": "email", "n": "card"}
    spec = Spec(fields=[f.Email(), f.Identifier("card", kind="loyalty")], sources={"a": omniid.Source(columns=columns)})
    row = {"mail": "x@a.com; y@a.com", "alt": ["y@a.com", None, "z@a.com"], "n": 17.0, "email": "w@a.com", "other": "no"}
    sent = bring_together(read_inputs({"a": [{"id": "1", **row}]}), spec)
    reader = RecordReader(spec)
    assert [reader.read("a", row)] == reader.read_table(sent)
    assert [normal_of(entry) for entry in reader.read("a", row).fields["email"]] == [f"{one}@a.com" for one in "xyzw"]
