"""Let the database refuse findings and mentions of another force, and changes that recorded grades would contradict.

The trigger of 0002 looks at a grade when the grade is written; these look when what it hangs on is changed.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION grade_still_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM grades_grade g
        JOIN grades_inspection i ON i.id = g.inspection_id
        JOIN grades_cycle c ON c.id = i.cycle_id
        JOIN grades_question q ON q.id = g.question_id
        LEFT JOIN grades_report r ON r.id = g.report_id
        LEFT JOIN grades_cycle o ON o.id = g.carried_from_id
        WHERE CASE TG_TABLE_NAME
                  WHEN 'grades_inspection' THEN i.id = NEW.id
                  WHEN 'grades_question' THEN q.id = NEW.id
                  WHEN 'grades_report' THEN r.id = NEW.id
                  ELSE c.id = NEW.id OR o.id = NEW.id
              END
          AND (q.cycle_id <> c.id
               OR c.tiers = 4 AND 'adequate' IN (g.level, g.amended_from)
               OR g.level <> '' AND q.graded = 'ungraded'
               OR r.inspection_id <> i.id
               OR o."order" >= c."order")
    ) THEN
        RAISE check_violation USING CONSTRAINT = 'grade_still_fits',
            MESSAGE = 'Grades are recorded that this change would contradict (grade_still_fits).';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grade_still_fits AFTER UPDATE OF cycle_id ON grades_inspection
    FOR EACH ROW WHEN (OLD.cycle_id <> NEW.cycle_id) EXECUTE FUNCTION grade_still_fits();
CREATE TRIGGER grade_still_fits AFTER UPDATE OF cycle_id, graded ON grades_question
    FOR EACH ROW WHEN (OLD.cycle_id <> NEW.cycle_id OR OLD.graded <> NEW.graded) EXECUTE FUNCTION grade_still_fits();
CREATE TRIGGER grade_still_fits AFTER UPDATE OF inspection_id ON grades_report
    FOR EACH ROW WHEN (OLD.inspection_id <> NEW.inspection_id) EXECUTE FUNCTION grade_still_fits();
CREATE TRIGGER grade_still_fits AFTER UPDATE OF tiers, "order" ON grades_cycle
    FOR EACH ROW WHEN (OLD.tiers <> NEW.tiers OR OLD."order" <> NEW."order") EXECUTE FUNCTION grade_still_fits();

CREATE FUNCTION finding_fits_inspection() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    inspection grades_inspection%ROWTYPE;
BEGIN
    IF NEW.inspection_id IS NOT NULL THEN
        SELECT i.* INTO inspection FROM grades_inspection i WHERE i.id = NEW.inspection_id;
        IF inspection.force_id <> NEW.force_id THEN
            RAISE check_violation USING CONSTRAINT = 'finding_inspection_of_its_force',
                MESSAGE = 'This inspection is of another force (finding_inspection_of_its_force).';
        END IF;
        IF EXISTS (SELECT 1 FROM grades_question q WHERE q.id = NEW.question_id AND q.cycle_id <> inspection.cycle_id) THEN
            RAISE check_violation USING CONSTRAINT = 'finding_question_of_its_cycle',
                MESSAGE = 'This question belongs to another cycle (finding_question_of_its_cycle).';
        END IF;
    END IF;
    IF EXISTS (SELECT 1 FROM grades_finding f WHERE f.id = NEW.parent_id AND f.kind <> 'cause-of-concern') THEN
        RAISE check_violation USING CONSTRAINT = 'finding_parent_is_a_cause',
            MESSAGE = 'This is not a cause of concern (finding_parent_is_a_cause).';
    END IF;
    IF EXISTS (SELECT 1 FROM grades_finding f WHERE f.id IN (NEW.parent_id, NEW.continues_id) AND f.force_id <> NEW.force_id)
    THEN
        RAISE check_violation USING CONSTRAINT = 'finding_others_of_its_force',
            MESSAGE = 'This finding is about another force (finding_others_of_its_force).';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finding_fits_inspection BEFORE INSERT OR UPDATE ON grades_finding
    FOR EACH ROW EXECUTE FUNCTION finding_fits_inspection();

CREATE FUNCTION mention_fits_inspection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM grades_inspection i WHERE i.id = NEW.inspection_id AND i.force_id <> NEW.force_id) THEN
        RAISE check_violation USING CONSTRAINT = 'mention_inspection_of_its_force',
            MESSAGE = 'This inspection is of another force (mention_inspection_of_its_force).';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mention_fits_inspection BEFORE INSERT OR UPDATE ON grades_mention
    FOR EACH ROW EXECUTE FUNCTION mention_fits_inspection();

CREATE FUNCTION inspection_keeps_its_force() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM grades_finding f
               LEFT JOIN grades_question q ON q.id = f.question_id
               WHERE f.inspection_id = NEW.id AND (f.force_id <> NEW.force_id OR q.cycle_id <> NEW.cycle_id))
       OR EXISTS (SELECT 1 FROM grades_mention m WHERE m.inspection_id = NEW.id AND m.force_id <> NEW.force_id) THEN
        RAISE check_violation USING CONSTRAINT = 'inspection_keeps_its_findings',
            MESSAGE = 'Findings or mentions are recorded that this change would contradict (inspection_keeps_its_findings).';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER inspection_keeps_its_findings AFTER UPDATE OF force_id, cycle_id ON grades_inspection
    FOR EACH ROW WHEN (OLD.force_id <> NEW.force_id OR OLD.cycle_id <> NEW.cycle_id)
    EXECUTE FUNCTION inspection_keeps_its_force();
"""

DROP = """
DROP TRIGGER inspection_keeps_its_findings ON grades_inspection;
DROP FUNCTION inspection_keeps_its_force();
DROP TRIGGER mention_fits_inspection ON grades_mention;
DROP FUNCTION mention_fits_inspection();
DROP TRIGGER finding_fits_inspection ON grades_finding;
DROP FUNCTION finding_fits_inspection();
DROP TRIGGER grade_still_fits ON grades_cycle;
DROP TRIGGER grade_still_fits ON grades_report;
DROP TRIGGER grade_still_fits ON grades_question;
DROP TRIGGER grade_still_fits ON grades_inspection;
DROP FUNCTION grade_still_fits();
"""


class Migration(migrations.Migration):
    dependencies = [("grades", "0002_grade_fits_framework")]

    operations = [migrations.RunSQL(sql=CREATE, reverse_sql=DROP)]
