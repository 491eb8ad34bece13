// The clerk's work beside the transcript: verdicts of the scorecard, corrections, comments.
"use strict";

(() => {
  const call = document.getElementById("call");
  const card = call.querySelector("[data-score]");
  const items = card ? Array.from(card.querySelectorAll("[data-score-item]")) : [];
  const again = !!card && "again" in card.dataset;

  const decide = (item, button) => {
    const verdict = button.dataset.verdict;
    const shown = item.querySelector(".verdict");
    const fields = { what: "change", item: item.dataset.scoreItem, to: verdict };
    Lingsu.change("decide", fields).then(() => {
      item.querySelectorAll("[data-verdict]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
      shown.textContent = button.lastChild.textContent.trim();
      shown.className = `verdict tag ${{ pass: "good", fail: "bad" }[verdict] || ""}`;
    }, Lingsu.failed);
  };

  // A digit on an item of the scorecard, then the next item.
  Lingsu.verdict = (digit) => {
    const item = document.activeElement.closest("[data-score-item]");
    const button = item && item.querySelectorAll("[data-verdict]")[digit - 1];
    if (!button) return;
    if (again) button.checked = true;
    else decide(item, button);
    const next = items[items.indexOf(item) + 1];
    if (next) next.focus();
  };
  if (card) {
    card.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-verdict]");
      if (button) decide(button.closest("[data-score-item]"), button);
    });
    card.addEventListener("keydown", (event) => {
      const item = event.target.closest("[data-score-item]");
      const proof = item === event.target && item.querySelector("[data-play]");
      if (event.key === "Enter" && proof) { event.preventDefault(); proof.click(); }
    });
    if (items.length && (again || call.querySelector("[data-finish]"))) items[0].focus({ preventScroll: true });
  }
  Lingsu.key("f", () => { const form = call.querySelector("[data-finish]"); if (form) form.requestSubmit(); });

  // Words and role of a turn, in place.
  const form = call.querySelector("[data-correct]");
  let turn = null;
  const close = () => { form.hidden = true; if (turn) turn.querySelector("button").focus(); turn = null; };
  const edit = (of) => {
    if (!form || !of) return;
    turn = of;
    turn.append(form);
    form.elements.to.value = turn.querySelector(".text").dataset.text;
    form.elements.speaker.value = turn.dataset.who;
    form.hidden = false;
    form.elements.to.focus();
  };
  const save = async () => {
    const { to, speaker } = form.elements, i = turn.dataset.i;
    try {
      if (to.value.trim() !== turn.querySelector(".text").dataset.text.trim())
        await Lingsu.change("amend", { item: `turn.${i}.text`, to: to.value });
      if (speaker.value !== turn.dataset.who)
        await Lingsu.change("amend", { item: `turn.${i}.speaker`, to: speaker.value });
      const text = turn.querySelector(".text");
      text.textContent = text.dataset.text = to.value.trim();
      turn.className = turn.className.replace(turn.dataset.who, speaker.value);
      turn.dataset.who = speaker.value;
      close();
    } catch (error) { Lingsu.failed(error); }
  };
  if (form) {
    form.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); save(); });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); save(); }
      if (event.key === "Escape") close();
    });
    form.querySelector("[data-cancel]").addEventListener("click", close);
    Lingsu.key("e", () => edit(Lingsu.heard()));
    Lingsu.key("s", () => call.querySelector("[data-swap] button").click());
    Lingsu.key("m", () => call.querySelector("[data-comment] textarea").focus());
  }

  // A field of the work order: a click makes it a text, leaving it saves.
  const field = (button) => {
    const text = document.createElement("textarea");
    text.value = button.textContent;
    text.rows = Math.min(6, 1 + Math.ceil(button.textContent.length / 24));
    text.setAttribute("aria-label", button.closest("div").querySelector("dt").textContent.trim());
    const back = () => { text.replaceWith(button); button.focus(); };
    const keep = () => {
      if (text.value.trim() === button.textContent.trim()) return back();
      return Lingsu.change("amend", { item: button.dataset.field, to: text.value }).then(() => {
        button.textContent = text.value.trim();
        back();
      }, Lingsu.failed);
    };
    text.addEventListener("keydown", (event) => {
      if (event.key === "Escape") back();
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); keep(); }
    });
    button.replaceWith(text);
    text.focus();
  };
  call.addEventListener("click", (event) => {
    const button = event.target.closest("[data-edit], [data-field]");
    if (!button) return;
    if (button.dataset.field) field(button);
    else edit(button.closest(".turn"));
  });
})();
