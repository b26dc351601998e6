"""What holds for every model, present and future: walks all of them and names the exceptions."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.utils.functional import Promise

from grades.admin import base
from grades.admin.base import ReadOnlyAdmin
from grades.models import DataVersion
from tests import factories

HISTORIES = [m for m in apps.get_app_config("grades").get_models() if hasattr(m, "pgh_tracked_model")]
MODELS = [
    m
    for m in apps.get_app_config("grades").get_models()
    # The version of the record is one moment, kept by triggers: nobody makes, edits or lists it.
    if m not in (*HISTORIES, DataVersion) and not m._meta.proxy
]
UNTRACKED = {
    "grades.ChangeLogEntry": "append-only itself",
    "grades.Count": "written once with its line",
    "grades.CountLine": "never changed: a later import puts another in its place",
    "grades.ImportJob": "what became of it stands in its own columns",
    "grades.ImportRun": "machines write it once",
    "grades.PinnedBlock": "written once, when it is pinned",
    "grades.ReplacedFigure": "what an import remembers for undoing itself",
    "grades.SeedRow": "what a machine remembers for itself",
    "grades.Upload": "its jobs and its import tell what became of it",
}
"""The models without a history of their rows, each with the reason."""
MODEL_TESTS = Path(__file__).resolve().parent.parent / "models"

CASCADES = {
    "grades.ForceName.force": "a spelling means nothing without its force",
}
"""The foreign keys that may take their record along, each with the reason."""

TRIGGERS = {
    "citation_carried_from_earlier",
    "citation_level_on_its_scale",
    "cycle_keeps_its_definitions",
    "finding_inspection_of_its_force",
    "finding_keeps_its_followers",
    "finding_others_of_its_force",
    "finding_parent_is_a_cause",
    "finding_question_of_its_cycle",
    "grade_carried_from_earlier",
    "grade_definition_level_on_its_scale",
    "grade_level_on_its_scale",
    "grade_question_is_graded",
    "grade_question_of_its_cycle",
    "grade_report_of_its_inspection",
    "grade_still_fits",
    "inspection_keeps_its_findings",
    "log_unbroken",
    "mention_inspection_of_its_force",
    "question_keeps_its_findings",
    "question_link_goes_forward",
    "question_link_still_goes_forward",
}
"""The names under which the triggers of the migrations refuse."""

SMALL_TABLES = {"grades.Cycle", "grades.Pillar", "grades.Theme", "grades.Office"}
"""The tables short enough for a plain list of choices: some twenty rows; offices are narrowed to those of the inviter."""


def constraints() -> list[tuple[type[models.Model], models.BaseConstraint]]:
    """Give every constraint of every model."""
    return [(model, constraint) for model in MODELS for constraint in model._meta.constraints]


def foreign_keys() -> list[models.ForeignKey]:
    """Give every foreign key of every model."""
    return [
        field
        for model in MODELS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
    ]


def own_fields(model: type[models.Model]) -> list[models.Field]:
    """Give the fields that an editor may see."""
    return [field for field in [*model._meta.fields, *model._meta.many_to_many] if not field.auto_created]


@pytest.mark.parametrize("field", foreign_keys(), ids=str)
def test_foreign_key_protects_what_it_names(field: models.ForeignKey) -> None:
    allowed = models.CASCADE if str(field) in CASCADES else models.PROTECT

    assert field.remote_field.on_delete is allowed


def test_every_cascade_on_the_list_still_exists() -> None:
    assert set(CASCADES) <= {str(field) for field in foreign_keys()}


def test_every_model_has_a_history_or_a_reason_not_to() -> None:
    tracked = {history.pgh_tracked_model for history in HISTORIES}

    assert {model._meta.label for model in MODELS if model not in tracked} == set(UNTRACKED)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_model_says_what_one_row_means(model: type[models.Model]) -> None:
    generated = f"{model.__name__}({', '.join(field.name for field in model._meta.fields)})"

    assert model.__doc__ != generated
    assert (model.__doc__ or "").strip().split("\n")[0].endswith(".")


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_model_is_named_in_words_that_can_be_translated(model: type[models.Model]) -> None:
    assert isinstance(model._meta.verbose_name, Promise)
    assert isinstance(model._meta.verbose_name_plural, Promise)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_model_has_no_order_of_its_own(model: type[models.Model]) -> None:
    assert not model._meta.ordering


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_every_field_is_named_and_explained(model: type[models.Model]) -> None:
    unexplained = [
        str(field)
        for field in own_fields(model)
        if not (isinstance(field.help_text, Promise) and isinstance(field.verbose_name, Promise))
    ]

    assert unexplained == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_name_of_a_record_tells_it_from_another(model: type[models.Model]) -> None:
    make = factories.MAKERS[model._meta.model_name]
    one, another = make(), make()

    names = {str(one), str(another)}

    assert len(names) == 2
    for name in names:
        assert "object (" not in name
        assert "None" not in name


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_maker_makes_what_validation_accepts(model: type[models.Model]) -> None:
    record = factories.MAKERS[model._meta.model_name]()

    record.full_clean()

    assert type(record) is model


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_model_is_in_the_admin(model: type[models.Model]) -> None:
    assert admin.site.is_registered(model)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_list_of_the_admin_has_an_order_that_never_wavers(model: type[models.Model]) -> None:
    """Pages of a list overlap unless the order ends in something unique."""
    ordering = [name.lstrip("-") for name in admin.site._registry[model].ordering]

    unique = {field.name for field in model._meta.fields if field.unique} | {"pk"}
    together = [
        set(rule.fields) for rule in model._meta.constraints if isinstance(rule, models.UniqueConstraint)
    ]
    assert unique & set(ordering) or any(fields <= set(ordering) for fields in together)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_choices_from_a_big_table_are_looked_up_while_typing(model: type[models.Model]) -> None:
    model_admin = admin.site._registry[model]
    small = {apps.get_model(label) for label in SMALL_TABLES}
    offered = set(model_admin.fields or [f.name for f in own_fields(model)]) - set(
        model_admin.readonly_fields
    )
    relations = [
        f for f in own_fields(model) if f.is_relation and f.related_model not in small and f.name in offered
    ]

    chosen = [f.name for f in relations if f.name not in model_admin.readonly_fields]
    missing = [name for name in chosen if name not in model_admin.autocomplete_fields]

    assert missing == [] or isinstance(model_admin, ReadOnlyAdmin)


@pytest.mark.parametrize(("model", "constraint"), constraints(), ids=lambda value: getattr(value, "name", ""))
def test_constraint_has_a_test_that_names_it(
    model: type[models.Model], constraint: models.BaseConstraint
) -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in sorted(MODEL_TESTS.glob("test_*.py")))

    assert f'"{constraint.name}"' in tests


@pytest.mark.parametrize("name", sorted(TRIGGERS))
def test_trigger_has_a_test_that_names_it(name: str) -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in sorted(MODEL_TESTS.glob("test_*.py")))

    assert f'"{name}"' in tests


def test_no_trigger_is_left_out() -> None:
    migrations = Path(apps.get_app_config("grades").path) / "migrations"

    named = {
        name
        for path in migrations.glob("0*.py")
        for name in re.findall(r"CONSTRAINT = '(\w+)'", path.read_text(encoding="utf-8"))
    }

    assert named == TRIGGERS


def test_every_trigger_has_the_editors_sentence() -> None:
    assert set(base.TRIGGERS) == TRIGGERS


@pytest.mark.parametrize(
    ("model", "constraint"),
    [(model, rule) for model, rule in constraints() if isinstance(rule, models.CheckConstraint)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_check_explains_itself_to_an_editor(
    model: type[models.Model], constraint: models.CheckConstraint
) -> None:
    sentence = constraint.violation_error_message

    assert isinstance(sentence, Promise)
    assert str(sentence).endswith(".")


def test_names_of_constraints_begin_with_their_model() -> None:
    wrong = [
        constraint.name
        for model, constraint in constraints()
        if not constraint.name.replace("_", "").startswith(model._meta.model_name)
    ]

    assert wrong == []


@pytest.mark.django_db
def test_models_and_migrations_say_the_same() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
