"""Secrets at rest (Fernet: AES-128-CBC with HMAC), with room for rotation; random tokens and their fingerprints."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class UnreadableSecretError(Exception):
    """The stored secret was encrypted with a key that is not among ours."""


class SecretBox:
    """Encrypts with the first key, decrypts with any of them."""

    def __init__(self, keys: list[str]) -> None:
        """`keys` are texts of any form with enough randomness, newest first."""
        self._fernet = MultiFernet([Fernet(_derive(key)) for key in keys])

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """Raises `UnreadableSecretError`."""
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise UnreadableSecretError("no key of ours opens this secret") from error


def new_token() -> str:
    """256 random bits as text that is safe in a URL and a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token. Plain SHA-256 will do: the token has 256 random bits, nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def _derive(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"woodpecker-api:" + key.encode()).digest())
