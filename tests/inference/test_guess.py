"""Guesses about single columns (a judged table), whole exports, and what must hold for any input."""

import csv
import random
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.inference import guess_columns

GOLDEN = Path(__file__).parents[1] / "golden" / "headers.csv"
with GOLDEN.open(encoding="utf-8", newline="") as handle:
    JUDGED = [tuple(row.values()) for row in csv.DictReader(handle)]


def frame(columns: dict[str, list[str | None]]) -> pa.Table:
    return pa.table({name: pa.array(cells, pa.large_string()) for name, cells in columns.items()})


@pytest.mark.parametrize(("header", "values", "kind", "field"), JUDGED, ids=[f"{row[0]}-{i}" for i, row in enumerate(JUDGED)])
def test_one_judged_column(header, values, kind, field):
    cells = [cell.strip() or None for cell in values.split(" | ")]
    (guess,) = guess_columns("web", frame({header: cells}))
    assert (guess.kind, guess.field, guess.reason) == (kind, field or None, guess.reason)


def kinds(table: pa.Table) -> dict[str, tuple[str, str | None]]:
    return {guess.column: (guess.kind, guess.field) for guess in guess_columns("s", table)}


def fields(table: pa.Table) -> list[str | None]:
    return [guess.field for guess in guess_columns("s", table)]


FEBRL = frame(
    {
        "rec_id": ["rec-1070-org", "rec-1016-org", "rec-4405-org"],
        "given_name": ["michaela", "courtney", "charles"],
        "surname": ["neumann", "painter", "green"],
        "street_number": ["8", "12", "38"],
        "address_1": ["stanley street", "pinkerton circuit", "salkauskas crescent"],
        "address_2": ["miami", "bega flats", "kela"],
        "suburb": ["winston hills", "richlands", "dapto"],
        "postcode": ["4223", "4560", "4566"],
        "state": ["nsw", "vic", "nsw"],
        "date_of_birth": ["19151111", "19161214", "19480930"],
        "soc_sec_id": ["5304218", "4066625", "4365168"],
    }
)
RLDATA = frame(
    {
        "fname_c1": ["CARSTEN", "GERD", "ROBERT"],
        "fname_c2": [None, None, "HANS"],
        "lname_c1": ["MEIER", "BAUER", "HARTMANN"],
        "lname_c2": [None, None, "KURZ"],
        "by": ["1949", "1968", "1930"],
        "bm": ["7", "7", "4"],
        "bd": ["22", "27", "30"],
        "ent_id": ["34", "51", "115"],
    }
)
FAKE_1000 = frame(
    {
        "unique_id": ["0", "1", "2", "3"],
        "first_name": ["Robert", "Robert", "Rob", "Robert"],
        "surname": ["Alan", "Allen", "Allen", "Alen"],
        "dob": ["1971-06-24", "1971-05-24", "1971-06-24", "1971-06-24"],
        "city": [None, None, "London", "Lonon"],
        "email": ["robert255@smith.net", "roberta25@smith.net", "roberta25@smith.net", None],
        "cluster": ["0", "0", "0", "0"],
    }
)
SHOPIFY_ORDERS = frame(
    {
        "Name": ["#1001", "#1002", "#1003"],
        "Email": ["anna@example.com", "bob@example.org", None],
        "Financial Status": ["paid", "paid", "refunded"],
        "Accepts Marketing": ["yes", "no", "no"],
        "Total": ["12.50", "99.90", "7.00"],
        "Created at": ["2024-01-02 10:11:12 +0100", "2024-01-03 10:11:12 +0100", "2024-01-04 10:11:12 +0100"],
        "Lineitem name": ["Red shoes", "Blue hat", "Scarf"],
        "Billing Name": ["Anna Meier", "Bob Stone", "Cy Young"],
        "Billing Street": ["5 Main St", "7 Oak Ave", "9 Elm Rd"],
        "Billing Address1": ["5 Main St", "7 Oak Ave", "9 Elm Rd"],
        "Billing Address2": [None, "Apt 3", None],
        "Billing Company": [None, "Acme", None],
        "Billing City": ["Boston", "Salem", "Lynn"],
        "Billing Zip": ["'02139", "01970", "01901"],
        "Billing Province": ["MA", "MA", "MA"],
        "Billing Country": ["US", "US", "US"],
        "Billing Phone": ["(617) 555-0123", None, None],
        "Shipping Name": ["Anna Meier", "Bea Stone", "Cy Young"],
        "Shipping City": ["Boston", "Salem", "Lynn"],
        "Shipping Zip": ["02139", "01970", "01901"],
        "Shipping Phone": ["(617) 555-0123", "(617) 555-0199", None],
        "Phone": ["+16175550123", None, None],
        "Id": ["5550001", "5550002", "5550003"],
        "Device ID": [None, None, None],
    }
)
HUBSPOT = frame(
    {
        "Record ID": ["512", "513"],
        "First Name": ["Anna", "Bob"],
        "Last Name": ["Meier", "Stone"],
        "Email": ["anna@example.com", "bob@example.org"],
        "Phone Number": ["+1 617 555 0123", None],
        "Mobile Phone Number": [None, "+1 617 555 0199"],
        "Contact owner": ["Kim Lee", "Kim Lee"],
        "Lifecycle Stage": ["lead", "customer"],
        "Street Address": ["5 Main St", "7 Oak Ave"],
        "City": ["Boston", "Salem"],
        "State/Region": ["MA", "MA"],
        "Postal Code": ["02139", "01970"],
        "Country/Region": ["United States", "United States"],
        "Company Name": ["Acme", "Globex"],
        "Job Title": ["Nurse", "Teacher"],
        "Create Date": ["2023-01-02 10:11", "2023-01-03 10:11"],
        "Last Modified Date": ["2024-01-02 10:11", "2024-01-03 10:11"],
    }
)
RUSSIAN_1C = frame(
    {
        "Код": ["00-00000012", "00-00000013", "00-00000014"],
        "Наименование": ["Кузнецова Анна Ивановна", "Орлов Пётр Ильич", "Ким Ольга"],
        "ИНН": ["500100732259", "770708389312", None],
        "КПП": [None, None, None],
        "Телефон": ["8 (916) 200-00-01", "+7 903 123-45-67", "89265550011"],
        "Доп. телефон": [None, "8 (495) 123-45-67", None],
        "Эл. почта": ["anna@mail.ru", None, "olga@yandex.ru"],
        "Дата рождения": ["17.05.1984", "01.12.1991", None],
        "Пол": ["Женский", "Мужской", "Женский"],
        "Адрес": ["г. Омск, ул. Ленина, д. 5", "г. Пермь, ул. Мира, д. 7, кв. 3", None],
        "Адрес доставки": ["г. Омск, ул. Мира, д. 1", "г. Пермь, ул. Мира, д. 7, кв. 3", None],
        "Дисконтная карта": ["7700123456", None, "7700123457"],
        "Ответственный менеджер": ["Петров", "Петров", "Сидоров"],
        "Дата изменения": ["02.01.2024 10:11:12", "03.01.2024 10:11:12", "04.01.2024 10:11:12"],
        "Комментарий": [None, "перезвонить", None],
    }
)
POLISH = frame(
    {
        "nr_klienta": ["100234", "100235"],
        "imię": ["Łukasz", "Zofia"],
        "nazwisko": ["Kowalski", "Nowak"],
        "nazwisko_rodowe": [None, "Wiśniewska"],
        "PESEL": ["84051712345", "91120154321"],
        "adres e-mail": ["lukasz@wp.pl", "zofia@onet.pl"],
        "telefon komórkowy": ["501 200 300", "602 300 400"],
        "ulica": ["Długa", "Krótka"],
        "nr domu": ["5", "7a"],
        "nr mieszkania": ["12", None],
        "kod pocztowy": ["00-950", "31-001"],
        "miejscowość": ["Warszawa", "Kraków"],
        "województwo": ["mazowieckie", "małopolskie"],
        "data urodzenia": ["17.05.1984", "01.12.1991"],
        "płeć": ["M", "K"],
        "zgoda na e-mail": ["tak", "nie"],
        "data rejestracji": ["2020-01-02", "2021-03-04"],
    }
)
PERSIAN = frame(
    {
        "کد مشتری": ["1001", "1002"],
        "نام": ["محمد", "سارا"],
        "نام خانوادگی": ["رضایی", "احمدی"],
        "نام پدر": ["علی", "رضا"],
        "کد ملی": ["0012345679", "1234567891"],
        "موبایل": ["۰۹۱۲۱۲۳۴۵۶۷", "09351234567"],
        "ایمیل": ["m@example.ir", None],
        "تاریخ تولد": ["۱۳۶۳/۰۲/۲۷", "1370/09/10"],
        "استان": ["تهران", "فارس"],
        "شهر": ["تهران", "شیراز"],
        "آدرس": ["خیابان ولیعصر", "خیابان زند"],
        "کد پستی": ["1234567890", "9876543210"],
    }
)


def test_febrl():
    assert fields(FEBRL) == [
        *(None, "first_name", "last_name", "house_number", "street", "unit", "city", "postcode", "region"),
        *("birth_date", "national_id"),
    ]


