"""The words of `lingsu train`, `eval`, `eval-text` and the model card; labels.py has them all.

`out.` are the reasons why rows of a history are not used; docs/operations.md explains them.
"""

TRAINING: dict[str, tuple[str, str]] = {
    "trained": ("训练结果", "Trained"),
    "weights": ("权重", "Weights"),
    "columns": ("正文列 / 标签列", "Text / label column"),
    "texts": ("条数", "Texts"),
    "features": ("特征", "Features"),
    "left_out": ("没有用到的行", "Rows left out"),
    "from": ("数据", "Data"),
    "from.train": ("训练", "training"),
    "from.dev": ("测量", "measuring"),
    "figures": ("指标", "Figures"),
    "figure": ("指标", "Figure"),
    "interval": ("95% 区间", "95 %"),
    "accuracy": ("准确率", "Accuracy"),
    "macro_f1": ("宏平均 F1", "Macro F1"),
    "top3": ("前三命中", "Top 3"),
    "calibration_error": ("校准误差 ECE", "Calibration error"),
    "coverage_at_error": ("错误率不超过 {:.1%} 时可答", "Answered at {:.1%} errors"),
    "coverage_at_threshold": (
        "概率不低于 {:.3f}（权重自带）可答",
        "Answered from {:.3f} (weights)",
    ),
    "error_there": ("其中答错", "Wrong among these"),
    "from_probability": ("概率不低于 {:.3f}", "from probability {:.3f}"),
    "not_reached": ("任何概率都达不到", "at no probability"),
    "refused": ("拒答", "Refused"),
    "rates": ("权重自带的阈值", "Thresholds of the weights"),
    "errors_allowed": ("允许错误率", "Errors allowed"),
    "answered": ("可答", "Answered"),
    "wrong": ("其中答错", "Wrong of these"),
    "sets": ("候选标签", "Prediction sets"),
    "promised": ("承诺覆盖", "Promised"),
    "held": ("含正确标签", "Held the label"),
    "labels_each": ("平均个数", "Labels"),
    "alone": ("只有一个", "One only"),
    "confidences": ("研判的把握", "What confidences are worth"),
    "at_most": ("至多可答", "Could be sure of"),
    "sure": ("拿得准", "Sure"),
    "shown": ("结论和候选单位", "Units shown: the decision and its alternatives"),
    "evaluation": ("评估", "Evaluation"),
    "metric": ("指标", "Metric"),
    "meaning": ("含义", "Meaning"),
    "note": ("说明", "Note"),
    "most_mistakes": ("错得最多", "Most mistakes"),
    "got": ("得到", "Got"),
    "curve": ("可答与错误率的曲线在 {}", "Coverage and error: {}"),
    "baseline": (
        "对照 TF-IDF + LinearSVC：准确率 / 宏平均 F1",
        "Baseline TF-IDF + LinearSVC: accuracy / macro F1",
    ),
    "encoder": ("编码器（许可证）", "Encoder (licence)"),
    "ngrams_alone": ("只用字词：准确率 / 宏平均 F1", "N-grams alone: accuracy / macro F1"),
    "by_label": ("各标签", "By label"),
    "label": ("标签", "Label"),
    "precision": ("精确率", "Precision"),
    "recall": ("召回率", "Recall"),
    "confusions": ("最常见的混淆", "Most frequent confusions"),
    "wanted": ("应为", "Wanted"),
    "given": ("答成", "Given"),
    "share_of_wanted": ("占应为的", "Of the wanted"),
    "calibration": ("校准", "Calibration"),
    "probability": ("概率", "Probability"),
    "mean": ("平均", "Mean"),
    "out.no_text": ("没有文字", "no words"),
    "out.no_label": ("没有标签", "no label"),
    "out.not_listed": ("对照表里没有的标签", "labels that the recipe does not list"),
    "out.not_understood": ("研判不认识的标签", "labels that judging does not know"),
    "out.repeated": ("与前面的行重复", "repeats an earlier row"),
    "out.contradicts": ("与前面的行文字相同、标签不同", "an earlier row's text, another label"),
    "out.rare": ("不足 20 条的标签", "labels with fewer than 20 texts"),
    "out.in_training": ("与训练文本相同", "trained on"),
    "out.not_learnt": ("模型没学过的标签", "labels that were not learnt"),
    "step.read": ("读数据", "reading"),
    "step.features": ("取特征", "features"),
    "step.fold": ("交叉验证", "folds"),
    "step.whole": ("训练", "training"),
    "step.epoch": ("微调", "fine-tuning"),
    "step.weigh": ("合并", "weighing"),
    "step.baseline": ("对照", "baseline"),
    "step.measure": ("测量", "measuring"),
    "card.marks": (
        "另有重复的感叹号、问号、省略号和表情符号。",
        " Beside them exclamation marks and the like, and emoticons.",
    ),
    "card.folds": ("训练文本交叉验证", "cross-validation on the training texts"),
    "card.tenth": ("留出的十分之一训练文本", "a held-out tenth of the training texts"),
    "card.encoder": (
        "编码器：{name}，用训练文本微调，许可证：{licence}；这些权重由它而来，按同一许可证使用。"
        "它读遮去姓名、数字后的原文，可能记住原文片段：与训练数据同样保管。"
        "与字词分类器的分数各除以 {theirs:.2f}、{own:.2f} 后相加，除数也由那十分之一定出。"
        "只用字词：准确率 {accuracy:.3f}，宏平均 F1 {f1:.3f}。",
        "Encoder: {name}, fine-tuned on the training texts; licence: {licence}. These weights"
        " derive from it and are under the same licence. It reads the texts, names and digits"
        " hidden, and may remember pieces: keep it as you keep the data. Its scores are divided"
        " by {theirs:.2f}, the n-grams' by {own:.2f}, then added; the divisors"
        " come from that tenth as well."
        " N-grams alone: accuracy {accuracy:.3f}, macro F1 {f1:.3f}.",
    ),
    "limit.few": (
        "测量文本不足 {number} 条的标签，F1 只可参考：{labels}。",
        "Fewer than {number} measured texts, so their F1 says little: {labels}.",
    ),
    "plot": ("校准图在 {}，可答与错误率的曲线在 {}", "Reliability plot: {}; coverage: {}"),
    "trained.resumed": (
        "接着上次做：有 {steps} 步已经做好",
        "Went on where it was stopped: {steps} steps had been done",
    ),
    "trained.strange": (
        "多半数据没有用上：{rows} 行的标签研判不认识，请用 --recipe 写明对照（[labels] 表）",
        "Most of the data was not used: judging does not know the labels of {rows} rows; say"
        " what they are in a --recipe ([labels])",
    ),
    "trained.next": (
        "在新数据上测量：lingsu eval-text {task} 新数据.csv --profile {profile}",
        "Measure on new data: lingsu eval-text {task} NEW.csv --profile {profile}",
    ),
    "trained.judge": (
        "按新权重重新研判：lingsu judge --profile {profile}",
        "Judge with the new weights: lingsu judge --profile {profile}",
    ),
    "trained.unheard": (
        "研判还不听 abuse 的分类器：这份权重可以测量，还不影响研判",
        "Judging does not listen to a classifier of abuse yet: these weights can be measured,"
        " and do not change results",
    ),
    "trained.elsewhere": (
        "研判只读城市配置里的 weights/{task}：要用这份权重，请把文件夹放到那里",
        "Judging reads weights/{task} in the profile's folder: put these there to use them",
    ),
    "same_data": (
        "这正是训练所用的数据文件：指标偏高，不能当作效果",
        "This is the very file that was trained on: its figures are too good",
    ),
}
