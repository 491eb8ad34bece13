"""What can be learnt from a city's history, and what its labels must be called.

A task is one decision of judging. Its labels are the values that the stage knows: whatever
else stands in a history cannot be used, and is listed. Used by dataset.py and the commands.
"""

from collections.abc import Mapping
from pathlib import Path

from pipeline.domain.profile import HERE, Profile
from pipeline.domain.schema import EMOTIONS, OUTCOMES, REQUEST_TYPES
from pipeline.errors import InputInvalid
from pipeline.labels import word
from pipeline.stages.abuse import LEVELS

URGENCIES = ("一般", "紧急", "特急")
# whose classifiers the stages listen to: of appeals in writing all but emotion, of calls the
# units, as one sign among others, and emotion, turn by turn
HEARD = ("department", "emotion", "request_type", "scope", "urgency")
FELT = ("abuse", "emotion")  # whose classifiers look at signs of feeling too (models/grams.py)
# Headers of a label's column in exports we have seen, in lower case, best first.
LABEL_COLUMNS: dict[str, tuple[str, ...]] = {
    "department": (
        "department", "承办单位", "主办单位", "责任单位", "处理单位", "办理单位", "派单单位",
        "部门",
    ),
    "scope": ("scope", "outcome", "受理结果", "受理判断"),
    "request_type": ("request_type", "诉求类型", "诉求类别", "工单类型", "来电类型", "类型"),
    "abuse": ("abuse", "abuse_level", "辱骂程度", "辱骂"),
    "emotion": ("emotion", "情绪", "情感", "来电人情绪"),
    "urgency": ("urgency", "紧急程度", "紧急级别", "优先级"),
}  # fmt: skip
TASKS = tuple(LABEL_COLUMNS)
ANY_LABEL = ("label", "标签", "类别", "分类")


def label_columns(task: str) -> tuple[str, ...]:
    """The headers that a label's column may go by: the task's own first."""
    return LABEL_COLUMNS[task] + ANY_LABEL


def understood(task: str, profile: Profile) -> Mapping[str, str]:
    """A label as histories write it -> as judging writes it.

    Departments go by their id, name and aliases in the profile, the others by their value or
    its Chinese word.
    """
    if task == "department":
        units = profile.departments
        called = {name: unit.id for unit in units for name in (*unit.aliases, unit.name)}
        return called | {unit.id: unit.id for unit in units}
    values = {
        "scope": OUTCOMES,
        "request_type": REQUEST_TYPES,
        "abuse": LEVELS,
        "emotion": EMOTIONS,
        "urgency": URGENCIES,
    }[task]
    return {word(value): value for value in values} | {value: value for value in values}


def weights_folder(task: str, profile: Profile) -> Path:
    """Where judging under this profile looks first. Raises InputInvalid for a built-in one:
    what comes with the program is not written to."""
    if profile.folder.resolve().is_relative_to(HERE.resolve()):
        raise InputInvalid(
            f"自带的配置 {profile.name} 里不放本市的权重：请建一个文件夹（可以是空的）并用 "
            "--profile 指定，或用 --out 另指地方"
        )
    return profile.folder / "weights" / task
