"""On PostgreSQL the trail can be added to and read, and nothing else. SQLite has no such guard."""

from django.db import migrations

GUARD = """
CREATE FUNCTION core_trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The trail is append-only: rows of % are never changed or deleted.', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_auditevent
    FOR EACH ROW EXECUTE FUNCTION core_trail_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_auditseal
    FOR EACH ROW EXECUTE FUNCTION core_trail_is_append_only();
"""
NO_GUARD = """
DROP TRIGGER append_only ON core_auditseal;
DROP TRIGGER append_only ON core_auditevent;
DROP FUNCTION core_trail_is_append_only();
"""


def run_on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("core", "0002_trail_in_one_chain")]

    operations = [migrations.RunPython(run_on_postgresql(GUARD), run_on_postgresql(NO_GUARD))]
