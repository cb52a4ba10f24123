"""Company names without their legal forms, and websites by whose they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid.normalization.company import normalize_company
from omniid.normalization.website import normalize_website

NAMES = [
    ("Müller & Söhne GmbH & Co. KG", "muller sohne"),
    ("Mueller und Soehne Gesellschaft mbH", "mueller soehne"),
    ("ООО «Ромашка»", "romashka"),
    ("Ромашка, ООО", "romashka"),
    ("Acme, Inc.", "acme"),
    ("ACME INCORPORATED", "acme"),
    ("Kowalski Sp. z o.o.", "kowalski"),
    ("KOWALSKI spółka z ograniczoną odpowiedzialnością", "kowalski"),
    ("Marks and Spencer plc", "marks spencer"),
    ("Marks & Spencer", "marks spencer"),
    ("L'Oréal S.A.", "loreal"),
    ("トヨタ株式会社", "toyota"),
    ("株式会社トヨタ", "toyota"),
    ("PT Telkom Tbk", "telkom"),
    ("ИП Иванов И.И.", "ivanov i i"),
    # What only looks like a legal form stays, and so does a name of nothing else.
    ("Co-operative Bank", "co operative bank"),
    ("AS Roma", "as roma"),
    ("The Co", "the co"),
    ("AG", "ag"),
    ("SE", "se"),
    ("株式会社", "zhushihuishe"),
]
SITES = [
    ("https://www.Acme.com/de/?utm=1", "acme.com"),
    ("acme.com", "acme.com"),
    ("HTTP:acme.com", "acme.com"),
    ("https://acme.com.", "acme.com"),
    ("www2.acme.co.uk:8080", "acme.co.uk"),
    ("xn--mller-kva.de", "müller.de"),
    ("пример.рф", "пример.рф"),
    ("facebook.com/AcmeShop/", "facebook.com/acmeshop"),
    ("https://user:pw@acme.com/", None),
    ("info@acme.com", None),
    ("1.2.3.4", None),
    ("http://[::1]/", None),
    ("a b.com", None),
    ("acme℀.com", None),
    ("acme", None),
]


@pytest.mark.parametrize(("said", "form"), NAMES)
def test_legal_forms_are_left_out(said, form):
    assert normalize_company(said).value == form
    assert normalize_company(said).display == said


@given(st.text(max_size=40))
def test_a_company_is_never_emptied_by_its_legal_form(text):
    from omniid.normalization.text import normalize_text

    assert (normalize_company(text).value is None) == (normalize_text(text).value is None)
    once = normalize_company(text).value
    assert once is None or normalize_company(once).value is not None


@pytest.mark.parametrize(("said", "form"), SITES)
def test_a_website_is_its_host(said, form):
    found = normalize_website(said)
    assert found.value == form
    assert (found.reason is None) == (form is not None)


@given(st.text(max_size=40))
def test_a_website_is_read_once(text):
    found = normalize_website(text)
    if found.value is not None:
        assert normalize_website(found.value).value == found.value


def organizations():
    return [
        {
            "id": "1",
            "company": "Alpine Foods GmbH",
            "website": "https://www.alpine-foods.de/en",
            "city": "Berlin",
            "tags": ["b2b"],
        },
        {"id": "2", "company": "Alpine Foods Gesellschaft mbH", "website": "alpine-foods.de", "city": "Berlin", "tags": None},
        {"id": "3", "company": "Baltic Motors AB", "website": "baltic.se", "city": "Lund", "tags": ["lead", "vip"]},
        {"id": "4", "company": "Granite Media Ltd", "website": None, "city": "Leeds", "tags": None},
        {"id": "5", "company": "Nordic Pharma", "website": None, "city": "Oslo", "tags": None},
    ]


def test_records_of_organizations_are_no_anonymous_ones():
    found = omniid.resolve(organizations())
    assert {one["entity_kind"] for one in found.profiles} == {"person"}
    assert sorted(len(one["sources"]) and one["records"] for one in found.profiles) == [1, 1, 1, 2]
    assert {field.column for field in found.spec.fields if isinstance(field, omniid.Company)} == {"company"}


def test_an_employer_alone_names_nobody_where_persons_are_named():
    people = [
        {"id": "1", "first_name": "Ann", "last_name": "Bee", "company": "Acme Ltd"},
        {"id": "2", "first_name": None, "last_name": None, "company": "Acme Ltd"},
    ]
    kinds = {row["record_id"]: row["entity_kind"] for row in omniid.resolve(people).table("crosswalk").to_pylist()}
    assert kinds == {"1": "person", "2": "anonymous"}


def test_a_company_page_is_named_by_the_company():
    from omniid.normalization.handle import normalize_handle

    assert normalize_handle("https://www.linkedin.com/company/acme-foods/").value == "acme-foods"
    assert normalize_handle("facebook.com/pages/acme").value == "acme"
