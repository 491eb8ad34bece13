// The transcript moves with the sound: the turn that is heard is marked and stays in sight,
// unless the reader has just scrolled elsewhere. The arrows walk from turn to turn.
"use strict";

(() => {
  const call = document.getElementById("call"), list = call.querySelector(".turns");
  if (!list) return;
  const turns = Array.from(list.querySelectorAll(".turn"));
  const start = (turn) => Number(turn.dataset.start);
  const READING_MS = 4000;
  let marked = null, scrolled = 0, time = 0;

  const bring = (turn) => {
    const top = turn.offsetTop - list.offsetTop;
    const below = top + turn.offsetHeight > list.scrollTop + list.clientHeight - 40;
    if (top < list.scrollTop || below) list.scrollTop = top - list.clientHeight / 3;
  };

  const mark = (turn) => {
    if (turn === marked) return;
    if (marked) { marked.classList.remove("heard"); marked.removeAttribute("aria-current"); }
    marked = turn;
    if (!turn) return;
    turn.classList.add("heard");
    turn.setAttribute("aria-current", "true");
    if (Date.now() - scrolled > READING_MS) bring(turn);
  };

  call.addEventListener("moved", (event) => {
    time = event.detail;
    const spoken = turns.filter((turn) => time >= start(turn) - 0.05 && time < Number(turn.dataset.end));
    mark(spoken[spoken.length - 1] || null);
  });
  ["wheel", "touchmove"].forEach((name) =>
    list.addEventListener(name, () => { scrolled = Date.now(); }, { passive: true }));

  const walk = (by) => {
    const at = turns.findLastIndex((turn) => start(turn) <= time + 0.05);
    const to = turns[Math.min(turns.length - 1, Math.max(0, at + by))];
    scrolled = 0;
    if (to) Lingsu.player.seek(start(to));
  };
  Lingsu.key("ArrowDown", () => walk(1));
  Lingsu.key("ArrowUp", () => walk(-1));
  Lingsu.heard = () => marked || turns.findLast((turn) => start(turn) <= time + 0.05) || turns[0];
})();
