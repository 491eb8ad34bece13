"""The columns in memory that the pages of a workbench count over and choose from."""

from starlette.applications import Starlette

from pipeline.web.desk import Desk
from pipeline.workbench.board import Board
from pipeline.workbench.columns import Table


def table(desk: Desk) -> Table:
    """The calls as the store has them now."""
    return _board(desk.request.app).fresh(desk.store)


def _board(app: Starlette) -> Board:
    if not hasattr(app.state, "board"):
        app.state.board = Board()
    return app.state.board