def test_rldata():
    expected = ["first_name", "middle_name", "last_name", "last_name_2", "birth_year", "birth_month", "birth_day", None]
    assert fields(RLDATA) == expected
    assert kinds(RLDATA)["lname_c2"] == ("last_name", "last_name_2")
    assert kinds(RLDATA)["ent_id"] == ("ignored", None)


def test_fake_1000():
    assert fields(FAKE_1000) == [None, "first_name", "last_name", "birth_date", "city", "email", None]
    assert kinds(FAKE_1000)["unique_id"] == ("record_id", None)
    assert kinds(FAKE_1000)["cluster"] == ("ignored", None)


def test_shopify_orders_take_the_billing_address():
    found = kinds(SHOPIFY_ORDERS)
    assert found["Name"] == ("attribute", "name_other")
    assert found["Id"] == ("record_id", None)
    assert found["Billing Name"] == ("full_name", "full_name")
    assert found["Billing Street"] == ("street", "street")
    assert found["Billing Address1"] == ("attribute", "billing_address1")
    assert found["Billing City"] == ("city", "city")
    assert found["Shipping City"] == ("attribute", "shipping_city")
    assert found["Shipping Name"] == ("attribute", "shipping_name")
    assert {found[name] for name in ("Phone", "Billing Phone", "Shipping Phone")} == {("phone", "phone")}
    assert found["Created at"] == ("time", "updated_at")
    assert found["Device ID"] == ("ignored", None)
    assert [found[name][0] for name in ("Total", "Lineitem name")] == ["attribute"] * 2
    assert found["Accepts Marketing"] == ("consent", "marketing_consent")
    (why,) = [guess.reason for guess in guess_columns("s", SHOPIFY_ORDERS) if guess.column == "Shipping City"]
    assert why == "header 'Shipping City': the billing address stands for the record, not the shipping one"


def test_hubspot():
    expected = [
        *("crm_id", "first_name", "last_name", "email", "phone", "phone", "contact_owner", "lifecycle_stage", "street", "city"),
        *("region", "postcode", "country", "company", "occupation", "create_date", "updated_at"),
    ]
    assert fields(HUBSPOT) == expected


def test_russian_1c():
    found = kinds(RUSSIAN_1C)
    assert found["Наименование"] == ("full_name", "full_name")
    assert found["Доп. телефон"] == ("phone", "phone")
    assert found["Адрес"] == ("address", "address")
    assert found["Адрес доставки"] == ("attribute", "адрес_доставки")
    assert found["Ответственный менеджер"][0] == "attribute"
    assert found["Дата изменения"] == ("time", "updated_at")
    assert found["КПП"] == ("ignored", None)
    assert found["Дисконтная карта"] == ("loyalty", "loyalty")
    assert found["Код"][0] == "attribute"


def test_polish():
    assert fields(POLISH) == [
        *("customer_id", "first_name", "last_name", "maiden_name", "national_id", "email", "phone", "street", "house_number"),
        *("unit", "postcode", "city", "region", "birth_date", "gender", "email_consent", "updated_at"),
    ]


def test_persian():
    assert fields(PERSIAN) == [
        *("customer_id", "first_name", "last_name", "نام_پدر", "national_id", "phone", "email", "birth_date", "region", "city"),
        *("street", "postcode"),
    ]


@pytest.mark.parametrize(
    ("columns", "column", "kind"),
    [
        ({"name": ["Anna", "Bob"], "surname": ["Meier", "Stone"]}, "name", "first_name"),
        ({"Vorname": ["Anna", "Bob"], "Name": ["Meier", "Stone"]}, "Name", "last_name"),
        ({"prénom": ["Anne", "Luc"], "nom": ["Petit", "Roy"]}, "nom", "last_name"),
        ({"first": ["x"], "name": ["Anna"]}, "name", "full_name"),
        ({"first name": ["Anna"], "last name": ["Meier"], "name": ["ameier"]}, "name", "attribute"),
        ({"address": ["5 Main St"], "city": ["Boston"]}, "address", "street"),
        ({"address": ["5 Main St, Boston, MA"], "city": ["Boston"]}, "address", "address"),
        ({"state": ["MA"], "zip": ["02139"]}, "state", "region"),
        ({"state": ["open"], "ticket": ["7"]}, "state", "attribute"),
        ({"ID": ["1", "1"], "unique_id": ["7", "8"]}, "unique_id", "record_id"),
        ({"id": ["1", "1"]}, "id", "attribute"),
        ({"id": ["1", None]}, "id", "attribute"),
        ({"id": ["1", "2"], "record_id": ["7", "8"]}, "record_id", "record_id"),
        ({"id": ["1", "2"], "record_id": ["7", "7"]}, "id", "record_id"),
        ({"created_at": ["2020-01-01"], "event_time": ["2020-01-01"]}, "event_time", "time"),
        ({"created_at": ["2020-01-01"], "event_time": ["2020-01-01"]}, "created_at", "attribute"),
    ],
)
def test_columns_that_depend_on_the_others(columns, column, kind):
    assert kinds(frame(columns))[column][0] == kind


