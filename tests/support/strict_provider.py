"""An identity provider on the loopback interface that refuses each wrong step, and lies on request.

Its rules are those of HelseID's FAPI 2.0 profile (pushed requests, PKCE, private_key_jwt, DPoP with a nonce
of the server) or, as `entra`, those of Entra ID. It checks each request by itself, with its own memory of
what was used before, and writes down why it refused.
"""

import asyncio
import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
KARI, ANNE, STRANGER = "kari-at-the-provider", "anne-at-the-provider", "a-stranger"
Wrong = Callable[[dict[str, Any], dict[str, Any]], None]
"""Changes the header and the claims of an ID token."""


class Refused(Exception):
    """A request that breaks a rule. `error` is the code of the standard, where the client depends on it."""

    def __init__(self, why: str, error: str = "") -> None:
        super().__init__(why)
        self.error = error or why


@cache
def _own_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class Code:
    """An authorisation code, and what it was given for."""

    request: Mapping[str, str]
    person: str
    used: bool = False


@dataclass
class Refresh:
    """A refresh token: what it came from, and whether it was used."""

    code: Code
    scope: str
    thumbprint: str | None
    given_at: float
    used: bool = False
    revoked: bool = False
    client: str = ""
    """Another client that it was given to."""


@dataclass
class StrictProvider:
    """The provider, and what it remembers."""

    profile: str = "helseid"
    client_id: str = "for-motet"
    redirect_uri: str = ""
    client_key: Mapping[str, Any] = field(default_factory=dict)
    certificate: str = ""
    person: str = KARI
    """Who is at the keyboard, if the page is not to ask."""
    asks_who: bool = False
    key: RSAKey = field(default_factory=_own_key)
    clock: Callable[[], float] = time.time
    refusals: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    pushed: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    used_ids: set[str] = field(default_factory=set)
    nonce: str = field(default_factory=lambda: secrets.token_hex(8))
    wrong: Wrong | None = None
    forged: Callable[[dict[str, Any]], str] | None = None
    """Makes a whole ID token of the claims."""
    answers: dict[str, str] = field(default_factory=dict)
    """Put in the place of what the way back says."""
    documents: dict[str, Any] = field(default_factory=dict)
    """Put in the place of what discovery says."""
    is_down: bool = False
    closed: set[str] = field(default_factory=set)
    """People whose accounts are closed."""
    known_since: float | None = None
    """When the person authenticated, unless they must do it now."""
    refreshes: dict[str, Refresh] = field(default_factory=dict)
    gives_refresh: bool = True
    rotates: bool = True
    refresh_lasts: float = 12 * 3600
    refresh_error: str = ""
    """What it answers to a refresh instead."""
    refresh_wrong: Wrong | None = None
    """Changes the header and the claims of an ID token that comes with a refresh."""
    id_token_again: bool = True
    """Whether an ID token comes with a refresh."""
    held_back: asyncio.Event | None = None
    """Answers to refreshes wait for it."""
    keys_held_back: asyncio.Event | None = None
    """Its public keys wait for it."""
    revokes: bool = True
    """Whether it offers to revoke tokens."""
    revocations_held_back: asyncio.Event | None = None
    """Answers to revocations wait for it."""
    revocation_errors: int = 0
    """How many of the next revocations it does not manage."""
    revocation_error: str = ""
    """What it answers to a revocation instead."""
    sids: list[str] = field(default_factory=list)
    extra_claims: dict[str, Any] = field(default_factory=dict)
    server: TestServer | None = None

    @property
    def issuer(self) -> str:
        assert self.server is not None
        return str(self.server.make_url("")).rstrip("/")

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._guarded(self._discovery))
        app.router.add_get("/keys", self._guarded(self._keys))
        app.router.add_post("/par", self._guarded(self._push))
        app.router.add_get("/authorize", self._guarded(self._authorize))
        app.router.add_get("/chosen", self._guarded(self._chosen))
        app.router.add_post("/token", self._guarded(self._token))
        app.router.add_post("/revoke", self._guarded(self._revoke))
        self.server = TestServer(app, host="127.0.0.1")
        await self.server.start_server()

    async def close(self) -> None:
        assert self.server is not None
        await self.server.close()

    def _guarded(self, act: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        async def handler(request: web.Request) -> web.Response:
            self.asked.append(request.path)
            if self.is_down:
                return web.Response(status=503)
            try:
                return await act(request)  # type: ignore[no-any-return]
            except Refused as refused:
                self.refusals.append(str(refused))
                if "text/html" in request.headers.get("Accept", ""):
                    page = f"<!doctype html><html lang=en><title>No</title><h1>No: {refused}</h1></html>"
                    return web.Response(text=page, content_type="text/html", status=400)
                return web.json_response({"error": refused.error}, status=400, headers=self._nonce_header())

        return handler

    async def _discovery(self, _: web.Request) -> web.Response:
        here = self.issuer
        found = {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "pushed_authorization_request_endpoint": f"{here}/par",
            "authorization_response_iss_parameter_supported": self.profile == "helseid",
        }
        if self.revokes:
            found["revocation_endpoint"] = f"{here}/revoke"
        return web.json_response(found | self.documents)

    async def _keys(self, _: web.Request) -> web.Response:
        if self.keys_held_back:
            await self.keys_held_back.wait()
        public = self.key.as_dict(private=False) | {"use": "sig", "kid": self.key.kid}
        return web.json_response({"keys": [public]})

    async def _push(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        self._check_client(form)
        if "request_uri" in form:
            raise Refused("request_uri pushed")
        self._check_request(form)
        reference = f"urn:ietf:params:oauth:request_uri:{secrets.token_hex(16)}"
        self.pushed[reference] = form
        return web.json_response({"request_uri": reference, "expires_in": 60}, status=201)

    async def _authorize(self, request: web.Request) -> web.Response:
        asked = dict(request.query)
        if self.profile == "helseid":
            if set(asked) != {"client_id", "request_uri"}:
                raise Refused("not pushed")
            found = self.pushed.pop(asked["request_uri"], None)
            if found is None or asked["client_id"] != self.client_id:
                raise Refused("request_uri unknown")
            asked = found
        else:
            self._check_request(asked)
        if not self.asks_who:
            raise web.HTTPFound(self._way_back(asked, self.person))
        reference = secrets.token_hex(8)
        self.pushed[reference] = asked
        links = "".join(
            f'<p><a id="{name}" href="/chosen?who={name}&at={reference}">{escape(name)}</a></p>'
            for name in (KARI, ANNE, STRANGER)
        )
        page = f"<!doctype html><html lang=en><title>Provider</title><h1>Who are you?</h1>{links}</html>"
        return web.Response(text=page, content_type="text/html")

    async def _chosen(self, request: web.Request) -> web.Response:
        asked = self.pushed.pop(request.query["at"])
        raise web.HTTPFound(self._way_back(asked, request.query["who"]))

    def _way_back(self, asked: Mapping[str, str], person: str) -> str:
        code = secrets.token_hex(16)
        self.codes[code] = Code(asked, person)
        answer = {"code": code, "state": asked["state"]}
        if self.profile == "helseid":
            answer["iss"] = self.issuer
        answer |= self.answers
        return f"{asked['redirect_uri']}?{urlencode({k: v for k, v in answer.items() if v})}"

    async def _token(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        thumbprint = self._check_proof(request) if self.profile == "helseid" else None
        if self.profile != "helseid" and "DPoP" in request.headers:
            raise Refused("a proof nobody asked for")
        self._check_client(form)
        if form.get("grant_type") == "refresh_token":
            return await self._refresh(form, thumbprint)
        if form.get("grant_type") != "authorization_code":
            raise Refused("grant_type")
        code = self.codes.get(form.get("code", ""))
        if code is None or code.used:
            raise Refused("code")
        code.used = True
        if form.get("redirect_uri") != code.request["redirect_uri"]:
            raise Refused("redirect_uri")
        if _challenge(form.get("code_verifier", "")) != code.request["code_challenge"]:
            raise Refused("code_verifier")
        if thumbprint is not None and code.request.get("dpop_jkt") != thumbprint:
            raise Refused("dpop_jkt")
        token = {
            "access_token": secrets.token_hex(16),
            "token_type": "DPoP" if thumbprint else "Bearer",
            "id_token": self._id_token(code),
        }
        scope = code.request["scope"]
        if self.gives_refresh and "offline_access" in scope.split():
            token["refresh_token"] = self._new_refresh(code, scope, thumbprint)
        return web.json_response(token, headers=self._nonce_header())

    def _new_refresh(self, code: Code, scope: str, thumbprint: str | None) -> str:
        token = secrets.token_hex(24)
        self.refreshes[token] = Refresh(code, scope, thumbprint, self.clock())
        return token

    async def _refresh(self, form: Mapping[str, str], thumbprint: str | None) -> web.Response:
        """RFC 6749, section 6, with rotation: a token that comes twice ends all tokens of its sign-in."""
        self.asked.append("refresh")
        if self.held_back is not None:
            await self.held_back.wait()
        if self.refresh_error:
            raise Refused(f"refresh {self.refresh_error}", self.refresh_error)
        found = self.refreshes.get(form.get("refresh_token", ""))
        if found is None:
            raise Refused("refresh_token unknown", "invalid_grant")
        if found.revoked:
            raise Refused("refresh_token revoked", "invalid_grant")
        if found.used:
            self._end_family(found)
            raise Refused("refresh_token reused", "invalid_grant")
        if found.thumbprint != thumbprint:
            raise Refused("refresh proof key", "invalid_dpop_proof")
        if not set(form.get("scope", found.scope).split()) <= set(found.scope.split()):
            raise Refused("refresh scope", "invalid_scope")
        if set(form) & {"code", "redirect_uri", "code_verifier"}:
            raise Refused("refresh fields", "invalid_request")
        if self.clock() - found.given_at >= self.refresh_lasts:
            raise Refused("refresh_token expired", "invalid_grant")
        if found.code.person in self.closed:
            raise Refused("account closed", "invalid_grant")
        answer: dict[str, object] = {"access_token": secrets.token_hex(16)}
        answer["token_type"] = "DPoP" if thumbprint else "Bearer"
        if self.rotates:
            found.used = True
            answer["refresh_token"] = self._new_refresh(found.code, found.scope, thumbprint)
        if self.id_token_again:
            answer["id_token"] = self._id_token(found.code, again=True)
        return web.json_response(answer, headers=self._nonce_header())

    async def _revoke(self, request: web.Request) -> web.Response:
        """RFC 7009: the client proves who it is, and so does the holder of a token that is bound to a key. A
        token that was used up or revoked is none, and the answer is the same; nothing else is revoked then.
        """
        form = await self._form(request)
        if self.revocations_held_back is not None:
            await self.revocations_held_back.wait()
        if self.revocation_errors:
            self.revocation_errors -= 1
            return web.Response(status=503)
        if self.revocation_error:
            raise Refused(f"revocation {self.revocation_error}", self.revocation_error)
        thumbprint = self._check_proof(request) if self.profile == "helseid" else None
        if self.profile != "helseid" and "DPoP" in request.headers:
            raise Refused("a proof nobody asked for")
        self._check_client(form)
        if {name for name in form if not name.startswith("client_")} != {"token", "token_type_hint"}:
            raise Refused("revocation fields", "invalid_request")
        if form["token_type_hint"] != "refresh_token":
            raise Refused("token_type_hint", "unsupported_token_type")
        found = self.refreshes.get(form["token"])
        if found is None:
            raise Refused("revoked token unknown", "invalid_request")  # the standard lets it pass
        if found.client:
            raise Refused("revoked token of another client", "invalid_client")
        if found.thumbprint != thumbprint:
            raise Refused("revocation proof key", "invalid_dpop_proof")
        found.revoked = found.revoked or not found.used
        return web.Response(headers=self._nonce_header())

    def live_tokens(self) -> list[str]:
        """The refresh tokens that still work."""
        return [token for token, one in self.refreshes.items() if not (one.used or one.revoked)]

    def _end_family(self, found: Refresh) -> None:
        for one in self.refreshes.values():
            one.used = one.used or one.code is found.code

    def _id_token(self, code: Code, *, again: bool = False) -> str:
        at, sid = int(self.clock()), secrets.token_hex(8)
        if not again:
            self.sids.append(sid)
        must_authenticate = code.request.get("prompt") == "login"
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": code.person,
            "aud": self.client_id,
            "exp": at + 300,
            "iat": at,
            "auth_time": int(self.known_since) if self.known_since and not must_authenticate else at,
            "nonce": code.request["nonce"],
            "sid": sid,
        }
        claims |= self.extra_claims
        header: dict[str, Any] = {"alg": "PS256", "kid": self.key.kid}
        if again:
            del claims["nonce"], claims["sid"]
            if self.refresh_wrong is not None:
                self.refresh_wrong(header, claims)
            return jwt.encode(header, claims, self.key, algorithms=[header["alg"]])
        if self.forged is not None:
            return self.forged(claims)
        if self.wrong is not None:
            self.wrong(header, claims)
        return jwt.encode(header, claims, self.key, algorithms=[header["alg"]])

    def logout_token(self, **changes: Any) -> str:
        """A token that says the session has ended; what is None is left out."""
        at = int(self.clock())
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": at,
            "exp": at + 120,
            "jti": secrets.token_hex(8),
            "sub": KARI,
            "events": {LOGOUT_EVENT: {}},
        } | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "PS256", "kid": self.key.kid, "typ": "logout+jwt"}
        return jwt.encode(header, claims, self.key, algorithms=["PS256"])

    async def _form(self, request: web.Request) -> dict[str, str]:
        if request.content_type != "application/x-www-form-urlencoded":
            raise Refused("content type")
        return {name: str(value) for name, value in (await request.post()).items()}

    def _check_request(self, asked: Mapping[str, str]) -> None:
        rules = {
            "client_id": asked.get("client_id") == self.client_id,
            "response_type": asked.get("response_type") == "code",
            "redirect_uri": asked.get("redirect_uri") == self.redirect_uri,
            "scope": "openid" in asked.get("scope", "").split(),
            "state": len(asked.get("state", "")) >= 32,
            "nonce": len(asked.get("nonce", "")) >= 32,
            "code_challenge": len(asked.get("code_challenge", "")) == 43,
            "code_challenge_method": asked.get("code_challenge_method") == "S256",
        }
        for rule, is_kept in rules.items():
            if not is_kept:
                raise Refused(rule)

    def _check_client(self, form: Mapping[str, str]) -> None:
        """RFC 7523, as HelseID narrows it: for the issuer, a minute at most, and once."""
        if form.get("client_assertion_type") != ASSERTION or form.get("client_id") != self.client_id:
            raise Refused("client_assertion_type")
        key = import_key(dict(self.client_key))
        try:
            token = jwt.decode(form.get("client_assertion", ""), key, algorithms=["PS256", "ES256"])
        except (JoseError, ValueError):
            raise Refused("client_assertion") from None
        claims, header, at = token.claims, token.header, self.clock()
        is_strict = self.profile == "helseid"
        rules = {
            "assertion typ": header.get("typ") == ("client-authentication+jwt" if is_strict else "JWT"),
            "assertion key": header.get("kid") == self.client_key["kid"]
            if is_strict
            else header.get("x5t#S256") == self.certificate,
            "assertion iss": claims.get("iss") == claims.get("sub") == self.client_id,
            "assertion aud": claims.get("aud") == (self.issuer if is_strict else f"{self.issuer}/token"),
            "assertion exp": at - 5 < claims.get("exp", 0) <= at + 60 + 5,
            "assertion nbf": claims.get("nbf", at + 99) <= at + 5,
            "assertion jti": bool(claims.get("jti")) and claims["jti"] not in self.used_ids,
        }
        for rule, is_kept in rules.items():
            if not is_kept:
                raise Refused(rule)
        self.used_ids.add(claims["jti"])

    def _check_proof(self, request: web.Request) -> str:
        """RFC 9449: the proof is for this request, with our nonce, and new. Return its key's thumbprint."""
        proof = request.headers.get("DPoP", "")
        try:
            header = json.loads(base64.urlsafe_b64decode(proof.partition(".")[0] + "=="))
            key = ECKey.import_key(header["jwk"])
            claims = jwt.decode(proof, key, algorithms=["ES256"]).claims
        except (JoseError, ValueError, KeyError):
            raise Refused("invalid_dpop_proof") from None
        if claims.get("nonce") != self.nonce:
            raise Refused("use_dpop_nonce")
        rules = {
            "proof typ": header.get("typ") == "dpop+jwt",
            "proof jwk": set(header["jwk"]) == {"kty", "crv", "x", "y"},
            "proof htm": claims.get("htm") == "POST",
            "proof htu": claims.get("htu") == f"{self.issuer}{request.path}",
            "proof iat": abs(claims.get("iat", 0) - self.clock()) <= 60,
            "proof jti": bool(claims.get("jti")) and claims["jti"] not in self.used_ids,
        }
        for rule, is_kept in rules.items():
            if not is_kept:
                raise Refused(rule)
        self.used_ids.add(claims["jti"])
        return key.thumbprint()

    def _nonce_header(self) -> dict[str, str]:
        return {"DPoP-Nonce": self.nonce} if self.profile == "helseid" else {}


def _challenge(verifier: str) -> str:
    if not 43 <= len(verifier) <= 128:
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


async def tell_of_the_end(address: str, token: str) -> int:
    """Post a logout token as a provider does: from a server, without cookies or an Origin."""
    async with ClientSession() as session, session.post(address, data={"logout_token": token}) as answer:
        return answer.status
