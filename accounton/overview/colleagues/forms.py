"""The forms of the pages of colleagues."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounton.offices.colleagues.inviting import AT_ONCE, LONGEST_NAME, NoAddress, Person, Taken, people_in
from accounton.offices.models import User

ROLE_HELP = _(
    "Admins do everything, these settings and imports included. Accountants work with customers. "
    "Read only is for looking: nothing can be changed, and national numbers stay masked."
)
NOBODY = "nobody"


class InviteForm(forms.Form):
    """Whom to invite: one person by name, or several as they stand in a mail program."""

    email = forms.CharField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput)
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, required=False)
    people = forms.CharField(
        label=_("E-mail addresses"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line, or separated by semicolons; with a name: An Peeters <an@office.example>"),
    )
    role = forms.ChoiceField(label=_("Role"), choices=User.Role.choices, help_text=ROLE_HELP)
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of the mail, and of the screen at first.")
    )

    def __init__(self, *args: Any, several: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("email", "name") if several else ("people",):
            del self.fields[name]

    def clean_email(self) -> list[Person]:
        return self._people("email")

    def clean_people(self) -> list[Person]:
        return self._people("people")

    @property
    def wanted(self) -> list[Person]:
        """Those to invite; the form was found valid."""
        if "people" in self.cleaned_data:
            return cast(list[Person], self.cleaned_data["people"])
        [person] = self.cleaned_data["email"]
        return [Person(person.email, " ".join(self.cleaned_data["name"].split()) or person.name)]

    def refuse(self, taken: Taken) -> None:
        """Say which addresses nobody can be invited with. Of other offices no more than that one cannot be used."""
        field = "people" if "people" in self.fields else "email"
        for user in taken.here:
            name = {"address": user.email}
            if user.is_active:
                self.add_error(field, gettext("%(address)s is in the list of colleagues already.") % name)
            else:
                words = gettext("%(address)s was a colleague before: open that account again in the list.")
                self.add_error(field, words % name)
        for address in taken.elsewhere:
            words = gettext("%(address)s cannot be used for an account here. Choose another address of this person.")
            self.add_error(field, words % {"address": address})

    def _people(self, field: str) -> list[Person]:
        try:
            people = people_in(self.cleaned_data[field])
        except NoAddress as error:
            words = gettext("“%(text)s” is no e-mail address. Write it like an@office.example.")
            raise ValidationError(words % {"text": error.text[:100]}) from error
        if not people:
            raise ValidationError(gettext("Fill in an e-mail address."))
        if field == "email" and len(people) > 1:
            raise ValidationError(gettext("These are several addresses. Choose “Several at once” for them."))
        if len(people) > AT_ONCE:
            raise ValidationError(gettext("Invite at most %(count)s at once.") % {"count": AT_ONCE})
        return people


class RoleForm(forms.Form):
    """The role of a colleague; one's own is given away only knowingly."""

    role = forms.ChoiceField(label=_("Role"), choices=User.Role.choices, help_text=ROLE_HELP)
    sure = forms.BooleanField(label=_("I am no admin any more then, and cannot open these settings"), required=False)

    def __init__(self, *args: Any, is_own: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_own:
            del self.fields["sure"]

    def clean(self) -> None:
        """Ask once more before somebody gives their own role away."""
        gives_away = self.cleaned_data.get("role") not in (None, User.Role.ADMIN)
        if gives_away and "sure" in self.fields and not self.cleaned_data.get("sure"):
            self.add_error("sure", gettext("This is your own account. Tick this box if you mean it."))


class HandOverForm(forms.Form):
    """To whom customers go."""

    receiver = forms.ChoiceField(label=_("Hand the customers over to"))

    def __init__(self, *args: Any, giver: User, may_keep: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        staff = User.objects.filter(office=giver.office, is_active=True).exclude(pk=giver.pk).order_by("name", "email")
        self._staff = {str(user.pk): user for user in staff}
        first = gettext("Nobody for now: they keep this name") if may_keep else gettext("Choose …")
        field = cast(forms.ChoiceField, self.fields["receiver"])
        names = [(pk, str(user)) for pk, user in self._staff.items()]
        field.choices = [("", first), *names, (NOBODY, gettext("Nobody is responsible any more"))]
        field.required = not may_keep

    @property
    def is_chosen(self) -> bool:
        """Whether anything is to be handed over; the form was found valid."""
        return bool(self.cleaned_data["receiver"])

    @property
    def chosen_receiver(self) -> User | None:
        """To whom; None for nobody."""
        return self._staff.get(self.cleaned_data["receiver"])
