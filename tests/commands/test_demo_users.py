"""Demonstration users: made once, never in production, with passwords that no two installations share."""

import json
import re
import stat

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from grades.models import Office
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings, tmp_path, capsys):
    """Run the command in an installation of its own, and give what it says."""
    settings.DATA_DIR = tmp_path / "data"
    settings.PRODUCTION = False
    for slug in ("warwickshire", "west-mercia"):
        body = factories.policing_body(name=f"{slug.title()} Commissioner")
        factories.tenure(force=factories.force(slug=slug), body=body)

    def run() -> str:
        call_command("demo_users")
        return capsys.readouterr().out

    return run


def test_two_offices_and_five_people_who_can_sign_in(demonstration, settings):
    said = demonstration()

    told = dict(re.findall(r"^  (\S+) +(\S+)", said, re.MULTILINE))
    assert sorted(told) == [
        "national-editor",
        "warwickshire-editor",
        "warwickshire-publisher",
        "west-mercia-editor",
        "west-mercia-publisher",
    ]
    for name, password in told.items():
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert user.is_staff
        assert not user.is_superuser
    assert len(set(told.values())) == 5
    assert Office.objects.count() == 2
    assert f"/{settings.ADMIN_PATH}account/login/" in said
    file = settings.DATA_DIR / "demonstration-users.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text()) == told


def test_second_run_changes_nothing_and_says_the_same(demonstration):
    assert demonstration() == demonstration()
    assert User.objects.count() == 5


def test_password_that_somebody_chose_stays_and_is_not_told(demonstration):
    demonstration()
    editor = User.objects.get(username="warwickshire-editor")
    editor.set_password("chosen by somebody")
    editor.save()

    assert "(the password that was chosen)" in demonstration()
    editor.refresh_from_db()
    assert editor.check_password("chosen by somebody")


def test_new_database_gets_the_same_passwords(demonstration):
    before = demonstration()
    for user in User.objects.all():
        user.memberships.all().delete()
        user.delete()

    assert demonstration() == before


def test_production_is_refused(demonstration, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="not for production"):
        demonstration()
    assert not User.objects.exists()


def test_record_without_the_forces_is_refused_in_words(settings, tmp_path):
    settings.DATA_DIR, settings.PRODUCTION = tmp_path, False

    with pytest.raises(CommandError, match=r"`manage\.py seed` first"):
        call_command("demo_users")
