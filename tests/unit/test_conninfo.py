"""The address of the database as psycopg takes it: the same place as asyncpg's."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from saas_bot.db.engine import create_conninfo
from tests.environment import Place


@pytest.mark.parametrize(
    ("ask", "mode"),
    [
        ("", None),
        ("?ssl=require", "require"),
        ("?ssl=true", "require"),
        ("?ssl=verify-full", "verify-full"),
    ],
)
def test_address_password_and_tls_are_the_same(ask: str, mode: str | None) -> None:
    url = f"postgresql://ann:p%40ss%2Fword@db.example:6543/work_test{ask}"
    settings = Place("127.0.0.1", 1, 2).settings("work_test", test_database_url=url)
    said = conninfo_to_dict(create_conninfo(settings))
    assert (said["host"], said["port"], said["dbname"]) == ("db.example", "6543", "work_test")
    assert (said["user"], said["password"]) == ("ann", "p@ss/word")
    assert said.get("sslmode") == mode
