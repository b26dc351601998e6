"""The inspectorate's framework: cycles, pillars, themes, questions, how questions follow one another, what grades mean."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grades.models.base import not_empty, one_of, slug_check, slug_validator
from grades.scales import TIERS, Graded, Level, Relation, Wording

CYCLE_SLUG_PATTERN = r"^\d{4}(-\d{2})?$"
"""A cycle's address is told by its form from the other pages of a force."""


class Cycle(models.Model):
    """One round of PEEL inspections. Its label is not a year: reports of 2018/19 came out in 2019 and 2020."""

    slug = models.SlugField(
        _("slug"), max_length=10, unique=True, help_text=_("For addresses, such as 2018-19.")
    )
    label = models.CharField(_("label"), max_length=10, unique=True, help_text=_("Such as 2018/19."))
    order = models.PositiveSmallIntegerField(_("order"), unique=True, help_text=_("Oldest first."))
    tiers = models.PositiveSmallIntegerField(
        _("tiers"), help_text=_("Grades on the scale: four, or five with adequate.")
    )
    band = models.CharField(
        _("continuity band"),
        max_length=1,
        help_text=_("One letter; grades are comparable only within one letter."),
    )
    inspectorate = models.CharField(
        _("inspectorate"), max_length=20, help_text=_("Its name at the time: HMIC or HMICFRS.")
    )
    questions_complete = models.BooleanField(
        _("all questions known"),
        default=True,
        help_text=_("Off while the list of questions is not fully known."),
    )
    published_text = models.CharField(
        _("published"), max_length=200, blank=True, help_text=_("When, in words.")
    )
    about = models.TextField(_("about"), blank=True, help_text=_("What this cycle was, in our own words."))
    break_reason = models.CharField(
        _("why not comparable before"),
        max_length=240,
        blank=True,
        help_text=_("In our own words, when a new band starts with this cycle; empty otherwise."),
    )
    break_address = models.URLField(
        _("where the inspectorate says so"), max_length=500, blank=True, help_text=_("Link.")
    )
    break_presumed = models.BooleanField(
        _("break presumed"),
        default=False,
        help_text=_("On while no statement of the inspectorate has been found."),
    )

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        constraints = [
            models.CheckConstraint(
                name="cycle_slug_format",
                condition=Q(slug__regex=CYCLE_SLUG_PATTERN),
                violation_error_message=_("Use a year, or two with a hyphen, such as 2017 or 2018-19."),
            ),
            not_empty(model="cycle", field="label"),
            not_empty(model="cycle", field="inspectorate"),
            models.CheckConstraint(
                name="cycle_tiers_known",
                condition=Q(tiers__in=list(TIERS)),
                violation_error_message=_("A scale has four or five grades."),
            ),
            models.CheckConstraint(
                name="cycle_band_letter",
                condition=Q(band__regex=r"^[A-Z]$"),
                violation_error_message=_("A continuity band is one capital letter."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Give the address of the cycle's page."""
        return reverse("cycle-detail", args=[self.slug])


class Pillar(models.Model):
    """Effectiveness, efficiency or legitimacy; leadership was inspected beside them and never graded."""

    slug = models.SlugField(
        _("slug"), max_length=20, unique=True, validators=[slug_validator], help_text=_("For addresses.")
    )
    title = models.CharField(_("title"), max_length=40, help_text=_("As a reader should see it."))
    order = models.PositiveSmallIntegerField(_("order"), unique=True, help_text=_("First to last."))
    about = models.TextField(_("about"), blank=True, help_text=_("What it looks at, in our own words."))

    class Meta:
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        constraints = [slug_check(model="pillar"), not_empty(model="pillar", field="title")]

    def __str__(self) -> str:
        return self.title


class Theme(models.Model):
    """A subject that runs through the cycles and joins their questions. The mapping is this project's own."""

    slug = models.SlugField(
        _("slug"), max_length=40, unique=True, validators=[slug_validator], help_text=_("For addresses.")
    )
    title = models.CharField(_("title"), max_length=80, help_text=_("As a reader should see it."))
    order = models.PositiveSmallIntegerField(_("order"), unique=True, help_text=_("First to last."))
    summary = models.CharField(
        _("summary"), max_length=240, blank=True, help_text=_("One sentence of our own.")
    )

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints = [slug_check(model="theme"), not_empty(model="theme", field="title")]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question of one cycle. Number 0 is the pillar's own judgment, which is stored as given and never computed."""

    PILLAR_NUMBER = "0"

    cycle = models.ForeignKey(
        Cycle,
        verbose_name=_("cycle"),
        related_name="questions",
        on_delete=models.PROTECT,
        help_text=_("Which cycle."),
    )
    pillar = models.ForeignKey(
        Pillar,
        verbose_name=_("pillar"),
        related_name="questions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("None from 2021/22 on."),
    )
    number = models.CharField(
        _("number"), max_length=5, help_text=_("0 for the pillar's own judgment, soc for regional.")
    )
    title = models.CharField(_("title"), max_length=300, help_text=_("The official title."))
    short_title = models.CharField(_("short title"), max_length=120, help_text=_("For tables."))
    order = models.PositiveSmallIntegerField(_("order"), help_text=_("Within its cycle."))
    graded = models.CharField(
        _("graded"), max_length=10, choices=Graded, help_text=_("Whether it carries a grade.")
    )
    applies_to = models.CharField(_("applies to"), max_length=120, blank=True, help_text=_("Which forces."))
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        related_name="questions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Its main theme; none for a pillar's own judgment."),
    )
    also_covers: models.ManyToManyField[Theme, Any] = models.ManyToManyField(
        Theme,
        verbose_name=_("also covers"),
        related_name="side_questions",
        blank=True,
        help_text=_("Themes it touches; its grade is shown and counted in the main one only."),
    )
    wording = models.CharField(
        _("wording"), max_length=15, choices=Wording, help_text=_("How sure the title is.")
    )
    address = models.URLField(
        _("address"), max_length=500, blank=True, help_text=_("Where the question is published.")
    )
    address_2 = models.URLField(
        _("second address"), max_length=500, blank=True, help_text=_("Another such page.")
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            not_empty(model="question", field="title"),
            not_empty(model="question", field="short_title"),
            one_of(model="question", field="graded", choices=Graded),
            one_of(model="question", field="wording", choices=Wording),
            models.UniqueConstraint(
                fields=["cycle", "pillar", "number"],
                nulls_distinct=False,
                name="question_once_a_cycle",
                violation_error_message=_("This cycle already has a question of this pillar and number."),
            ),
            models.CheckConstraint(
                name="question_pillar_judgment_has_no_theme",
                condition=Q(number="0", pillar__isnull=False, theme__isnull=True)
                | ~Q(number="0") & Q(theme__isnull=False),
                violation_error_message=_(
                    "A pillar's own judgment (0) has a pillar and no theme; any other question has a theme."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}: {self.name_in_cycle}"

    def clean(self) -> None:
        """Explain what the database's triggers would refuse about what hangs on the question."""
        if not (self.pk and self.cycle_id):
            return
        if self.grades.exclude(inspection__cycle=self.cycle_id).exists():
            raise ValidationError({"cycle": _("Grades are recorded for this question in another cycle.")})
        if self.findings.exclude(inspection=None).exclude(inspection__cycle=self.cycle_id).exists():
            raise ValidationError({"cycle": _("Findings are recorded for this question in another cycle.")})
        links = self.links_onward.filter(to_question__cycle__order__lte=self.cycle.order)
        if (
            links.exists()
            or self.links_back.filter(from_question__cycle__order__gte=self.cycle.order).exists()
        ):
            raise ValidationError({"cycle": _("A link to another question would run backwards.")})
        if self.graded == Graded.UNGRADED and self.grades.exclude(level="").exists():
            raise ValidationError({"graded": _("Grades are recorded for this question.")})

    @property
    def name_in_cycle(self) -> str:
        """Give its pillar, number and short title: Effectiveness 1, Preventing crime."""
        return f"{self.place}, {self.short_title}"

    @property
    def place(self) -> str:
        """Give its pillar, where it has one, and its number: what tells it from the others of its cycle."""
        return f"{self.pillar} {self.number}" if self.pillar else self.number

    @property
    def shown_title(self) -> str:
        """Give the title a reader sees: the short one while the wording is not confirmed."""
        return self.short_title if self.wording == Wording.UNCONFIRMED else self.title


class QuestionLink(models.Model):
    """How a question follows one of the cycle before. Proposed by this project; only `same` allows a word of change."""

    from_question = models.ForeignKey(
        Question,
        verbose_name=_("from"),
        related_name="links_onward",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("None for a new question."),
    )
    to_question = models.ForeignKey(
        Question,
        verbose_name=_("to"),
        related_name="links_back",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("None for a dropped question."),
    )
    relation = models.CharField(
        _("relation"), max_length=10, choices=Relation, help_text=_("How the two relate.")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True, help_text=_("In our own words."))

    class Meta:
        verbose_name = _("link between questions")
        verbose_name_plural = _("links between questions")
        constraints = [
            one_of(model="question_link", field="relation", choices=Relation),
            models.UniqueConstraint(
                fields=["from_question", "to_question"],
                nulls_distinct=False,
                name="question_link_once",
                violation_error_message=_("These two questions are already linked."),
            ),
            models.CheckConstraint(
                name="question_link_ends_fit_relation",
                condition=(
                    Q(relation=Relation.NEW, from_question__isnull=True, to_question__isnull=False)
                    | Q(relation=Relation.DROPPED, from_question__isnull=False, to_question__isnull=True)
                    | ~Q(relation__in=[Relation.NEW, Relation.DROPPED])
                    & Q(from_question__isnull=False, to_question__isnull=False)
                ),
                violation_error_message=_(
                    "A new question has no earlier one, a dropped one no later one, others have both."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_question or '–'} → {self.to_question or '–'}: {self.get_relation_display()}"

    def clean(self) -> None:
        """Explain what the database's trigger would refuse."""
        ends = self.from_question, self.to_question
        if ends[0] is not None and ends[1] is not None and ends[0].cycle.order >= ends[1].cycle.order:
            raise ValidationError({"from_question": _("A question follows one of an earlier cycle.")})


class GradeDefinition(models.Model):
    """What a grade means in a cycle, in our own words, with a link to the inspectorate's."""

    cycle = models.ForeignKey(
        Cycle,
        verbose_name=_("cycle"),
        related_name="definitions",
        on_delete=models.PROTECT,
        help_text=_("Which cycle."),
    )
    level = models.CharField(_("grade"), max_length=20, choices=Level, help_text=_("Which grade."))
    definition = models.TextField(_("definition"), help_text=_("In our own words."))
    address = models.CharField(
        _("address"),
        max_length=500,
        blank=True,
        validators=[URLValidator()],
        help_text=_("The inspectorate's own definition."),
    )

    class Meta:
        verbose_name = _("meaning of a grade")
        verbose_name_plural = _("meanings of grades")
        constraints = [
            one_of(model="grade_definition", field="level", choices=Level),
            not_empty(model="grade_definition", field="definition"),
            models.UniqueConstraint(
                fields=["cycle", "level"],
                name="grade_definition_once",
                violation_error_message=_("This cycle already has a meaning for this grade."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}: {self.get_level_display()}"

    def clean(self) -> None:
        """Refuse a grade that the cycle's scale lacks."""
        if self.cycle_id and self.level and self.level not in TIERS[self.cycle.tiers]:
            raise ValidationError({"level": _("This cycle's scale has no such grade.")})
