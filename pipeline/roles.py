"""Who works with the review workbench; the web pages, the store and the commands say the same.

Which role may open which page stands beside the page (pipeline/web/guard.py).
"""

SUPERVISOR = "supervisor"  # 值班主管: flagged calls
CLERK = "clerk"  # 质检员: scorecards
AGENT = "agent"  # 话务员: own calls and scores, nobody else's
DISPATCHER = "dispatcher"  # 派单员: draft work orders
LEAD = "lead"  # 班长: figures, search
ADMIN = "admin"  # 管理员: accounts, retention, audit; no calls
ROLES = (SUPERVISOR, CLERK, AGENT, DISPATCHER, LEAD, ADMIN)
HEARING = (SUPERVISOR, CLERK, DISPATCHER, LEAD)  # may open any call
REVEALING = (SUPERVISOR, DISPATCHER)  # may see a number in full; each time is in the audit
