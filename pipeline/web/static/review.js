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

  const reasons = () => call.querySelector(".why:not([hidden])");
  const reject = (flag) => {
    const why = flag && flag.querySelector(".why");
    if (!why) return;
    why.hidden = !why.hidden;
    flag.querySelector("[data-reject]").setAttribute("aria-expanded", String(!why.hidden));
    if (!why.hidden) why.querySelector("button").focus();
  };

  call.addEventListener("click", (event) => {
    const button = event.target.closest("[data-change], [data-reject]");
    if (!button) return;
    if (button.dataset.change) change(button.dataset.change);
    else reject(button.closest("[data-flag]"));
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
    Lingsu.key("r", () => reject(current()));
    Lingsu.key("c", () => { const flag = current(); if (flag && flag.dataset.item) change(flag.dataset.item); });
    for (const digit of ["1", "2", "3", "4"])
      Lingsu.key(digit, () => {
        const open = reasons();
        const button = open && open.querySelector(`[data-reason="${digit}"]`);
        if (button) button.click();
        else if (!open && Lingsu.verdict) Lingsu.verdict(Number(digit));
      });
    Lingsu.key("Escape", () => { const open = reasons(); if (open) reject(open.closest("[data-flag]")); });
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
