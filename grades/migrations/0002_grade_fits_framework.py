"""Let the database itself refuse a grade, a citation, a meaning or a link that its cycle's framework cannot hold.

A check constraint sees one row of one table; these rules compare a grade with its question, report, inspection and cycle.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION grade_fits_framework() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cycle grades_cycle%ROWTYPE;
    question grades_question%ROWTYPE;
    origin integer;
BEGIN
    SELECT c.* INTO cycle FROM grades_cycle c JOIN grades_inspection i ON i.cycle_id = c.id WHERE i.id = NEW.inspection_id;
    SELECT q.* INTO question FROM grades_question q WHERE q.id = NEW.question_id;
    IF question.cycle_id <> cycle.id THEN
        RAISE check_violation USING CONSTRAINT = 'grade_question_of_its_cycle',
            MESSAGE = 'This question belongs to another cycle (grade_question_of_its_cycle).';
    END IF;
    IF cycle.tiers = 4 AND 'adequate' IN (NEW.level, NEW.amended_from) THEN
        RAISE check_violation USING CONSTRAINT = 'grade_level_on_its_scale',
            MESSAGE = 'The four-tier scale has no adequate (grade_level_on_its_scale).';
    END IF;
    IF NEW.level <> '' AND question.graded = 'ungraded' THEN
        RAISE check_violation USING CONSTRAINT = 'grade_question_is_graded',
            MESSAGE = 'This question is not graded for any force (grade_question_is_graded).';
    END IF;
    IF NEW.report_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM grades_report r WHERE r.id = NEW.report_id AND r.inspection_id = NEW.inspection_id) THEN
        RAISE check_violation USING CONSTRAINT = 'grade_report_of_its_inspection',
            MESSAGE = 'This report belongs to another inspection (grade_report_of_its_inspection).';
    END IF;
    IF NEW.carried_from_id IS NOT NULL THEN
        SELECT c."order" INTO origin FROM grades_cycle c WHERE c.id = NEW.carried_from_id;
        IF origin >= cycle."order" THEN
            RAISE check_violation USING CONSTRAINT = 'grade_carried_from_earlier',
                MESSAGE = 'A grade is carried forward from an earlier cycle (grade_carried_from_earlier).';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grade_fits_framework BEFORE INSERT OR UPDATE ON grades_grade
    FOR EACH ROW EXECUTE FUNCTION grade_fits_framework();

CREATE FUNCTION citation_fits_framework() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cycle grades_cycle%ROWTYPE;
    origin integer;
BEGIN
    SELECT c.* INTO cycle
    FROM grades_grade g
    JOIN grades_inspection i ON i.id = g.inspection_id
    JOIN grades_cycle c ON c.id = i.cycle_id
    WHERE g.id = NEW.grade_id;
    IF cycle.tiers = 4 AND NEW.level = 'adequate' THEN
        RAISE check_violation USING CONSTRAINT = 'citation_level_on_its_scale',
            MESSAGE = 'The four-tier scale has no adequate (citation_level_on_its_scale).';
    END IF;
    IF NEW.carried_from_id IS NOT NULL THEN
        SELECT c."order" INTO origin FROM grades_cycle c WHERE c.id = NEW.carried_from_id;
        IF origin >= cycle."order" THEN
            RAISE check_violation USING CONSTRAINT = 'citation_carried_from_earlier',
                MESSAGE = 'A grade is carried forward from an earlier cycle (citation_carried_from_earlier).';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER citation_fits_framework BEFORE INSERT OR UPDATE ON grades_citation
    FOR EACH ROW EXECUTE FUNCTION citation_fits_framework();

CREATE FUNCTION grade_definition_fits_scale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level = 'adequate' AND EXISTS (SELECT 1 FROM grades_cycle c WHERE c.id = NEW.cycle_id AND c.tiers = 4) THEN
        RAISE check_violation USING CONSTRAINT = 'grade_definition_level_on_its_scale',
            MESSAGE = 'The four-tier scale has no adequate (grade_definition_level_on_its_scale).';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grade_definition_fits_scale BEFORE INSERT OR UPDATE ON grades_gradedefinition
    FOR EACH ROW EXECUTE FUNCTION grade_definition_fits_scale();

CREATE FUNCTION question_link_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM grades_question f
        JOIN grades_cycle fc ON fc.id = f.cycle_id
        JOIN grades_question t ON t.id = NEW.to_question_id
        JOIN grades_cycle tc ON tc.id = t.cycle_id
        WHERE f.id = NEW.from_question_id AND fc."order" >= tc."order"
    ) THEN
        RAISE check_violation USING CONSTRAINT = 'question_link_goes_forward',
            MESSAGE = 'A question follows one of an earlier cycle (question_link_goes_forward).';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER question_link_goes_forward BEFORE INSERT OR UPDATE ON grades_questionlink
    FOR EACH ROW EXECUTE FUNCTION question_link_goes_forward();
"""

DROP = """
DROP TRIGGER question_link_goes_forward ON grades_questionlink;
DROP FUNCTION question_link_goes_forward();
DROP TRIGGER grade_definition_fits_scale ON grades_gradedefinition;
DROP FUNCTION grade_definition_fits_scale();
DROP TRIGGER citation_fits_framework ON grades_citation;
DROP FUNCTION citation_fits_framework();
DROP TRIGGER grade_fits_framework ON grades_grade;
DROP FUNCTION grade_fits_framework();
"""


class Migration(migrations.Migration):
    dependencies = [("grades", "0001_the_record")]

    operations = [migrations.RunSQL(sql=CREATE, reverse_sql=DROP)]
