"""Headers, types and statuses of event tables, in the languages that business data comes in."""

import pytest

from omniid.inference.event_words import meaning_of_type, role_of_header, state_of_status


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("eventName", "type"),
        ("Тип события", "type"),
        ("nr zamówienia", "order"),
        ("Warenkorb-ID", "basket"),
        ("customer_ticket_number", "case"),
        ("Сумма заказа", "amount"),
        ("ga_session_id", "session"),
        ("waluta", "currency"),
        ("saldo punktów", "balance"),
        ("email", None),
        ("page_url", None),
    ],
)
def test_headers(header: str, role: str | None) -> None:
    found = role_of_header(header)
    assert (found and found[0]) == role


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("ecommerce.purchase", "order"),
        ("Order Cancelled", "cancel"),
        ("dodano do koszyka", "add"),
        ("Удаление из корзины", "remove"),
        ("begin_checkout", "visit"),
        ("Email Sent", "outbound"),
        ("email_opened", "visit"),
        ("zgłoszenie zamknięte", "close_case"),
        ("reklamacja", "open_case"),
        ("Rückgabe", "return"),
        ("odbiór w sklepie", "pickup"),
        ("points redeemed", "burn"),
        ("order_status_viewed", None),
        ("heartbeat", None),
    ],
)
def test_types(value: str, meaning: str | None) -> None:
    assert meaning_of_type(value) == meaning


def test_statuses() -> None:
    assert [state_of_status(text) for text in ("Zamknięte", "In Progress", "отменён", "vip")] == [
        "closed",
        "open",
        "cancelled",
        None,
    ]
