"""What rows of columns are made of: JSON objects by name, and English texts that are looked up once."""

import pytest
from django.utils.translation import gettext, trans_real

from grades.models import Force
from grades.queries.jsonb import JSONFacts
from tests import factories


@pytest.mark.django_db
def test_columns_become_one_object_by_name() -> None:
    factories.force(slug="kent", short_name="It’s “Kent” 100%")

    found = Force.objects.values_list(JSONFacts(place="slug", called="short_name", ended="valid_to"))

    assert list(found) == [({"place": "kent", "called": "It’s “Kent” 100%", "ended": None},)]


def test_english_is_looked_up_in_one_catalogue_and_texts_without_a_translation_stand() -> None:
    assert trans_real.translation("en-gb")._fallback is None  # type: ignore[attr-defined]
    assert gettext("No catalogue has this text: 100%") == "No catalogue has this text: 100%"
