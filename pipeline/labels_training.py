"""The words of `lingsu train`, `lingsu eval-text` and the model card; labels.py takes them in.

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
    "baseline": (
        "对照 TF-IDF + LinearSVC：准确率 / 宏平均 F1",
        "Baseline TF-IDF + LinearSVC: accuracy / macro F1",
    ),
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
    "step.baseline": ("对照", "baseline"),
    "step.measure": ("测量", "measuring"),
    "threshold.none": (
        "没有：在测量文本上，任何概率都达不到错误率 {error:.1%}。",
        "none: at no probability were only {error:.1%} of the measured texts wrong.",
    ),
    "threshold.found": (
        "概率不低于 {threshold:.3f} 时，测量文本上错误率不超过 {error:.1%}"
        "（95% 区间 {low:.3f}–{high:.3f}），可答 {share:.1%}；存于权重。",
        "from {threshold:.3f} on at most {error:.1%} of the measured texts were wrong"
        " (95 %: {low:.3f}–{high:.3f}), {share:.1%} are answered; kept in the weights.",
    ),
    "limit.few": (
        "测量文本不足 {number} 条的标签，F1 只可参考：{labels}。",
        "Fewer than {number} measured texts, so their F1 says little: {labels}.",
    ),
    "limit.threshold": (
        "阈值就在这些测量文本上选定，换一批文本错误率会高一些："
        "请用 lingsu eval-text 在新数据上核对。",
        "The threshold was chosen on these very texts; expect more errors on others and check"
        " with lingsu eval-text.",
    ),
    "plot": ("校准图在 {}", "The reliability plot is in {}"),
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
        "研判目前只听 department、emotion 的分类器：这份权重可以测量，还不影响研判",
        "Judging listens to department and emotion only: these weights can be measured, and"
        " do not change results yet",
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
