"""What a service tells people about their data (GDPR articles 13 and 14), topic by topic.

The public page and the paper `information` are made from the same topics, so they cannot differ.
"""

from collections.abc import Sequence

from assistant.languages import Catalogue
from assistant.web.http.pages import PrivacyTopic
from assistant.web.http.service_file import Reachable, Service, UnitGroup


def privacy_topics(
    catalogue: Catalogue, service: Service, unit: UnitGroup | None = None
) -> Sequence[PrivacyTopic]:
    """Return the topics in order, with the service's own offices, legal basis and backup period, or those of
    one of its units.
    """
    own, say = service.privacy_at(unit), catalogue.say
    basis = own.basis.in_(catalogue.language) if own and own.basis else say("privacy.no_basis")
    backups = own.backups.in_(catalogue.language) if own and own.backups else say("privacy.no_backups")
    name = own.controller.name if own else ""
    responsible = [say("privacy.controller", name=name) if own else say("privacy.no_controller")]
    responsible += [say("privacy.officer")] if own and own.officer else []
    offices = [office for office in (own.controller, own.officer) if office] if own else []
    offices = [unit.contact, *offices] if unit and unit.contact else offices

    def about(name: str, *more: str, offices: Sequence[Reachable] = ()) -> PrivacyTopic:
        return PrivacyTopic(name, [*say(f"privacy.{name}").split("\n"), *more], offices)

    ombud, provider = own.ombud if own else None, service.sign_in
    return [
        PrivacyTopic("controller", responsible, offices),
        about("free"),
        PrivacyTopic("why", say("privacy.why_insight" if service.insight else "privacy.why").split("\n")),
        PrivacyTopic("basis", [basis]),
        about("what"),
        about("receivers"),
        about("time", backups),
        about("rights"),
        about("complain", *([say("privacy.ombud")] if ombud else ()), offices=[ombud] if ombud else ()),
        about("staff", *([say("privacy.staff_provider", provider=provider.name)] if provider else ())),
    ]
