"""Everything this program refuses to do, as classes.

    Trouble
    ├── Refusal                 a person's reply could not be taken; nothing they typed is lost
    │   ├── NothingSaid         no answer in it
    │   ├── TextTooLong         more characters than one entry holds
    │   ├── HiddenCharacter     a character that cannot be shown, such as NUL
    │   ├── TooManyStatements   more entries than the question holds
    │   ├── TooManyChosen       more choices than the question takes
    │   ├── NoSuchOption        an option this question does not offer
    │   ├── DayUnreadable       not a date we can read
    │   ├── DayUnlikely         a day that is over, or more than a year away: is it the one that was meant?
    │   │   ├── DayImpossible   a day in a year that nobody can mean
    │   │   ├── DayOver         a day that is over, where only one to come makes sense
    │   │   └── DayNotAhead     the same for an invitation, which takes a day within the year
    │   ├── ClockUnreadable     not a time of day we can read
    │   ├── SeveralRefused      several questions answered at once, and what was wrong with each
    │   ├── StaleTurn           the conversation has moved on, in another tab or on another device
    │   ├── NotOnTheWay         a question that is not part of this conversation as it now stands
    │   ├── RequestReused       one request id, two different replies
    │   ├── NameTaken           another account signs in with this name
    │   ├── NoRole              an account without any role
    │   ├── PasswordTooShort    fewer characters than a password has here
    │   ├── PasswordNotSame     typed twice, and not the same
    │   ├── CodeRefused         not the code the app shows now
    │   ├── WrittenBetween      someone else wrote in the same place in a review
    │   ├── DayMissing          a time of day without its day
    │   ├── NumberUnreadable    not a number, or more than there can be
    │   ├── TooManyInvitations  as many invitations as one may have out
    │   └── DocumentFull        the sealed document has reached its size limit
    ├── SessionEnded            no session belongs to this cookie
    ├── StaffSessionEnded       no member of staff is signed in behind this cookie
    ├── NotFound                missing, or another person's: the two must look the same
    ├── ProofRefused            name, password and code do not belong together
    ├── NotOnOneself            an administrator about to shut themselves out
    ├── SecretUnknown           a link or a codename that opens nothing
    │   ├── NothingToTry        nothing in what was typed has the shape of a link or a code
    │   └── SeveralCodes        different codes in what was typed, where each wrong one counts
    ├── CodeLocked              a share's code that was typed wrongly too often
    ├── CodeOver                a share's code that was to be typed in sooner
    ├── ShareMoved              what would be shared is not what was looked at
    ├── ShareOver               a share that was open to this reader, and has ended
    ├── NotMetYet               a professional has not said that this is the person they sit with
    ├── TooBusy                 more codenames are being tried than there is memory for
    ├── NotInThisLanguage       written before the reader's language was offered
    ├── NotSaved                the database did not take the write
    ├── NotPrinted              the PDF could not be made now
    │   └── NotPrintable        the PDF of this cannot be made, however often it is tried
    ├── RevisionConflict        someone else wrote meanwhile; read again and retry
    ├── SealBroken              a sealed document that does not open: altered, moved or rolled back
    └── CannotStart             for the operator: what is wrong and what to do

An error's text is for the log and for programmers, in English, and never holds anyone's words, names,
codes or links. The sentence a person reads is chosen from the class, in their language, at the edge.
"""

from collections.abc import Mapping
from datetime import date
from typing import Self


class Trouble(Exception):
    """Something this program foresaw and can speak about."""


class Refusal(Trouble):
    """A reply that could not be taken as it stands.

    `field` names the form field with the error, if it is a single one.
    """

    field: str | None = None

    def in_field(self, field: str | None) -> Self:
        """The same refusal, with the field it is about."""
        self.field = field
        return self


class NothingSaid(Refusal):
    """The reply was empty; leaving a question open is done with skip."""


class TextTooLong(Refusal):
    """A text with more characters than one entry holds."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"{length} characters; the limit is {limit}")
        self.length = length
        self.limit = limit


class HiddenCharacter(Refusal):
    """A control character that no page can show."""


class TooManyStatements(Refusal):
    """More statements than the question holds."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the limit is {limit} statements")
        self.limit = limit


