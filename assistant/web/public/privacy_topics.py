"""What a service tells people about their data (GDPR articles 13 and 14), topic by topic.

The public page and the paper `information` are made from the same topics, so they cannot differ.
"""

from collections.abc import Mapping, Sequence

from assistant.languages import Catalogue
from assistant.meetings.notebook import KEPT_FOR
from assistant.meetings.share import DAYS_AFTER_MEETING
from assistant.service.staff.account_changes import CHANGES_KEPT_FOR
from assistant.service.staff.known_devices import KEPT_FOR as DEVICE_KEPT_FOR
from assistant.web.http.pages import PrivacyTopic
from assistant.web.http.service_file import Reachable, Service


def privacy_topics(catalogue: Catalogue, service: Service, security_log_days: int) -> Sequence[PrivacyTopic]:
    """Return the topics in order, with the service's own offices, legal basis and backup period."""
    own, say = service.privacy, catalogue.say
    periods = {
        "time": {"kept": KEPT_FOR.days, "shared": DAYS_AFTER_MEETING},
        "staff": {
            "log": security_log_days,
            "changes": CHANGES_KEPT_FOR.days,
            "device": DEVICE_KEPT_FOR.days,
        },
    }
    basis = own.basis.in_(catalogue.language) if own and own.basis else say("privacy.no_basis")
    backups = own.backups.in_(catalogue.language) if own and own.backups else say("privacy.no_backups")
    name = own.controller.name if own else ""
    responsible = [say("privacy.controller", name=name) if own else say("privacy.no_controller")]
    responsible += [say("privacy.officer")] if own and own.officer else []
    offices = [office for office in (own.controller, own.officer) if office] if own else []

    def about(name: str, *more: str, offices: Sequence[Reachable] = ()) -> PrivacyTopic:
        said = _lines(catalogue, name, periods.get(name, {}))
        return PrivacyTopic(name, [*said, *more], offices)

    ombud, provider = own.ombud if own else None, service.sign_in
    return [
        PrivacyTopic("controller", responsible, offices),
        about("free"),
        about("why"),
        PrivacyTopic("basis", [basis]),
        about("what"),
        about("receivers"),
        about("time", backups),
        about("rights"),
        about("complain", *([say("privacy.ombud")] if ombud else ()), offices=[ombud] if ombud else ()),
        about("staff", *([say("privacy.staff_provider", provider=provider.name)] if provider else ())),
    ]


def _lines(catalogue: Catalogue, name: str, facts: Mapping[str, int]) -> Sequence[str]:
    return catalogue.say(f"privacy.{name}", **facts).split("\n")
