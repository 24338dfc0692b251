"""What is uploaded stays in memory, and what is too large gets a sentence."""

import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from vru_portal.core.tables_in import MOST_BYTES


@pytest.fixture(autouse=True)
def _without_a_disk(monkeypatch):
    """Whoever asks for a temporary file fails."""
    monkeypatch.setattr(tempfile, "tempdir", "/no/such/folder")


def files(**contents: bytes):
    return RequestFactory().post("/", {name: SimpleUploadedFile(name, data) for name, data in contents.items()}).FILES


class TestInMemory:
    @pytest.mark.parametrize("size", [1, 3 * 1024 * 1024, MOST_BYTES])
    def test_keeps_a_file(self, size):
        file = files(register=b"x" * size)["register"]
        assert (file.name, file.size) == ("register", size)
        assert file.read() == b"x" * size

    def test_keeps_of_a_larger_file_only_its_size(self):
        file = files(register=b"x" * (MOST_BYTES + 1))["register"]
        assert file.size == MOST_BYTES + 1
        assert file.read() == b""

    def test_counts_the_files_of_a_request_together(self):
        half = b"x" * (MOST_BYTES // 2)
        found = files(a=half, b=half, c=b"x")
        assert [len(file.read()) for file in found.values()] == [len(half), len(half), 0]
        assert found["c"].size > MOST_BYTES

    def test_keeps_an_empty_file(self):
        assert files(register=b"")["register"].size == 0


def test_a_form_that_is_too_large_gets_a_sentence(client, db):
    answer = client.post(reverse("account_login"), {"login": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "Shorten the longest text, and send it again." in answer.content.decode()