class TooManyChosen(Refusal):
    """More choices than the question takes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the limit is {limit} choices")
        self.limit = limit


class NoSuchOption(Refusal):
    """An option the question does not offer."""


class DayUnreadable(Refusal):
    """Not a date in any form we read."""


class DayUnlikely(Refusal):
    """A day that is over or more than a year away: the person is asked whether it is the one they meant."""

    may_keep = True
    """The person may say that it is."""

    def __init__(self, on: date, meant: date | None = None) -> None:
        super().__init__()
        self.on = on
        self.meant = meant


class DayImpossible(DayUnlikely):
    """A day in a year that nobody can mean, such as 26 or 9999. It is not taken whatever the person says."""

    may_keep = False


class DayOver(DayImpossible):
    """A day that is over, where only a day to come makes sense."""


class DayNotAhead(DayImpossible):
    """A day that is over or more than a year away, where only one within the year can be taken."""


class ClockUnreadable(Refusal):
    """Not a time of day in any form we read."""


class SeveralRefused(Refusal):
    """Some of the questions answered at once could not be taken; by address, why."""

    def __init__(self, by_question: Mapping[str, Refusal]) -> None:
        super().__init__(f"{len(by_question)} questions")
        self.by_question = by_question


class StaleTurn(Refusal):
    """The reply was made to an earlier turn than the conversation is at."""


class NotOnTheWay(Refusal):
    """The question is not on the way through this conversation."""


class RequestReused(Refusal):
    """A request id that was used for another reply."""


class DocumentFull(Refusal):
    """The sealed document would exceed its size limit."""


class NameTaken(Refusal):
    """Another account signs in with this name."""


class NoRole(Refusal):
    """An account is for something."""


class PasswordTooShort(Refusal):
    """A password with fewer characters than one has here."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the least is {limit} characters")
        self.limit = limit


class PasswordNotSame(Refusal):
    """The password typed again is another one."""


class CodeRefused(Refusal):
    """The code is not the one the app shows now."""


class WrittenBetween(Refusal):
    """In the same place in a review something else has been written since the page was made."""


class DayMissing(Refusal):
    """A time of day was given, and not the day."""


class NumberUnreadable(Refusal):
    """Not a number from one to the most there can be."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the most is {limit}")
        self.limit = limit


class TooManyInvitations(Refusal):
    """As many invitations are out as one may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the limit is {limit} invitations")
        self.limit = limit


class SessionEnded(Trouble):
    """The HTTP session is over, or was never there."""


class StaffSessionEnded(Trouble):
    """A member of staff's session is over, or was never there."""


class NotFound(Trouble):
    """No such thing, for this person."""


class ProofRefused(Trouble):
    """Name, password and code do not belong together; which of them is wrong is not told."""


class NotOnOneself(Trouble):
    """An administrator cannot shut themselves out; another one can."""


class NotInThisLanguage(Trouble):
    """A text that was published before the reader's language was offered."""


class SecretUnknown(Trouble):
    """The secret opens no notebook."""


class NothingToTry(SecretUnknown):
    """Nothing in what was typed has the shape of a link or a code, so it is no guess."""


class SeveralCodes(NothingToTry):
    """Different codes in what was typed, where each wrong one would count: none was tried."""


class CodeLocked(Trouble):
    """The code has been typed wrongly too often; only its owner can make another."""


class CodeOver(Trouble):
    """The code is right in form and place, and its time is over."""


class ShareMoved(Trouble):
    """What would be shared now is not what was looked at; it is to be looked at again."""


class ShareOver(Trouble):
    """The share has ended. `ended` says how: nothing else is known of it any more."""

    def __init__(self, ended: str) -> None:
        super().__init__(ended)
        self.ended = ended


class NotMetYet(Trouble):
    """Before anything is answered or copied, the professional says that this is the person they sit with."""


class TooBusy(Trouble):
    """As many codenames are being stretched as the server has room for; in a few seconds there is room."""


class NotSaved(Trouble):
    """The write did not reach the disk."""


class NotPrinted(Trouble):
    """The typesetter took too long, or failed."""


class NotPrintable(NotPrinted):
    """The typesetter refuses this sheet, and will every time."""


class RevisionConflict(Trouble):
    """The document is no longer at the revision the writer read."""


class SealBroken(Trouble):
    """A sealed text did not open under the key, place and revision it should have."""


class CannotStart(Trouble):
    """Why the program will not start; the text is shown to the operator and says what to do."""
