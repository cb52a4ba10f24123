"""Views as they are declared, and what is none."""

import pytest

import omniid
from omniid import SpecError, View
from omniid.fields import Attribute, Email
from omniid.spec import Spec

ROWS = [{"id": "1", "email": "ann@x.com", "city": "Leeds"}]
FIELDS = [Email("email"), Attribute("city")]


def test_a_view_is_written_and_read() -> None:
    spec = Spec(fields=FIELDS, views={"support": View(fields=["city"], survivorship={"city": ["min"]}), "all": View()})
    assert Spec.from_dict(spec.to_dict()) == spec


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: View(fields="email"), "give a list of names"),
        (lambda: View(fields=["email", "email"]), "names the field 'email' twice"),
        (lambda: View(survivorship={"email": ["best"]}), "unknown; choose from"),
        (lambda: Spec(views={"a/b": View()}), "named 'a/b'"),
        (lambda: Spec(views={"a": {"fields": ["email"]}}), "write View"),
        (lambda: omniid.resolve(ROWS, Spec(fields=FIELDS, views={"a": View(fields=["emial"])})), "view 'a' names 'emial'"),
        (
            lambda: omniid.resolve(ROWS, Spec(fields=FIELDS, views={"a": View(survivorship={"cty": ["max"]})})),
            "view 'a': survivorship names 'cty'",
        ),
    ],
)
def test_what_is_no_view_is_refused(make, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        make()
