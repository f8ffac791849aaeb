"""Every foreseen error of this program, as a class hierarchy.

    Trouble
    ├── Refusal                 a person's reply could not be taken; nothing they typed is lost
    │   ├── NothingSaid         no answer in it
    │   ├── TextTooLong         more characters than one entry holds
    │   ├── HiddenCharacter     a character that cannot be shown, such as NUL
    │   ├── TooManyStatements   more entries than the question holds
    │   ├── TooManyChosen       more choices than the question takes
    │   ├── NoSuchOption        an option this question does not offer
    │   ├── DayUnreadable       not a date we can read
    │   ├── DayUnlikely         a past day, or one more than a year away: was it meant?
    │   │   ├── DayImpossible   an impossible year, such as 26 or 9999
    │   │   ├── DayOver         a past day where only a future one makes sense
    │   │   └── DayNotAhead     the same for an invitation, which takes a day within the year
    │   ├── ClockUnreadable     not a time of day we can read
    │   ├── SeveralRefused      several questions answered at once, and what was wrong with each
    │   ├── StaleTurn           the conversation has moved on, in another tab or on another device
    │   ├── NotOnTheWay         a question that is not part of this conversation in its present state
    │   ├── RequestReused       one request id, two different replies
    │   ├── NameTaken           another account signs in with this name
    │   ├── NoRole              an account without any role
    │   ├── PasswordTooShort    too few characters
    │   ├── PasswordNotSame     the repeated password differs
    │   ├── CodeRefused         not the code the app shows now
    │   ├── WrittenBetween      someone else wrote in the same place in a review
    │   ├── DayMissing          a time of day without its day
    │   ├── NumberUnreadable    not a number, or more than there can be
    │   ├── TooManyInvitations  the limit of open invitations is reached
    │   ├── TooManyGuidedSessions the limit of running guided sessions is reached
    │   ├── FewerThanThree      too few lines to put forward without showing who wrote them
    │   ├── LineWaiting         a line of the same person waits already
    │   ├── TooManyMessages     the limit of messages in a guided session is reached
    │   ├── SeatEmpty           a message to a user who is not in the guided session
    │   └── DocumentFull        the sealed document has reached its size limit
    ├── SessionEnded            no session belongs to this cookie
    ├── StaffSessionEnded       no member of staff is signed in behind this cookie
    ├── NotFound                missing, or another person's: the two must look the same
    ├── ProofRefused            name, password and code do not match
    ├── ProviderRefused         an answer of the identity provider that fails a check
    ├── ProviderUnreachable     the identity provider does not answer
    ├── NotLinked               someone the identity provider knows and no account here is linked to
    ├── LinkedElsewhere         an identity that another account is linked to
    ├── NotOnOneself            an administrator about to remove their own access
    ├── SecretUnknown           a link or a codename that opens nothing
    │   ├── NothingToTry        nothing typed has the format of a link or a code
    │   └── SeveralCodes        several different codes were typed, and each wrong one counts
    ├── CodeLocked              a share's code that was typed wrongly too often
    ├── CodeOver                a share's code that has expired
    ├── ShareMoved              the content to be shared changed since it was shown
    ├── ShareOver               a share that has ended
    ├── GuidedSessionFull       a guided session with as many people as it takes
    │   └── SeatTaken           a session with one person, where someone is already
    ├── GuidedSessionOver       a guided session that has ended
    ├── NotMetYet               a professional has not confirmed who is in the meeting
    ├── TooBusy                 more codenames are being tried than there is memory for
    ├── NotInThisLanguage       written before the reader's language was offered
    ├── NotSaved                the write failed
    ├── NotPrinted              the PDF could not be made now
    │   └── NotPrintable        the PDF of this cannot be made, also on a retry
    ├── RevisionConflict        someone else wrote meanwhile; read again and retry
    ├── SealBroken              a sealed document that does not open: altered, moved or rolled back
    └── CannotStart             for the operator: what is wrong and what to do

An error's text is for the log and for programmers, in English, and never contains anyone's words, names,
codes or links. The sentence a person reads is chosen from the class, in their language, at the edge.
"""

from collections.abc import Mapping
from datetime import date
from typing import Self


class Trouble(Exception):
    """A foreseen error that has its own message for the user."""


class Refusal(Trouble):
    """A reply that could not be accepted.

    `field` names the form field with the error, if it is a single one.
    """

    field: str | None = None

    def in_field(self, field: str | None) -> Self:
        """Return the same refusal for this field."""
        self.field = field
        return self


class NothingSaid(Refusal):
    """The reply was empty; leaving a question open is done with skip."""


class TextTooLong(Refusal):
    """A text longer than one entry may be."""

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
    """More choices than the question allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the limit is {limit} choices")
        self.limit = limit


class NoSuchOption(Refusal):
    """An option the question does not offer."""


class DayUnreadable(Refusal):
    """Not a date in any form we read."""


class DayUnlikely(Refusal):
    """A date that is past or more than a year away; the person is asked whether they meant it."""

    may_keep = True
    """The person may confirm it."""

    def __init__(self, on: date, meant: date | None = None) -> None:
        super().__init__()
        self.on = on
        self.meant = meant


class DayImpossible(DayUnlikely):
    """An impossible year, such as 26 or 9999. It is refused even if the person confirms it."""

    may_keep = False


class DayOver(DayImpossible):
    """A past date where only a future date makes sense."""


class DayNotAhead(DayImpossible):
    """A date that is past or more than a year away, where only a date within a year is accepted."""


class ClockUnreadable(Refusal):
    """Not a time of day in any form we read."""


class SeveralRefused(Refusal):
    """Some of several answers could not be accepted; the reasons by address."""

    def __init__(self, by_question: Mapping[str, Refusal]) -> None:
        super().__init__(f"{len(by_question)} questions")
        self.by_question = by_question


class StaleTurn(Refusal):
    """The reply was made on an earlier turn than the conversation's current one."""


