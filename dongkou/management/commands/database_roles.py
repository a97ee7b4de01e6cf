from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dongkou.database_roles import APPLICATION, OWNER, READER

SQL = """-- Run by an administrator of the server, connected to the database {name}: psql -d {name} -f THIS FILE
-- Harmless when repeated. Then give each role a password (\\password {owner} ...), set DATABASE_URL ({application}),
-- DATABASE_OWNER_URL ({owner}) and DATABASE_READER_URL ({reader}), and run manage.py migrate, which gives the rights.
DO $$
DECLARE wanted text; thing text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['{owner}', '{application}', '{reader}'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', wanted);
        END IF;
    END LOOP;
    FOR thing IN
        SELECT format('TABLE %s', c.oid::regclass) FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        UNION ALL SELECT format('SEQUENCE %s', c.oid::regclass) FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))
        UNION ALL SELECT format('ROUTINE %s', p.oid::regprocedure) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER %s OWNER TO %I', thing, '{owner}');
    END LOOP;
END $$;
ALTER DATABASE "{name}" OWNER TO "{owner}";
ALTER SCHEMA public OWNER TO "{owner}";
ALTER ROLE "{reader}" SET default_transaction_read_only = on;
"""


class Command(BaseCommand):
    """For a server of the county's own; the embedded one sets up its roles by itself."""

    help = "输出在自备的 PostgreSQL 上分开三个数据库帐号（所有者、应用、只读）的 SQL"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, role in (("owner", OWNER), ("application", APPLICATION), ("reader", READER)):
            parser.add_argument(f"--{name}", default=role, metavar="ROLE", help=f"默认 {role}")

    def handle(self, *_args: Any, owner: str, application: str, reader: str, **_options: Any) -> None:
        name = settings.DATABASES["default"]["NAME"]
        self.stdout.write(SQL.format(name=name, owner=owner, application=application, reader=reader), ending="")
