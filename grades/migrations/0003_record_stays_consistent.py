"""Let the database refuse findings and mentions of another force, and changes that recorded grades would contradict.

The triggers of 0002 look at a grade when the grade is written; these look when what it hangs on is changed, even where a
statement changes nothing: a record may have been taken out and put back in another form before.
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
        LEFT JOIN grades_citation s ON s.grade_id = g.id
        LEFT JOIN grades_cycle so ON so.id = s.carried_from_id
        WHERE CASE TG_TABLE_NAME
                  WHEN 'grades_grade' THEN g.id = NEW.id
                  WHEN 'grades_inspection' THEN i.id = NEW.id
                  WHEN 'grades_question' THEN q.id = NEW.id
                  WHEN 'grades_report' THEN r.id = NEW.id
                  ELSE NEW.id IN (c.id, o.id, so.id)
              END
          AND (q.cycle_id <> c.id
               OR c.tiers = 4 AND 'adequate' IN (g.level, g.amended_from, s.level)
               OR g.level <> '' AND q.graded = 'ungraded'
               OR r.inspection_id <> i.id
               OR o."order" >= c."order"
               OR so."order" >= c."order")
    ) THEN
        RAISE check_violation USING CONSTRAINT = 'grade_still_fits',
            MESSAGE = 'Grades are recorded that this change would contradict (grade_still_fits).';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grade_still_fits AFTER UPDATE OF inspection_id ON grades_grade
    FOR EACH ROW EXECUTE FUNCTION grade_still_fits();
CREATE TRIGGER grade_still_fits AFTER UPDATE OF cycle_id ON grades_inspection
    FOR EACH ROW EXECUTE FUNCTION grade_still_fits();
CREATE TRIGGER grade_still_fits AFTER UPDATE OF cycle_id, graded ON grades_question
    FOR EACH ROW EXECUTE FUNCTION grade_still_fits();
CREATE TRIGGER grade_still_fits AFTER UPDATE OF inspection_id ON grades_report
    FOR EACH ROW EXECUTE FUNCTION grade_still_fits();
CREATE TRIGGER grade_still_fits AFTER UPDATE OF tiers, "order" ON grades_cycle
    FOR EACH ROW EXECUTE FUNCTION grade_still_fits();

CREATE FUNCTION framework_still_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_question boolean := TG_TABLE_NAME = 'grades_question';
BEGIN
    IF EXISTS (
        SELECT 1
        FROM grades_questionlink l
        JOIN grades_question f ON f.id = l.from_question_id
        JOIN grades_cycle fc ON fc.id = f.cycle_id
        JOIN grades_question t ON t.id = l.to_question_id
        JOIN grades_cycle tc ON tc.id = t.cycle_id
        WHERE CASE WHEN of_question THEN NEW.id IN (f.id, t.id) ELSE NEW.id IN (fc.id, tc.id) END
          AND fc."order" >= tc."order"
    ) THEN
        RAISE check_violation USING CONSTRAINT = 'question_link_still_goes_forward',
            MESSAGE = 'Links are recorded that this change would turn round (question_link_still_goes_forward).';
    END IF;
    IF of_question AND EXISTS (
        SELECT 1
        FROM grades_finding f
        JOIN grades_inspection i ON i.id = f.inspection_id
        JOIN grades_question q ON q.id = f.question_id
        WHERE q.id = NEW.id AND q.cycle_id <> i.cycle_id
    ) THEN
        RAISE check_violation USING CONSTRAINT = 'question_keeps_its_findings',
            MESSAGE = 'Findings are recorded that this change would contradict (question_keeps_its_findings).';
    END IF;
    IF NOT of_question AND EXISTS (
        SELECT 1
        FROM grades_gradedefinition d
        JOIN grades_cycle c ON c.id = d.cycle_id
        WHERE c.id = NEW.id AND c.tiers = 4 AND d.level = 'adequate'
    ) THEN
        RAISE check_violation USING CONSTRAINT = 'cycle_keeps_its_definitions',
            MESSAGE = 'A meaning of adequate is recorded, which four tiers lack (cycle_keeps_its_definitions).';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER framework_still_fits AFTER UPDATE OF cycle_id ON grades_question
    FOR EACH ROW EXECUTE FUNCTION framework_still_fits();
CREATE TRIGGER framework_still_fits AFTER UPDATE OF tiers, "order" ON grades_cycle
    FOR EACH ROW EXECUTE FUNCTION framework_still_fits();

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

CREATE FUNCTION finding_keeps_its_followers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM grades_finding f
        JOIN grades_finding other ON other.id = NEW.id AND other.id IN (f.parent_id, f.continues_id)
        WHERE f.force_id <> other.force_id OR f.parent_id = other.id AND other.kind <> 'cause-of-concern'
    ) THEN
        RAISE check_violation USING CONSTRAINT = 'finding_keeps_its_followers',
            MESSAGE = 'Findings that answer or continue this one would contradict the change (finding_keeps_its_followers).';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER finding_keeps_its_followers AFTER UPDATE OF kind, force_id ON grades_finding
    FOR EACH ROW EXECUTE FUNCTION finding_keeps_its_followers();

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
    FOR EACH ROW EXECUTE FUNCTION inspection_keeps_its_force();
"""

DROP = """
DROP TRIGGER inspection_keeps_its_findings ON grades_inspection;
DROP FUNCTION inspection_keeps_its_force();
DROP TRIGGER mention_fits_inspection ON grades_mention;
DROP FUNCTION mention_fits_inspection();
DROP TRIGGER finding_keeps_its_followers ON grades_finding;
DROP FUNCTION finding_keeps_its_followers();
DROP TRIGGER finding_fits_inspection ON grades_finding;
DROP FUNCTION finding_fits_inspection();
DROP TRIGGER framework_still_fits ON grades_cycle;
DROP TRIGGER framework_still_fits ON grades_question;
DROP FUNCTION framework_still_fits();
DROP TRIGGER grade_still_fits ON grades_cycle;
DROP TRIGGER grade_still_fits ON grades_report;
DROP TRIGGER grade_still_fits ON grades_question;
DROP TRIGGER grade_still_fits ON grades_inspection;
DROP TRIGGER grade_still_fits ON grades_grade;
DROP FUNCTION grade_still_fits();
"""


class Migration(migrations.Migration):
    dependencies = [("grades", "0002_grade_fits_framework")]

    operations = [migrations.RunSQL(sql=CREATE, reverse_sql=DROP)]
