"""The words of what people correct and why they reject, in the workbench; part of labels.py."""

WORKBENCH: dict[str, tuple[str, str]] = {
    "abuse.who": ("谁说的", "Whose words"),
    "abuse.target": ("对谁", "Against whom"),
    "both": ("双方", "Both"),
    "unit": ("部门或单位", "A public body"),
    "other": ("第三人", "A third person"),
    "roles": ("角色", "Roles"),
    "swapped": ("已对调", "Swapped"),
    "as_heard": ("按机器分辨", "As the machine heard"),
    "comment": ("备注", "Comment"),
    "scorecard": ("评分表", "Scorecard"),
    # what becomes of a draft work order
    "order.draft": ("待派", "To be sent"),
    "order.sent": ("已派", "Sent"),
    "order.returned": ("已退", "Returned"),
    "order.merged": ("已并", "Merged"),
    "possible": ("可能的威胁", "Possible threat"),
    "second": ("复评", "Second"),
    # reasons of a rejection
    "not.tone": ("语气急，没有辱骂", "Upset, but no abuse"),
    "not.quoted": ("转述别人的话", "Quotes somebody else"),
    "not.elsewhere": ("对事不对人", "About the matter, not a person"),
    "not.misheard": ("听写有误", "Misheard"),
    "not.wrong": ("机器判断不对", "The machine is wrong"),
    "not.unclear": ("听不清，无法判断", "Cannot be told from the sound"),
}
