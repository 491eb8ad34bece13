"""Signing in and out, the own password, the own tokens, the language."""

from fastapi import HTTPException
from starlette.responses import Response

from pipeline import passwords
from pipeline.catalogues import LANGUAGES
from pipeline.errors import InputInvalid
from pipeline.roles import ROLES
from pipeline.store import audit, sessions, tokens, users
from pipeline.web import guard, menu
from pipeline.web.desk import YEAR_S, ADesk, Desk, RowId, set_cookie
from pipeline.web.guard import may, public, safe_path

router = guard.pages()
WINDOW_S = 15 * 60.0
MOST_USER, MOST_ADDRESS = 10, 30  # failures in the window; beyond them nobody is let try
DAY_S = 24 * 3600.0


@router.get("/")
@may(*ROLES)
def start(desk: ADesk) -> Response:
    """The first page of the role."""
    return desk.go(menu.home(desk.request.app, desk.user.role))


@router.get("/login")
@public
def login(desk: ADesk, next: str = "") -> Response:
    """The form."""
    if desk.who is not None:
        return desk.go("/")
    return desk.page("login.html", next=safe_path(next) or "", name="", wrong="")


@router.post("/login")
@public
def sign_in(desk: ADesk) -> Response:
    """Check name and password; what fails says the same whether there is such a name."""
    name, password = desk.form.get("name", ""), desk.form.get("password", "")
    keys = _throttled(desk, name)
    user = users.find(desk.store, name)
    kept = user.password if user and user.disabled is None else None
    if not passwords.fits(kept, password) or user is None:
        sessions.failed(desk.store, keys, desk.bench.clock(), WINDOW_S)
        # a name that no account has may be a password typed into the wrong field
        tried = {"user": user.name if user else None, "from": desk.address}
        audit.note(desk.store, "", "login.failed", tried)
        values = {"next": safe_path(desk.form.get("next")) or "", "name": name}
        wrong = desk.t("Name or password is wrong.")
        return desk.page("login.html", status=401, wrong=wrong, **values)
    sessions.forgive(desk.store, keys[0])
    audit.note(desk.store, user.name, "login", {"from": desk.address})
    return _begin(desk, user.name, safe_path(desk.form.get("next")) or "/")


@router.post("/logout")
@may(*ROLES)
def sign_out(desk: ADesk) -> Response:
    """End the session, here and in the store."""
    sessions.end(desk.store, key=desk.user.id)
    audit.note(desk.store, desk.user.user, "logout", {"from": desk.address})
    answer = desk.go("/login")
    _drop(desk, answer, "lingsu")
    return answer


@router.get("/password")
@may(*ROLES)
def password(desk: ADesk) -> Response:
    """The form for another password."""
    return desk.page("password.html", wrong="", shortest=passwords.SHORTEST)


@router.post("/password")
@may(*ROLES)
def change_password(desk: ADesk) -> Response:
    """Keep another password. Every session of the person ends, and a new one begins."""
    old, new = desk.form.get("old", ""), desk.form.get("new", "")
    keys = _throttled(desk, desk.user.user)
    user = users.find(desk.store, desk.user.user)
    try:
        if user is None or not passwords.fits(user.password, old):
            sessions.failed(desk.store, keys, desk.bench.clock(), WINDOW_S)
            raise InputInvalid(desk.t("The password of today is wrong."))
        if new != desk.form.get("again", ""):
            raise InputInvalid(desk.t("The new password was typed in two ways."))
        if new == old:
            raise InputInvalid(desk.t("The new password is the old one."))
        passwords.check(new, user.name)
    except InputInvalid as error:
        values = {"wrong": str(error), "shortest": passwords.SHORTEST}
        return desk.page("password.html", status=400, **values)
    users.set_password(desk.store, user.name, passwords.hashed(new), by=desk.by, own=True)
    return _begin(desk, user.name, "/", flash=desk.t("The password is changed."))


@router.get("/account")
@may(*ROLES)
def account(desk: ADesk) -> Response:
    """Who one is, and the tokens of one's programs."""
    return _account(desk)


@router.post("/account/tokens")
@may(*ROLES)
def make_token(desk: ADesk) -> Response:
    """A new token, shown this once."""
    days = desk.form.get("days", "")
    if not days.isdecimal() or not 1 <= int(days) <= 366:
        raise InputInvalid(desk.t("A token lives 1 to 366 days."))
    expires = desk.bench.clock() + int(days) * DAY_S
    label = desk.form.get("label", "")
    made = tokens.make(desk.store, desk.user.user, label, expires, by=desk.by)
    return _account(desk, made=made)


@router.post("/account/tokens/{number}/revoke")
@may(*ROLES)
def revoke_token(desk: ADesk, number: RowId) -> Response:
    """End a token."""
    tokens.revoke(desk.store, desk.user.user, number, by=desk.by)
    return desk.go("/account", desk.t("The token is revoked."))


@router.post("/language")
@public
def language(desk: ADesk) -> Response:
    """Keep the language of the pages."""
    lang = desk.form.get("lang", "")
    if lang not in LANGUAGES:
        raise HTTPException(400)
    answer = desk.go(safe_path(desk.form.get("next")) or "/")
    answer.set_cookie("lingsu-lang", lang, max_age=YEAR_S, httponly=True, samesite="lax")
    return answer


def _account(desk: Desk, made: str = "") -> Response:
    listed = tokens.listing(desk.store, desk.user.user)
    return desk.page("account.html", tokens=listed, made=made, now=desk.bench.clock())


def _throttled(desk: Desk, name: str) -> tuple[str, str]:
    """The keys failures count under. Raises HTTPException 429: there were too many."""
    hashed = desk.bench.keyed
    keys = hashed("user", users.folded(name)), hashed("address", desk.address)
    since = desk.bench.clock() - WINDOW_S
    for key, most in zip(keys, (MOST_USER, MOST_ADDRESS), strict=True):
        if sessions.failures(desk.store, key, since) >= most:
            raise HTTPException(429, headers={"Retry-After": str(int(WINDOW_S))})
    return keys


def _begin(desk: Desk, user: str, path: str, flash: str | None = None) -> Response:
    """A new session under a new cookie; the one before it ends."""
    if desk.who is not None:
        sessions.end(desk.store, key=desk.who.id)
    now, cookie = desk.bench.clock(), guard.new_key()
    key = desk.bench.keyed("session", cookie)
    sessions.sweep(desk.store, now, desk.bench.limits)
    sessions.begin(desk.store, user, key, now, desk.address)
    if flash is not None:
        sessions.say(desk.store, key, flash)
    answer = desk.go(path)
    set_cookie(desk.bench, answer, "lingsu", cookie)
    _drop(desk, answer, "lingsu-before")
    return answer


def _drop(desk: Desk, answer: Response, name: str) -> None:
    set_cookie(desk.bench, answer, name, "", max_age=0)
