"""The words of `lingsu push`; part of labels.py. Reasons are explained in docs/push.md."""

PUSH: dict[str, tuple[str, str]] = {
    "push.title": ("推送工单草稿", "Work orders sent"),
    "push.accepted": ("对方已收", "Accepted"),
    "push.before": ("此前已收，不再发", "Accepted before"),
    "push.changed": ("收后有改动，未再发", "Changed since, not sent again"),
    "push.waiting": ("等人复核，未发（通）", "Calls that wait for a person"),
    "push.elsewhere": ("另一个进程正在发", "Left to another process"),
    "push.unsent": ("没有轮到", "Not tried"),
    "push.left": ("没有送达", "Not delivered"),
    "push.refused_before": ("此前被拒收，等人处理", "Refused before, waiting for a person"),
    "push.sending": ("正在发，或发时被中断", "Being sent, or cut short"),
    "push.target": ("发往", "Sent to"),
    "push.attempts": ("次数", "Attempts"),
    "push.receipts": ("回执", "Receipts"),
    "push.order": ("工单", "Order"),
    "push.receipt": ("回执号", "Receipt"),
    "push.status": ("HTTP", "HTTP"),
    "push.said": ("对方的话", "What the other side says"),
    "push.stopped": (
        "已停止：{}；没有轮到的下次运行会发",
        "Stopped: {}. What was not tried goes with the next run",
    ),
    "push.again": (
        "没有送达的在 {file}；解决后重发：{command} --dead-letter {file}",
        "What was not delivered is in {file}; send it again with:"
        " {command} --dead-letter {file}",
    ),
    "push.changed_hint": (
        "收后有改动的草稿要再发，请加 --changed（工单编号不变，由对方更新）",
        "Drafts that changed since are sent again with --changed (same order_id: an update)",
    ),
    # reasons
    "push.timeout": ("对方没有回应（超时）", "No answer in time"),
    "push.unreachable": ("连不上对方", "The other side cannot be reached"),
    "push.certificate": ("对方的证书不可信", "The certificate is not trusted"),
    "push.broken": ("连接中断，或答的不是 HTTP", "The connection broke, or it was no HTTP"),
    "push.busy": ("对方忙，要求稍后再发", "The other side asks to come later"),
    "push.server_error": ("对方系统出错", "The other system failed"),
    "push.no_receipt": ("答复里没有回执号", "The answer holds no receipt number"),
    "push.redirect": ("对方要求转到别的地址", "The other side points elsewhere"),
    "push.unauthorized": ("口令不对或没有权限", "The token is wrong or lacks the right"),
    "push.no_such_place": ("没有这个地址", "There is no such address"),
    "push.refused": ("对方不收这张工单", "The order was refused"),
    # what to do about it, for the dispatcher's page
    "push.fix.later": (
        "下次推送时自动再发，不用做什么",
        "It goes again with the next push by itself",
    ),
    "push.fix.settings": (
        "请管理员检查推送地址、口令和证书；之后自动再发",
        "The administrator should check address, token and certificate; then it goes by itself",
    ),
    "push.fix.refused": (
        "收回，按对方的话改好，再派出",
        "Take it back, correct what the other side says, and send it again",
    ),
}
