"""Identifiers, times, fingerprints, secrets, and what never gets into a log."""

import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import structlog

from woodpecker_api.kit.clock import rfc3339, system_clock
from woodpecker_api.kit.crypto import SecretBox, UnreadableSecretError, new_token, token_hash
from woodpecker_api.kit.hashing import canonical, digest, keyed_digest
from woodpecker_api.kit.ids import new_id
from woodpecker_api.kit.logging import configure_logging


def test_ids_are_short_unique_and_lower_case() -> None:
    ids = {new_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert all(len(name) == 26 and name == name.lower() and name.isalnum() for name in ids)


def test_a_time_is_written_in_utc_with_a_z() -> None:
    moment = datetime(2026, 3, 2, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    assert rfc3339(moment) == "2026-03-02T12:00:00Z"
    assert system_clock().tzinfo is UTC


def test_equal_things_have_equal_digests_however_they_were_put_together() -> None:
    assert digest({"b": [1, "ü"], "a": None}) == digest({"a": None, "b": [1, "ü"]})
    assert canonical({"b": 1, "a": "ü"}) == '{"a":"ü","b":1}'.encode()
    assert digest({"a": 1}) != digest({"a": "1"})


def test_a_keyed_digest_depends_on_its_key() -> None:
    assert keyed_digest(b"one", 1) != keyed_digest(b"two", 1)


def test_a_secret_is_opened_by_any_of_our_keys_and_closed_by_the_newest() -> None:
    old = SecretBox(["old"]).encrypt("the key")
    box = SecretBox(["new", "old"])
    assert box.decrypt(old) == "the key"
    assert SecretBox(["new"]).decrypt(box.encrypt("the key")) == "the key"


@pytest.mark.parametrize("token", ["", "nonsense", "ünlesbar"])
def test_what_no_key_of_ours_opens_says_so(token: str) -> None:
    with pytest.raises(UnreadableSecretError):
        SecretBox(["new"]).decrypt(token or SecretBox(["other"]).encrypt("x"))


def test_a_token_is_long_and_what_is_stored_of_it_does_not_give_it_away() -> None:
    token = new_token()
    assert len(token) >= 43
    assert token not in token_hash(token)
    assert token_hash(token) == token_hash(token) != token_hash(new_token())


def test_a_secret_under_a_telling_name_is_never_written_out() -> None:
    stream = io.StringIO()
    configure_logging(as_json=True, stream=stream)
    try:
        structlog.get_logger().info("key.used", api_key="sk-1", Authorization="Bearer x", input_tokens=5, name="ü")
    finally:
        structlog.reset_defaults()
    line = json.loads(stream.getvalue())
    assert (line["api_key"], line["Authorization"], line["input_tokens"], line["name"]) == ("***", "***", 5, "ü")
    assert (line["event"], line["level"]) == ("key.used", "info")
