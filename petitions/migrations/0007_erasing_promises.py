from typing import ClassVar

from django.db import migrations

# Who answers for a promise goes with the petition's content, and with nothing else.
PROMISE = """
CREATE OR REPLACE FUNCTION promise_follows_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh petitions_promise := NEW;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        fresh.state := OLD.state; fresh.seq := OLD.seq; fresh.due_on := OLD.due_on; fresh.moves := OLD.moves;
        IF NEW.person IS NULL
           AND EXISTS (SELECT FROM petitions_petition p WHERE p.id = OLD.petition_id AND p.erased_at IS NOT NULL) THEN
            fresh.person := OLD.person;
        END IF;
        IF fresh IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'a promise is never reworded' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    IF NOT EXISTS (
        SELECT FROM petitions_petitionevent e
        WHERE e.petition_id = NEW.petition_id AND e.seq = NEW.seq AND e.kind = 'promise'
          AND e.data->>'promise' = NEW.number::text AND e.data->>'due' = NEW.due_on::text
          AND NEW.state = CASE e.data->>'step' WHEN 'reported' THEN 'reported' WHEN 'kept' THEN 'kept'
                          WHEN 'given_up' THEN 'given_up' ELSE 'made' END
    ) THEN
        RAISE EXCEPTION 'a promise follows its history' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0006_words")]
    operations: ClassVar = [migrations.RunSQL(PROMISE, migrations.RunSQL.noop)]
