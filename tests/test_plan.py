"""The plan: each stage finds what it needs, and what it says it adds is there to be added."""

import ast
import inspect
from dataclasses import fields
from pathlib import Path

import pytest

from pipeline.plan import HEAR, JUDGE
from pipeline.records import Call

FIELDS = {field.name for field in fields(Call)}
STAGES = (*HEAR, *JUDGE)
MADE = {"recording", "language"}  # what a Call has before any stage


def test_every_stage_finds_what_it_needs():
    there = set(MADE)
    for stage in STAGES:
        lacking = set(stage.needs) - there
        assert not lacking, f"{stage.__name__} needs {lacking}, which no stage before it adds"
        there |= set(stage.adds)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_a_stage_names_only_fields_of_a_call(stage):
    assert set(stage.needs) | set(stage.adds) <= FIELDS
    assert stage.adds, "a stage that adds nothing has no place here"


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_a_stage_lives_in_the_file_of_its_name(stage):
    assert stage.__module__ == f"pipeline.stages.{stage.__name__}"
    assert stage.__doc__


def test_stage_names_tell_hearing_from_judging():
    assert len({stage.__name__ for stage in STAGES}) == len(STAGES)


def test_all_of_a_call_is_filled_by_some_stage():
    filled = {name for stage in STAGES for name in stage.adds} | MADE
    assert FIELDS - filled == set()


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_a_stage_reads_no_field_of_the_call_that_it_does_not_declare(stage):
    tree = ast.parse(Path(inspect.getfile(stage)).read_text(encoding="utf-8"))
    read = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "call"
    }
    assert read & FIELDS <= {*stage.needs, *stage.adds, "recording"}
