"""What is kept of an answer that nobody could read: its shape, and nothing that names anybody."""

import pytest
from hypothesis import given

from tests.woodpecker import a_client
from tests.woodpecker_json import json_values
from woodpecker_api.clients.woodpecker.errors import UnreadableAnswerError
from woodpecker_api.clients.woodpecker.sketch import sketch
from woodpecker_api.sandbox.woodpecker import Fault, FaultKind, WoodpeckerServer


def test_keys_kinds_and_the_vendors_own_words_stay():
    row = {"id": 7, "email": "ann@acme.example", "status": "TO-CHECK", "first_name": "ANN", "snippet1": "Hello Ann"}
    assert sketch({"prospects": [row, row], "status": {"status": "OK", "code": "OK"}}) == (
        "{prospects: 2 × [{id: number, email: text(16), status: TO-CHECK, first_name: text(3), snippet1: text(9)}], "
        "status: {status: OK, code: OK}}"
    )


def test_a_page_is_told_by_its_tags_and_the_words_of_errors():
    page = "<html><head><title>502 Bad Gateway for Ann Ames</title></head><body>ann@acme.example</body></html>"
    found = sketch(None, page)
    assert "502 Bad Gateway" in found
    assert "tags html, head, title, body" in found
    assert "Ann" not in found
    assert "acme" not in found


def test_an_address_is_no_key_either():
    assert sketch({"ann@acme.example": {"x": 1}}) == "{key(16): {x: number}}"


@pytest.mark.parametrize("text", ['{"prospects": [{"email": "ann@acme.example"', "Ann was here"])
def test_half_an_answer_names_nobody(text: str):
    found = sketch(None, text)
    assert "ann" not in found.lower()
    assert str(len(text)) in found


@given(json_values)
def test_a_sketch_is_short_and_holds_no_text_but_the_vendors_words(payload: object):
    secret = "ann ames of acme"
    found = sketch({"rows": [{"email": secret, "nested": payload}], "message": secret, "status": secret})
    assert len(found) <= 4_000
    assert secret not in found


def test_an_unreadable_answer_of_the_vendor_leaves_its_sketch_with_the_error(woodpecker: WoodpeckerServer):
    client = a_client(woodpecker)
    woodpecker.control.faults(Fault(FaultKind.UNREADABLE, on="read"))
    with pytest.raises(UnreadableAnswerError) as caught:
        client.list_campaigns()
    client.close()
    assert caught.value.sketch.startswith("page of at least")
    assert caught.value.status == 200
