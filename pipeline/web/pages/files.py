"""Scripts and styles: those shipped, by their name, and nothing else."""

import mimetypes

from fastapi import HTTPException, Request
from starlette.responses import Response

from pipeline.web import guard
from pipeline.web.guard import public

router = guard.pages()
KEPT = "public, max-age=31536000, immutable"  # the address changes with the content


@router.get("/static/{name}")
@public
def static(request: Request, name: str) -> Response:
    """A file of static/."""
    content = request.app.state.bench.static.get(name)
    if content is None:
        raise HTTPException(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(content, media_type=kind, headers={"Cache-Control": KEPT})
