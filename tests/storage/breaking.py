"""What breaking a row by hand takes: a statement, and if need be a table that refuses nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Keys and constraints are looked at when the transaction ends, or not at all: it never commits.
UNBOUND: Mapping[str, Sequence[str]] = {
    "sqlite": ["PRAGMA defer_foreign_keys = ON"],
    "postgresql": ["SET LOCAL session_replication_role = replica"],
}


@dataclass(frozen=True)
class Break:
    """What is changed, if need be by database, and what is found then: exactly that.

    `loose` is a table that has to lose its keys and checks before.
    """

    name: str
    statements: Sequence[str]
    found: Sequence[str]
    loose: str = ""

    def on(self, dialect: str) -> Sequence[str]:
        before = _LOOSENED[dialect] if self.loose else ()
        return [*(it.replace("TABLE_NAME", self.loose) for it in before), *self.statements]


_LOOSENED: Mapping[str, Sequence[str]] = {
    "sqlite": [
        "ALTER TABLE TABLE_NAME RENAME TO strict_TABLE_NAME",
        "CREATE TABLE TABLE_NAME AS SELECT * FROM strict_TABLE_NAME",
    ],
    "postgresql": [
        """
        DO $$ DECLARE it record; BEGIN
            FOR it IN SELECT conname FROM pg_constraint
                WHERE conrelid = CAST('TABLE_NAME' AS regclass) AND contype IN ('p', 'u', 'c')
            LOOP
                EXECUTE format('ALTER TABLE TABLE_NAME DROP CONSTRAINT %I CASCADE', it.conname);
            END LOOP;
        END $$
        """
    ],
}