def test_birth_dates_without_a_header_need_a_wide_spread():
    births = [f"{1930 + 2 * i}-03-{1 + i % 28:02d}" for i in range(40)]
    orders = [f"{2018 + i % 6}-03-{1 + i % 28:02d}" for i in range(40)]
    assert kinds(frame({"c1": births, "c2": orders})) == {"c1": ("birth_date", "birth_date"), "c2": ("attribute", "c2")}


def test_lists_are_looked_into():
    cells = pa.array([["a@x.com", "b@x.com"], [], None], pa.large_list(pa.large_string()))
    empty = pa.array([[], [], None], pa.large_list(pa.large_string()))
    guesses = guess_columns("s", pa.table({"contact": cells, "old phones": empty}))
    assert [guess.kind for guess in guesses] == ["email", "ignored"]
    assert "2 distinct values" in guesses[0].reason


def test_reasons_count_what_was_seen():
    (guess,) = guess_columns("s", frame({"mail": ["a@x.com", "b@x.com", "b@x.com", "none", None]}))
    assert guess.reason == "header 'mail'; 67 % of 3 distinct values are e-mail addresses"


def test_attributes_never_take_a_field_of_another_column():
    table = pa.Table.from_arrays(
        [pa.array(["x"], pa.large_string())] * 5, names=["City of dreams", "city of dreams", "email", "email", ""]
    )
    found = [(guess.kind, guess.field) for guess in guess_columns("s", table)]
    assert found == [
        *(("city", "city"), ("attribute", "city_of_dreams"), ("attribute", "email_other"), ("attribute", "email_other_2")),
        ("attribute", "column_5"),
    ]


words = st.sampled_from(
    [*("email", "phone", "Имя", "name", "تلفن", "id", "city", "shipping", "updated", "adres", "source"), ""]
)
headers = st.one_of(st.text(max_size=12), st.lists(words, max_size=3).map("_".join))
scalars = st.one_of(
    st.none(), st.text(max_size=20), st.sampled_from(["a@x.com", "+79162000001", "1984-05-17", "x", "\x00", "1"])
)


@st.composite
def any_tables(draw):
    rows = draw(st.integers(0, 6))
    names = draw(st.lists(headers, max_size=6))
    arrays = []
    for _ in names:
        if draw(st.booleans()):
            arrays.append(pa.array(draw(st.lists(scalars, min_size=rows, max_size=rows)), pa.large_string()))
        else:
            cells = draw(st.lists(st.none() | st.lists(scalars, max_size=3), min_size=rows, max_size=rows))
            arrays.append(pa.array(cells, pa.large_list(pa.large_string())))
    return pa.Table.from_arrays(arrays, names=names)


@given(any_tables(), st.randoms(use_true_random=False))
def test_any_table_gets_one_guess_per_column_whatever_the_row_order(table, rng):
    guesses = guess_columns("s", table)
    assert [guess.column for guess in guesses] == table.column_names
    assert all(guess.reason for guess in guesses)
    assert sum(guess.kind == "time" for guess in guesses) <= 1
    assert sum(guess.kind == "record_id" for guess in guesses) <= 1
    attributes = [guess.field for guess in guesses if guess.kind == "attribute"]
    others = {guess.field for guess in guesses if guess.kind != "attribute"}
    assert len(set(attributes)) == len(attributes)
    assert not others & set(attributes)
    assert all((guess.field is None) == (guess.kind in {"ignored", "record_id", "source"}) for guess in guesses)
    order = list(range(table.num_rows))
    rng.shuffle(order)
    assert guess_columns("s", table.take(pa.array(order, pa.int64()))) == guesses


def test_row_order_does_not_matter_where_rows_are_sampled():
    rng = random.Random(7)
    n = 60_000
    table = frame(
        {
            "id": [str(i) for i in range(n)],
            "contact": [f"user{rng.randrange(n)}@example.com" if rng.random() < 0.9 else "unknown" for _ in range(n)],
            "rare": [f"+4850{rng.randrange(10**7):07d}" if i % 3000 == 0 else None for i in range(n)],
            "name": [rng.choice(["Anna Meier", "Bob Stone", "Cy"]) for _ in range(n)],
        }
    )
    order = list(range(n))
    rng.shuffle(order)
    guesses = guess_columns("s", table)
    assert guess_columns("s", table.take(pa.array(order))) == guesses
    assert [guess.kind for guess in guesses] == ["record_id", "email", "phone", "full_name"]
    assert "1,000 sampled distinct values" in guesses[1].reason
