"""The preferred channel of a person is filtered by consent."""

import pytest

import omniid
from omniid import Consent, Email, Spec


@pytest.mark.parametrize(("word", "preferred"), [("yes", "email"), ("no", "shop")])
def test_a_channel_that_is_denied_is_not_preferred(word: str, preferred: str) -> None:
    spec = Spec(fields=[Email(), Consent("ok", of="email", purpose="newsletter")])
    told = [("email", "2026-03-01"), ("email", "2026-03-02"), ("shop", "2026-01-01")]
    events = [{"time": time, "type": "message", "channel": channel, "email": "ann@example.com"} for channel, time in told]
    found = omniid.resolve([{"id": "1", "email": "ann@example.com", "ok": word}], spec, events=events)
    assert found.activity[0]["preferred_channel"] == preferred
    assert ("may not be used" in found.activity[0]["preferred_reason"]) == (word == "no")
