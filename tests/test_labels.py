"""The words of the tables: no table's words overwrite another's."""

import ast
from pathlib import Path

from pipeline.labels_city import CITY
from pipeline.labels_columns import COLUMNS
from pipeline.labels_links import LINKS
from pipeline.labels_push import PUSH
from pipeline.labels_remedies import REMEDIES
from pipeline.labels_report import REPORT
from pipeline.labels_review import REVIEWING
from pipeline.labels_scorecard import SCORING
from pipeline.labels_ticket import TICKET
from pipeline.labels_training import TRAINING
from pipeline.labels_workbench import WORKBENCH


def test_a_word_is_defined_once():
    tree = ast.parse(Path("pipeline/labels.py").read_text(encoding="utf-8"))
    tables = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    own = [key.value for node in tables for key in node.keys if isinstance(key, ast.Constant)]
    keys = [*own, *CITY, *COLUMNS, *LINKS, *PUSH, *REMEDIES, *REPORT, *REVIEWING]
    keys += [*SCORING, *TICKET, *TRAINING, *WORKBENCH]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []
