import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.errors import InputError
from omniid.tables import ComparisonWeights, Model
from omniid.tables.model import _indented

EMAIL = ComparisonWeights("email", ("else", "exact"), (0.1, 0.9), (0.999, 0.001), (0.5, 0.5), {"00ff": 0.25}, 1e-4, 0.01)
MODEL = Model(
    (EMAIL,),
    prior=1 / 3,
    prior_relatives=1e-9,
    link_at=-0.1,
    review_at=-3.17,
    rules=({"keys": ["email", "phone"]},),
    records=10,
    n_iter_=7,
    versions={"phonenumbers": "9.0"},
)


def test_save_and_load_are_exact(tmp_path):
    MODEL.save(tmp_path / "model.json")
    assert Model.load(tmp_path / "model.json") == MODEL
    first = (tmp_path / "model.json").read_bytes()
    Model.load(tmp_path / "model.json").save(tmp_path / "model.json")
    assert (tmp_path / "model.json").read_bytes() == first


@given(st.floats(0, 1), st.floats(-100, 100), st.lists(st.floats(1e-300, 1), min_size=1, max_size=5))
def test_every_number_survives(tmp_path_factory, prior, link_at, shares):
    total = sum(shares)
    numbers = tuple(share / total for share in shares)
    part = ComparisonWeights("c", tuple(f"l{i}" for i in range(len(numbers))), numbers, numbers[::-1])
    path = tmp_path_factory.mktemp("model") / "model.json"
    model = Model((part,), prior, link_at=link_at)
    model.save(path)
    assert Model.load(path) == model


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
PARTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=9
)


@given(PARTS)
def test_items_stand_on_lines_as_the_standard_library_puts_them(part):
    assert _indented(part) == json.dumps(part, indent=1, sort_keys=True, ensure_ascii=False)


def test_a_model_edited_by_hand_loads(tmp_path):
    path = tmp_path / "model.json"
    MODEL.save(path)
    data = json.loads(path.read_text())
    data["comparisons"][0]["m"] = [0.333, 0.667]  # rounded: sums to 1 closely enough
    data["link_at"] = 4
    del data["versions"]
    path.write_text(json.dumps(data))
    edited = Model.load(path)
    assert edited.comparisons[0].m == (0.333, 0.667)
    assert edited.link_at == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"m": [0.5, 0.25, 0.25]}, "'email' of the model: m has 3 numbers for 2 levels"),
        ({"u": [0.5, 0.9]}, r"'email' of the model: u is \[0.5, 0.9\]; give probabilities that sum to 1"),
        ({"h": [1.5, -0.5]}, "'email' of the model: h is"),
        ({"mm": []}, "not a saved omniid model .*'mm'"),
    ],
)
def test_wrong_edits_are_named(tmp_path, change, message):
    path = tmp_path / "model.json"
    MODEL.save(path)
    data = json.loads(path.read_text())
    data["comparisons"][0].update(change)
    path.write_text(json.dumps(data))
    with pytest.raises(InputError, match=message):
        Model.load(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"comparisons": []}', '{"comparisons": 3, "prior": 0.1}'])
def test_other_files_are_refused(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"other\.json is not a saved omniid model"):
        Model.load(path)


def test_priors_are_probabilities_of_two_classes():
    for wrong in ({"prior": 0.7, "prior_relatives": 0.4}, {"prior": -0.1}, {"prior": float("nan")}):
        with pytest.raises(InputError, match="together are at most 1"):
            Model((), **wrong)


def test_what_one_slip_gains_is_never_below_zero():
    for wrong in (-0.5, float("nan")):
        with pytest.raises(InputError, match="give 0 bits or more"):
            Model((), 0.1, slip=wrong)


def test_printing_shows_every_level_and_whether_it_converged():
    text = str(MODEL.replace(converged_=False))
    assert text.splitlines()[0].startswith(
        "prior 1 : 3 · 590.0 matching pairs expected among 10 records · link at -0.10 bits · NOT conv"
    )
    assert text.splitlines()[2].split() == ["email", "else", "0.1000", "0.9990", "0.500", "-3.32"]
    assert text.splitlines()[3].split() == ["exact", "0.9000", "0.00100", "0.500", "+9.81"]


def test_weights_are_plain_rows():
    rows = MODEL.weights()
    assert [row["level"] for row in rows] == ["else", "exact"]
    assert rows[1]["weight"] == pytest.approx(9.8137811)
    assert rows[1]["h"] == 0.5


def test_an_empty_model_prints():
    assert "prior 0" in str(Model((), 0.0))
