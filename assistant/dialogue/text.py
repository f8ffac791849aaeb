"""A text in every language: the smallest piece an author writes."""

from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    RootModel,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import InitErrorDetails

from assistant.errors import NotInThisLanguage
from assistant.language_forms import locale_of
from assistant.languages import Language
from assistant.value_class import value_class

WORDING_LIMIT = 2_000
Wording = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, max_length=WORDING_LIMIT)]


class AuthoredModel(BaseModel):
    """Base of all models from dialogue files: unknown fields refused, no coercion, immutable."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class Text(RootModel[dict[Language, Wording]]):
    """One text in every offered language. In an author's file none may be missing; languages that are not
    offered yet are ignored. A text published before a language was offered stays as it was.
    """

    model_config = ConfigDict(strict=True, frozen=True, defer_build=True)

    def in_(self, language: Language) -> str:
        """Return the text in this language. Raises `NotInThisLanguage`."""
        try:
            return self.root[language]
        except KeyError:
            raise NotInThisLanguage from None

    def __hash__(self) -> int:
        return hash(frozenset(self.root.items()))

    @model_validator(mode="wrap")
    @classmethod
    def _as_offered(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if not (isinstance(info.context, AsWritten) and isinstance(data, dict)):
            return handler(data)
        wanted = info.context.languages
        slips = [_slip("missing", language, data) for language in wanted if language not in data]
        slips += [
            _slip("extra_forbidden", name, given)
            for name, given in data.items()
            if name not in wanted and locale_of(str(name)) is None
        ]
        try:
            text = handler({language: data[language] for language in wanted if language in data})
        except ValidationError as error:
            slips += [_slip(e["type"], e["loc"][0], e["input"], e.get("ctx")) for e in error.errors()]
        if slips:
            raise ValidationError.from_exception_data(cls.__name__, slips)
        return text


@value_class
class AsWritten:
    """Validation context for an author's own files: each text must exist in all of these languages."""

    languages: tuple[Language, ...]


def _slip(kind: str, name: int | str, given: Any, facts: Any = None) -> InitErrorDetails:
    return InitErrorDetails(type=kind, loc=(name,), input=given, ctx=facts or {})
