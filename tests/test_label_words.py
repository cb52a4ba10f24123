from omniid.label_words import what_labels_changed
from omniid.tables import Model

TOLD = {"same": 3.0, "different": 1.0, "bits": 0.0, "spread": 0.0, "link_at_before": 0.0, "f1_before": 0.9, "f1_after": 0.9}


def test_a_model_without_labels_says_nothing():
    assert what_labels_changed(Model((), prior=0.1)) == ""


def test_labels_that_change_nothing_are_told_too():
    assert "too few to move it; expected F1 0.900" in what_labels_changed(Model((), prior=0.1, judged=TOLD))


def test_what_was_not_used_is_told():
    text = what_labels_changed(Model((), prior=0.1, judged={"unmade": 2.0, "absent": 1.0}))
    wanted = ["2 more that no blocking rule makes are not used", "1 records of known persons are not in the data"]
    assert text.split("; ")[1:] == wanted
