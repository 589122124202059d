from tests.either import either_database

__all__ = ["either_database"]
