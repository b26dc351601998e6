"""Pages for staff who are not signed in yet: an invitation, followed from a message."""

from __future__ import annotations

from allauth.account.internal.userkit import filter_users_by_username
from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from grades import inviting
from grades.models.base import options


class NewcomerForm(forms.Form):
    """What somebody says of themselves when they accept."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        help_text=gettext_lazy(
            "Letters, digits and @ . + - _; you sign in with it or with your e-mail address."
        ),
        validators=options(User).get_field("username").validators,  # type: ignore[union-attr]  # a column
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    first_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=150,
        help_text=gettext_lazy("Colleagues see your name beside what you record; readers do not."),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        help_text=gettext_lazy(
            "At least 12 characters: three or four words that do not belong together do well."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=gettext_lazy("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.label_suffix = ""
        self.email = email

    def clean_username(self) -> str:
        """Refuse a name that somebody has, in any case of its letters."""
        name: str = self.cleaned_data["username"]
        if filter_users_by_username(name).exists():
            raise ValidationError(_("Somebody has this user name. Choose another."))
        return name

    def clean(self) -> None:
        """Compare the passwords, and hold them against the rules."""
        given = super().clean() or self.cleaned_data
        password, again = given.get("password"), given.get("password_again")
        if not password:
            return
        if again and password != again:
            self.add_error("password_again", _("This is not the same password."))
        person = User(
            username=given.get("username", ""),
            email=self.email,
            first_name=given.get("first_name", ""),
            last_name=given.get("last_name", ""),
        )
        try:
            validate_password(password, person)
        except ValidationError as refusal:
            self.add_error("password", refusal)


@never_cache
@sensitive_post_parameters("password", "password_again")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the link of an invitation: a newcomer makes an account, a member signs in and accepts."""
    try:
        offer = inviting.opened(token=token, now=timezone.now())
        if offer.account is None and not request.user.is_authenticated:
            return _as_newcomer(request, token, offer)
        if offer.account is not None and not offer.account.is_active:
            return _as_returning(request, token, offer)
        return _as_member(request, token, offer)
    except inviting.ClosedError as closed:
        status = 404 if isinstance(closed, inviting.AlteredError) else 410
        return render(request, "staff/invitation_closed.html", {"why": str(closed)}, status=status)


def _as_newcomer(request: HttpRequest, token: str, offer: inviting.Offer) -> HttpResponse:
    """Ask for name and password, and make the account."""
    form = NewcomerForm(request.POST or None, email=offer.invitation.email)
    if form.is_valid():
        given = form.cleaned_data
        inviting.accept_as_newcomer(
            token=token,
            now=timezone.now(),
            username=given["username"],
            first_name=given["first_name"],
            last_name=given["last_name"],
            password=given["password"],
        )
        messages.success(request, _("Your account is made. Sign in with it."))
        return redirect("account_login")
    return render(request, "staff/invitation.html", {"offer": offer, "form": form})


def _as_returning(request: HttpRequest, token: str, offer: inviting.Offer) -> HttpResponse:
    """Open again the account of somebody who comes back."""
    if request.method == "POST":
        inviting.accept_as_returning(token=token, now=timezone.now())
        messages.success(
            request, _("Your account is open again. Sign in with your password, or ask for a new one.")
        )
        return redirect("account_login")
    context = {"offer": offer, "meant_for_them": True, "returning": True}
    return render(request, "staff/invitation_member.html", context)


def _as_member(request: HttpRequest, token: str, offer: inviting.Offer) -> HttpResponse:
    """Ask whoever is signed in to accept; lead others to the sign-in and back."""
    if not request.user.is_authenticated:
        messages.info(request, _("This address has an account. Sign in to accept the invitation."))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    meant_for_them = offer.account == request.user
    if request.method == "POST" and meant_for_them:
        inviting.accept_as_member(token=token, now=timezone.now(), person=request.user)
        messages.success(request, _("You have accepted the invitation."))
        return redirect("admin:index")
    context = {"offer": offer, "meant_for_them": meant_for_them}
    return render(request, "staff/invitation_member.html", context)
