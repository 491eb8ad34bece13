// Deciding: accept, reject with a numbered reason, change, the next call; who else is here.
"use strict";

(() => {
  const call = document.getElementById("call");
  const path = `/calls/${call.dataset.call}`;
  const wrong = call.querySelector("[data-wrong]"), seen = call.querySelector("[data-presence]");
  const deciding = "deciding" in call.dataset;
  const REPORT_MS = 6000;

  // What was saved from here makes the page's version the newest one.
  Lingsu.saved = (version) => {
    call.dataset.version = version;
    call.querySelectorAll("input[name=version]").forEach((field) => { field.value = version; });
  };
  Lingsu.failed = (error) => {
    wrong.textContent = error.detail || String(error);
    wrong.hidden = false;
    wrong.scrollIntoView({ block: "nearest" });
  };
  Lingsu.change = (what, fields) =>
    Lingsu.post(`${path}/${what}`, { ...fields, version: call.dataset.version }).then((told) => {
      wrong.hidden = true;
      Lingsu.saved(told.version);
    });

  const current = () => {
    const here = Lingsu.player.here();
    if (here && here.open) return here.item;
    return call.querySelector("[data-flag][data-open]");
  };

  const change = (item) => {
    const place = call.querySelector(`details[data-item="${CSS.escape(item)}"]`);
    if (!place) return;
    place.open = true;
    const field = place.querySelector("select");
    field.focus();
    place.scrollIntoView({ block: "nearest" });
  };

  // The button of a key: of the scorecard's item in focus, else of the flag that is looked at;
  // where a scorecard is filled in, only of a flag in focus.
  const filling = call.querySelector("[data-finish]");
  const press = (key) => {
    const at = document.activeElement;
    if (at.closest("[data-score-item]") && Number(key)) { Lingsu.verdict(Number(key)); return; }
    const flag = at.closest("[data-flag]") || (filling ? null : current());
    const button = flag && flag.querySelector(`[data-quick="${key}"]`);
    if (button) button.click();
  };

  call.addEventListener("click", (event) => {
    const button = event.target.closest("[data-change]");
    if (button) change(button.dataset.change);
  });
  // Enter in a list of values saves the change
  call.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-changing] select")) {
      event.preventDefault();
      event.target.form.requestSubmit(event.target.form.querySelector("button"));
    }
  });
  call.addEventListener("submit", (event) => {
    if (event.target.dataset.sending) event.preventDefault();
    event.target.dataset.sending = "yes";
  });

  if (deciding) {
    Lingsu.key("a", () => { const flag = current(); if (flag) flag.querySelector("[data-accept]").click(); });
    Lingsu.key("r", () => { const flag = current(), first = flag && flag.querySelector("[data-quick]"); if (first) first.focus(); });
    Lingsu.key("c", () => { const flag = current(); if (flag && flag.dataset.item) change(flag.dataset.item); });
    for (const key of "1234567890uiop") Lingsu.key(key, () => press(key));
  }
  Lingsu.key("n", () => { const next = call.querySelector("[data-next]"); if (next) next.click(); });

  const report = async () => {
    const told = await Lingsu.post(`${path}/here`).catch(() => null);
    if (!told) return;
    const lines = [];
    if (told.others.length) lines.push(call.dataset.others.replace("{who}", told.others.join("、")));
    if (String(told.version) !== call.dataset.version) lines.push(call.dataset.changed.replace("{who}", told.others.join("、")));
    seen.textContent = lines.join(" ");
    seen.hidden = !lines.length;
  };
  if (deciding) {
    setInterval(report, REPORT_MS);
    window.addEventListener("pagehide", () => {
      const csrf = document.querySelector("meta[name=csrf]").content;
      navigator.sendBeacon(`${path}/here`, new URLSearchParams({ csrf, gone: "1" }));
    });
    if (call.dataset.coming) Lingsu.ready(`/calls/${call.dataset.coming}`);
  }
})();
