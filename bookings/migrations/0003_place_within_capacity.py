"""On PostgreSQL nobody, by whatever way, gets a place number above the session's capacity."""

from django.db import migrations

CREATE = """
CREATE FUNCTION bookings_place_within_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.place_number > (SELECT capacity FROM courses_coursesession WHERE id = NEW.session_id) THEN
        RAISE EXCEPTION 'place % is above the capacity of session %', NEW.place_number, NEW.session_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER place_within_capacity_insert BEFORE INSERT ON bookings_booking
    FOR EACH ROW WHEN (NEW.place_number IS NOT NULL) EXECUTE FUNCTION bookings_place_within_capacity();
CREATE TRIGGER place_within_capacity_update BEFORE UPDATE OF place_number, session_id ON bookings_booking
    FOR EACH ROW WHEN (
        NEW.place_number IS NOT NULL
        AND (NEW.place_number IS DISTINCT FROM OLD.place_number OR NEW.session_id IS DISTINCT FROM OLD.session_id)
    ) EXECUTE FUNCTION bookings_place_within_capacity();
"""
DROP = """
DROP TRIGGER place_within_capacity_update ON bookings_booking;
DROP TRIGGER place_within_capacity_insert ON bookings_booking;
DROP FUNCTION bookings_place_within_capacity();
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0002_who_ever_held_a_place"),
        ("courses", "0001_initial"),
    ]

    operations = [migrations.RunPython(create, drop, elidable=False)]
