"""Invitations: who may send them, what their links open, and how somebody's work for an office ends."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from grades import inviting
from grades.access import DeniedError
from grades.models import Invitation, Membership
from grades.scales import Role
from tests import factories
from tests.staff.people import PASSWORD, sign_in
from tests.staff.test_signing_in import ADMIN, link_in, said

pytestmark = pytest.mark.django_db

NEWCOMER = {
    "username": "carol",
    "first_name": "Carol",
    "last_name": "Jones",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


def invite(by: User, office=None, email: str = "carol@example.org", role: Role = Role.EDITOR) -> str:
    """Invite somebody, and give the path of the link that they get."""
    inviting.invite(email=email, office=office, role=role, by=by, now=timezone.now())
    return link_in(mail.outbox[-1])


@pytest.fixture
def office(person):
    """The office of which the person is a publisher."""
    return person.memberships.get().office


def test_newcomer_makes_an_account_and_signs_in(client, person, office):
    link = invite(person, office)

    form = client.get(link)
    made = client.post(link, NEWCOMER, follow=True)

    assert f"as kept by {office}" in said(form)
    assert "carol@example.org" in said(form)
    assert "Your account is made." in said(made)
    carol = User.objects.get(username="carol")
    assert (carol.email, carol.is_staff, carol.is_superuser, carol.get_full_name()) == (
        "carol@example.org",
        True,
        False,
        "Carol Jones",
    )
    membership = carol.memberships.get()
    assert (membership.office, membership.role) == (office, Role.EDITOR)
    assert EmailAddress.objects.get(user=carol).verified
    assert Invitation.objects.get().accepted_by == carol
    assert sign_in(client, "carol@example.org").url == ADMIN


def test_message_says_who_invites_where_and_until_when(person, office):
    invite(person, office)

    message = mail.outbox[0]
    assert message.to == ["carol@example.org"]
    assert "Anna invites you" in message.body
    assert f"Office: {office}" in message.body
    assert "Role: Editor" in message.body
    assert re.search(r"until \d+ \w+ 20\d\d", message.body)


def test_link_works_once(client, person, office):
    link = invite(person, office)
    client.post(link, NEWCOMER)

    for answer in (client.get(link), client.post(link, NEWCOMER | {"username": "carol2"})):
        assert answer.status_code == 410
        assert "used already" in said(answer)
    assert User.objects.filter(email="carol@example.org").count() == 1


@pytest.mark.parametrize("where", [5, -5])
def test_altered_link_is_none_of_ours(client, person, office, where):
    link = invite(person, office)
    token = link.split("/")[-2]
    altered = (
        token[:where] + ("A" if token[where] != "A" else "B") + (token[where + 1 :] if where != -1 else "")
    )

    answer = client.get(link.replace(token, altered))

    assert answer.status_code == 404
    assert "not a link of ours" in said(answer)


def test_expired_link_says_so(client, person, office):
    link = invite(person, office)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=7))
    link = inviting.link_of(Invitation.objects.get()).split("//")[1].partition("/")[2]

    answer = client.get(f"/{link}")

    assert answer.status_code == 410
    assert "has expired" in said(answer)


@override_settings(INVITATION_DAYS=8)
def test_link_lives_as_long_as_the_setting_says(client, person, office):
    inviting.invite(
        email="carol@example.org",
        office=office,
        role=Role.EDITOR,
        by=person,
        now=timezone.now() - timedelta(days=7, hours=23),
    )

    assert client.get(link_in(mail.outbox[0])).status_code == 200


def test_invitation_that_is_sent_again_makes_the_old_link_useless(client, person, office):
    old = invite(person, office)
    new = invite(person, office, "Carol@Example.org", Role.VIEWER)

    answer = client.get(old)

    assert answer.status_code == 410
    assert "newer invitation" in said(answer)
    assert client.get(new).status_code == 200
    assert Invitation.objects.get().role == Role.VIEWER


def test_withdrawn_invitation_says_so(client, person, office):
    link = invite(person, office)
    Invitation.objects.all().delete()

    answer = client.get(link)

    assert answer.status_code == 410
    assert "withdrawn" in said(answer)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "ANNA"}, "Somebody has this user name."),
        ({"username": "two words"}, "valid username"),
        ({"password_again": "another one altogether"}, "not the same password"),
        ({"password": "carol", "password_again": "carol"}, "at least 12 characters"),
        ({"password": "carol@example.org", "password_again": "carol@example.org"}, "too similar"),
        ({"first_name": ""}, "This field is required."),
    ],
)
def test_form_of_a_newcomer_refuses_in_words(client, person, office, change, words):
    link = invite(person, office)

    page = said(client.post(link, NEWCOMER | change))

    assert words in page
    assert not User.objects.filter(email="carol@example.org").exists()


def test_member_of_another_office_signs_in_and_accepts(client, person, office):
    ben = factories.member(username="ben", email="ben@example.org")
    ben.set_password(PASSWORD)
    ben.save()
    link = invite(person, office, "BEN@example.org", Role.PUBLISHER)

    asked = client.get(link)
    sign_in(client, "ben", next=link)
    page = client.get(link)
    client.post(link)

    assert asked.url.startswith(reverse("account_login"))
    assert "Accept" in said(page)
    assert ben.memberships.get(office=office).role == Role.PUBLISHER
    assert ben.memberships.count() == 2


def test_invitation_to_another_role_changes_the_one_that_somebody_has(client, person, office):
    ben = factories.member("viewer", office, username="ben", email="ben@example.org")
    link = invite(person, office, "ben@example.org", Role.EDITOR)
    client.force_login(ben)

    client.post(link)

    assert ben.memberships.get().role == Role.EDITOR


def test_nobody_accepts_for_somebody_else(signed_in, person, office):
    link = invite(person, office)

    for answer in (signed_in.get(link), signed_in.post(link, NEWCOMER)):
        assert "It is for carol@example.org, and you are signed in as anna" in said(answer)
    assert not User.objects.filter(username="carol").exists()
    with pytest.raises(DeniedError):
        inviting.accept_as_member(token=link.split("/")[-2], now=timezone.now(), person=person)


def test_whoever_comes_back_finds_their_account_opened_again(client, person, office):
    ben = factories.member("editor", office, username="ben", email="ben@example.org")
    ben.set_password(PASSWORD)
    ben.save()
    inviting.dismiss(membership=ben.memberships.get(), by=person)
    link = invite(person, office, "ben@example.org")

    assert "Your account is closed at present" in said(client.get(link))
    client.post(link)

    assert sign_in(client, "ben").url == ADMIN
    assert ben.memberships.get().office == office


def test_link_opens_no_account_that_was_stopped_with_its_roles(client, person, office):
    national = factories.member("national-editor", email="nora@example.org")
    superuser = factories.user(email="sue@example.org", is_superuser=True)
    for stopped in (national, superuser):
        link = invite(person, office, stopped.email, Role.VIEWER)
        User.objects.filter(pk=stopped.pk).update(is_active=False)

        answer = client.post(link)

        assert answer.status_code == 410
        assert "Your account was stopped by those who run this site" in said(answer)
        stopped.refresh_from_db()
        assert not stopped.is_active


def test_link_of_somebody_who_has_gone_opens_nothing(client, person, office):
    gone = factories.member("publisher", office)
    link = invite(gone, office)
    inviting.dismiss(membership=gone.memberships.get(), by=person)

    answer = client.post(link, NEWCOMER)

    assert answer.status_code == 410
    assert "may invite nobody there any more" in said(answer)
    assert not User.objects.filter(username="carol").exists()


# Who may


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.PUBLISHER])
def test_publisher_invites_to_any_role_of_their_own_office(person, office, role):
    assert invite(person, office, role=role)


def test_publisher_invites_neither_elsewhere_nor_nationally(person):
    with pytest.raises(DeniedError):
        invite(person, factories.office())
    with pytest.raises(DeniedError):
        invite(person, None, role=Role.NATIONAL_EDITOR)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_viewer_and_editor_invite_nobody(office, role):
    with pytest.raises(DeniedError):
        invite(factories.member(role, office), office)


def test_national_editor_invites_anybody_anywhere(office):
    national = factories.member("national-editor")

    invite(national, office)
    invite(national, None, "dan@example.org", Role.NATIONAL_EDITOR)

    assert Invitation.objects.count() == 2


def test_role_that_somebody_has_is_not_offered_again(person, office):
    factories.member("editor", office, email="ben@example.org")

    with pytest.raises(ValidationError, match="has that role there already"):
        invite(person, office, "ben@example.org")


@pytest.mark.parametrize(
    "trouble",
    [SMTPServerDisconnected("gone"), SMTPRecipientsRefused({"ben@example.org": (550, b"unknown")})],
    ids=lambda trouble: type(trouble).__name__,
)
def test_mail_that_is_not_taken_leaves_no_invitation(person, office, monkeypatch, caplog, trouble):
    def refuse(*args: object) -> None:
        raise trouble

    monkeypatch.setattr(inviting, "send_mail", refuse)

    with pytest.raises(inviting.UnsentError, match="does not take the message"):
        invite(person, office, "ben@example.org")
    assert not Invitation.objects.exists()
    assert type(trouble).__name__ in caplog.text
    assert "ben@example.org" not in caplog.text


# In the admin


def test_publisher_invites_in_the_admin(signed_in, office):
    page = signed_in.get(reverse("admin:grades_invitation_add"))
    choices = [str(words) for _value, words in page.context["adminform"].form.fields["office"].choices]

    answer = signed_in.post(
        reverse("admin:grades_invitation_add"),
        {"email": "carol@example.org", "office": office.pk, "role": "editor"},
        follow=True,
    )

    assert [words for words in choices if "-" not in words] == [str(office)]
    assert "National editor" not in said(page)
    assert "was added successfully" in said(answer)
    assert "waiting" in said(answer)
    assert len(mail.outbox) == 1


def test_admin_refuses_what_the_publisher_may_not_offer(signed_in, office):
    other = factories.office()

    for given in ({"office": other.pk, "role": "editor"}, {"office": "", "role": "national-editor"}):
        answer = signed_in.post(reverse("admin:grades_invitation_add"), {"email": "x@example.org", **given})

        assert answer.status_code == 200
        assert answer.context["errors"]
    assert mail.outbox == []


def test_admin_says_when_the_mail_server_is_away(signed_in, office, monkeypatch):
    def refuse(*args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(inviting, "send_mail", refuse)

    answer = signed_in.post(
        reverse("admin:grades_invitation_add"),
        {"email": "carol@example.org", "office": office.pk, "role": "editor"},
    )

    assert "does not take the message" in said(answer)
    assert not Invitation.objects.exists()


def test_admin_sends_again(signed_in, person, office):
    old = invite(person, office)

    answer = signed_in.post(
        reverse("admin:grades_invitation_changelist"),
        {"action": "send_again", "_selected_action": [Invitation.objects.get().pk]},
        follow=True,
    )

    assert "1 invitation was sent again." in said(answer)
    assert link_in(mail.outbox[-1]) != old


def test_admin_sends_again_what_it_can_and_says_of_the_rest_why(signed_in, person, office):
    invite(person, office)
    ben = factories.member("viewer", office, email="ben@example.org")
    invite(person, office, "ben@example.org", Role.EDITOR)
    ben.memberships.update(role="editor")

    answer = signed_in.post(
        reverse("admin:grades_invitation_changelist"),
        {"action": "send_again", "_selected_action": list(Invitation.objects.values_list("pk", flat=True))},
        follow=True,
    )

    assert "1 invitation was sent again." in said(answer)
    assert "This person has that role there already. (ben@example.org)" in said(answer)


def test_member_of_another_office_sees_no_invitation_and_no_colleague(person, office):
    invite(person, office)
    stranger = Client()
    stranger.force_login(factories.member("publisher"))

    listed = said(stranger.get(reverse("admin:grades_invitation_changelist")))
    one = stranger.get(reverse("admin:grades_invitation_change", args=[Invitation.objects.get().pk]))
    role = stranger.get(reverse("admin:grades_membership_change", args=[person.memberships.get().pk]))

    assert "carol@example.org" not in listed
    assert one.status_code == 404
    assert role.status_code == 404


# The end


def test_end_of_the_last_role_closes_the_account_at_once(signed_in, person, office):
    ben = factories.member("editor", office, username="ben")
    browser = Client()
    browser.force_login(ben)

    signed_in.post(
        reverse("admin:grades_membership_delete", args=[ben.memberships.get().pk]), {"post": "yes"}
    )

    ben.refresh_from_db()
    assert not ben.is_active
    assert browser.get(ADMIN).status_code == 302


def test_end_of_one_role_of_two_leaves_the_account_open(person, office):
    ben = factories.member("editor", office)
    factories.membership(user=ben)

    inviting.dismiss(membership=ben.memberships.get(office=office), by=person)

    ben.refresh_from_db()
    assert ben.is_active
    assert ben.memberships.count() == 1


def test_nobody_ends_their_own_role_or_one_of_another_office(person):
    for membership in (person.memberships.get(), factories.membership()):
        with pytest.raises(DeniedError):
            inviting.dismiss(membership=membership, by=person)
    assert Membership.objects.count() == 2


def test_publisher_changes_the_role_of_a_colleague(signed_in, person, office):
    ben = factories.member("editor", office, username="ben")

    signed_in.post(
        reverse("admin:grades_membership_change", args=[ben.memberships.get().pk]), {"role": "viewer"}
    )
    refused = signed_in.post(
        reverse("admin:grades_membership_change", args=[ben.memberships.get().pk]),
        {"role": "national-editor"},
    )

    assert ben.memberships.get().role == Role.VIEWER
    assert refused.status_code == 200


def test_address_that_a_former_colleague_has_claimed_is_a_newcomers(client, person, office):
    former = factories.user(username="mallory", is_active=False)
    EmailAddress.objects.create(user=former, email="carol@example.org", verified=False)
    link = invite(person, office)

    made = client.post(link, NEWCOMER, follow=True)

    former.refresh_from_db()
    assert "Your account is made." in said(made)
    assert not former.is_active
    assert Membership.objects.filter(user__username="carol", office=office).exists()
