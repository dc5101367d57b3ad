"""What the platform is and promises; and the reader's own language and colours."""

from fastapi import Request
from starlette.responses import Response

from app.i18n import LOCALES
from app.routers.cookies import YEAR_SECONDS, settings_of
from app.routers.deps import noun_router, public
from app.routers.forms import Form
from app.routers.pages import local_path, redirect, render
from app.services.drafting_client import helper_of

router = noun_router()
THEMES = ("light", "dark", "system")


@router.get("/about")
@public("says what the platform is")
def about(request: Request) -> Response:
    return render(request, "about/about.html")


@router.get("/privacy")
@public("says what is kept and why")
def privacy(request: Request) -> Response:
    has_helper = helper_of(settings_of(request)) is not None
    return render(request, "about/privacy.html", has_helper=has_helper)


@router.get("/accessibility")
@public("says how well everyone can use it")
def accessibility(request: Request) -> Response:
    return render(request, "about/accessibility.html")


@router.get("/moderation-rules")
@public("says by which rules texts are hidden")
def moderation_rules(request: Request) -> Response:
    return render(request, "about/moderation_rules.html")


@router.post("/preferences")
@public("changes only the asker's own cookies")
def choose(request: Request, form: Form) -> Response:
    """Language and colours are two harmless cookies; nothing else hangs on them."""
    response = redirect(request, local_path(str(form.get("back", "/"))))
    if form.get("locale") in LOCALES:
        response.set_cookie("language", str(form["locale"]), max_age=YEAR_SECONDS, path="/", samesite="lax")
    if form.get("theme") in THEMES:
        response.set_cookie("theme", str(form["theme"]), max_age=YEAR_SECONDS, path="/", samesite="lax")
    return response
