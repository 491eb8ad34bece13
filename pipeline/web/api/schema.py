"""The description of /api/v1 that programs read: OpenAPI."""

from typing import Any

from fastapi import Request
from fastapi.openapi.utils import get_openapi

from pipeline import __version__
from pipeline.roles import ROLES
from pipeline.web import guard
from pipeline.web.guard import may

router = guard.programs()


@router.get("/openapi.json", include_in_schema=False)
@may(*ROLES)
def describe(request: Request) -> dict[str, Any]:
    """What there is, and who may."""
    made = get_openapi(title="Lingsu", version=__version__, routes=request.app.routes)
    made.setdefault("components", {})["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"}
    }
    made["security"] = [{"token": []}]
    for route in request.app.routes:
        for method in route.methods:
            place = made["paths"].get(route.path, {}).get(method.lower())
            if place is not None:
                place["x-roles"] = sorted(route.roles)
    return made