class NotOnTheWay(Refusal):
    """The question is not on this conversation's journey."""


class RequestReused(Refusal):
    """A request id that was used for another reply."""


class DocumentFull(Refusal):
    """The sealed document would exceed its size limit."""


class NameTaken(Refusal):
    """Another account signs in with this name."""


class NoRole(Refusal):
    """An account needs at least one role."""


class PasswordTooShort(Refusal):
    """A password that is too short."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the least is {limit} characters")
        self.limit = limit


class PasswordNotSame(Refusal):
    """The repeated password differs."""


class CodeRefused(Refusal):
    """The code is not the one the app shows now."""


class WrittenBetween(Refusal):
    """Something else was written in the same place of a review since the page was rendered."""


class DayMissing(Refusal):
    """A time of day was given without a day."""


class NumberUnreadable(Refusal):
    """Not a number, or outside the allowed range."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the most is {limit}")
        self.limit = limit


class TooManyInvitations(Refusal):
    """The limit of open invitations is reached."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the limit is {limit} invitations")
        self.limit = limit


class TooManyGuidedSessions(Refusal):
    """The limit of running guided sessions is reached."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the limit is {limit} guided sessions")
        self.limit = limit


class FewerThanThree(Refusal):
    """Too few lines to put forward without showing who wrote them."""


class LineWaiting(Refusal):
    """A line of the same person waits already for this question."""


class NoFreeField(Refusal):
    """Words were offered for a question whose fields are all in use."""


class TooManyMessages(Refusal):
    """The limit of messages in a guided session is reached."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the limit is {limit} messages")
        self.limit = limit


class SeatEmpty(Refusal):
    """A message to a user who has not joined the guided session, or has left it."""


class GuidedSessionFull(Trouble):
    """The guided session has as many people as it takes."""


class SeatTaken(GuidedSessionFull):
    """A guided session with one person, where someone is already."""


class GuidedSessionOver(Trouble):
    """The guided session has ended."""


class SessionEnded(Trouble):
    """The HTTP session has ended or never existed."""


class StaffSessionEnded(Trouble):
    """The session of a member of staff has ended or never existed."""


class EndedByProvider(StaffSessionEnded):
    """The identity provider no longer vouches for the person, and this request ended their session."""


class NotConfirmed(StaffSessionEnded):
    """The identity provider has not answered for too long, and this request ended the session."""


class NotFound(Trouble):
    """It does not exist, or not for this person."""


class ProofRefused(Trouble):
    """Name, password and code do not match; the error does not say which is wrong."""


class ProviderRefused(Trouble):
    """An answer of the identity provider that fails a check. `check` names it, for the operating log."""

    def __init__(self, check: str) -> None:
        super().__init__()
        self.check = check


class ProviderUnreachable(Trouble):
    """The identity provider does not answer."""


class GrantEnded(Trouble):
    """The identity provider says that a sign-in there is no longer good."""


class NotLinked(Trouble):
    """No account is linked to the identity that signed in at the provider."""


class LinkedElsewhere(Trouble):
    """Another account is linked to this identity."""


class NotOnOneself(Trouble):
    """Administrators cannot remove their own access; another administrator can."""


class NotInThisLanguage(Trouble):
    """A text published before the reader's language was offered."""


class SecretUnknown(Trouble):
    """The secret opens no notebook."""


class NothingToTry(SecretUnknown):
    """Nothing in what was typed has the shape of a link or a code, so it is no guess."""


class SeveralCodes(NothingToTry):
    """Several different codes were typed, and each wrong one would count; none was tried."""


class CodeLocked(Trouble):
    """The code was typed wrongly too often; only its owner can create another."""


class CodeOver(Trouble):
    """The code is correct but has expired."""


class ShareMoved(Trouble):
    """The content to be shared changed since it was shown; it must be shown again."""


class ShareOver(Trouble):
    """The share has ended. `ended` says how; nothing else is known about it."""

    def __init__(self, ended: str) -> None:
        super().__init__(ended)
        self.ended = ended


class NotMetYet(Trouble):
    """Before anything is answered or copied, the professional says that this is the person they sit with."""


class TooBusy(Trouble):
    """The server has no memory free to stretch another codename; retry in a few seconds."""


class NotSaved(Trouble):
    """The write did not reach the disk."""


class NotPrinted(Trouble):
    """The typesetter took too long or failed."""


class NotPrintable(NotPrinted):
    """The typesetter refuses this sheet and always will."""


class RevisionConflict(Trouble):
    """The document's revision changed since it was read."""


class SealBroken(Trouble):
    """A sealed text could not be decrypted with the key, location and revision expected for it."""


class CannotStart(Trouble):
    """The program cannot start. The text is shown to the operator and says what to do."""
