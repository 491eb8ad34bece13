"""The words of `lingsu train`, `eval`, `eval-text` and the model card; labels.py has them all.

`out.` are the reasons why rows of a history are not used; docs/operations.md explains them.
"""

TRAINING: dict[str, str] = {
    "trained": "Trained",
    "weights": "Weights",
    "columns": "Text / label column",
    "texts": "Texts",
    "features": "Features",
    "left_out": "Rows left out",
    "from": "Data",
    "from.train": "training",
    "from.dev": "measuring",
    "figures": "Figures",
    "figure": "Figure",
    "interval": "95 %",
    "accuracy": "Accuracy",
    "macro_f1": "Macro F1",
    "top3": "Top 3",
    "calibration_error": "Calibration error",
    "coverage_at_error": "Answered at {:.1%} errors",
    "coverage_at_threshold": "Answered from {:.3f} (weights)",
    "error_there": "Wrong among these",
    "from_probability": "from probability {:.3f}",
    "not_reached": "at no probability",
    "refused": "Refused",
    "rates": "Thresholds of the weights",
    "errors_allowed": "Errors allowed",
    "answered": "Answered",
    "wrong": "Wrong of these",
    "sets": "Prediction sets",
    "promised": "Promised",
    "held": "Held the label",
    "labels_each": "Labels",
    "alone": "One only",
    "confidences": "What confidences are worth",
    "at_most": "Could be sure of",
    "sure": "Sure",
    "shown": "Units shown: the decision and its alternatives",
    "evaluation": "Evaluation",
    "metric": "Metric",
    "meaning": "Meaning",
    "note": "Note",
    "most_mistakes": "Most mistakes",
    "got": "Got",
    "curve": "Coverage and error: {}",
    "baseline": "Baseline TF-IDF + LinearSVC: accuracy / macro F1",
    "encoder": "Encoder (licence)",
    "ngrams_alone": "N-grams alone: accuracy / macro F1",
    "by_label": "By label",
    "label": "Label",
    "precision": "Precision",
    "recall": "Recall",
    "confusions": "Most frequent confusions",
    "wanted": "Wanted",
    "given": "Given",
    "share_of_wanted": "Of the wanted",
    "calibration": "Calibration",
    "probability": "Probability",
    "mean": "Mean",
    "out.no_text": "no words",
    "out.no_label": "no label",
    "out.not_listed": "labels that the recipe does not list",
    "out.not_understood": "labels that judging does not know",
    "out.repeated": "repeats an earlier row",
    "out.contradicts": "an earlier row's text, another label",
    "out.rare": "labels with fewer than 20 texts",
    "out.in_training": "trained on",
    "out.not_learnt": "labels that were not learnt",
    "step.read": "reading",
    "step.features": "features",
    "step.fold": "folds",
    "step.whole": "training",
    "step.epoch": "fine-tuning",
    "step.weigh": "weighing",
    "step.baseline": "baseline",
    "step.measure": "measuring",
    "card.marks": " Beside them exclamation marks and the like, and emoticons.",
    "card.folds": "cross-validation on the training texts",
    "card.tenth": "a held-out tenth of the training texts",
    "card.encoder": (
        "Encoder: {name}, fine-tuned on the training texts; licence: {licence}. These weights"
        " derive from it and are under the same licence. It reads the texts, names and digits"
        " hidden, and may remember pieces: keep it as you keep the data. Its scores are divided"
        " by {theirs:.2f}, the n-grams' by {own:.2f}, then added; the divisors"
        " come from that tenth as well."
    ),
    "card.alone": "N-grams alone: accuracy {accuracy:.3f}, macro F1 {f1:.3f}.",
    "limit.few": "Fewer than {number} measured texts, so their F1 says little: {labels}.",
    "plot": "Reliability plot: {}; coverage: {}",
    "trained.resumed": "Went on where it was stopped: {steps} steps had been done",
    "trained.strange": (
        "Most of the data was not used: judging does not know the labels of {rows} rows; say"
        " what they are in a --recipe ([labels])"
    ),
    "trained.next": "Measure on new data: lingsu eval-text {task} NEW.csv --profile {profile}",
    "trained.judge": "Judge with the new weights: lingsu judge --profile {profile}",
    "trained.unheard": (
        "Judging does not listen to a classifier of abuse yet: these weights can be measured,"
        " and do not change results"
    ),
    "trained.elsewhere": (
        "Judging reads weights/{task} in the profile's folder: put these there to use them"
    ),
    "same_data": "This is the very file that was trained on: its figures are too good",
}
