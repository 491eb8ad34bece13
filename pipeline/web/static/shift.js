// Keys of search, dashboard and work order; what a page shows only once it is there.
"use strict";

(() => {
  const first = (name) => document.querySelector(name);
  const follow = (name) => () => {
    const link = first(name);
    if (link) link.click();
  };

  const words = first("[data-seek]");
  if (words) {
    Lingsu.key("/", () => words.select());
    Lingsu.key("n", follow("a[rel=next]"));
    const hits = Array.from(document.querySelectorAll("[data-hit]"));
    const step = (by) => {
      const at = hits.indexOf(document.activeElement);
      const to = hits[at < 0 ? 0 : Math.min(hits.length - 1, Math.max(0, at + by))];
      if (to) to.focus();
    };
    Lingsu.key("ArrowDown", () => step(1));
    Lingsu.key("ArrowUp", () => step(-1));
  }

  const choose = first("[data-choose]");
  if (choose) {
    Lingsu.key("ArrowLeft", follow("[data-back]"));
    Lingsu.key("ArrowRight", follow("[data-on]"));
    choose.addEventListener("change", () => choose.requestSubmit());
  }

  const order = first("[data-order]");
  if (order) {
    Lingsu.key("s", () => order.requestSubmit());
    Lingsu.key("d", follow("[data-send]"));
    let changed = false;
    order.addEventListener("input", () => { changed = true; });
    document.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }

  document.querySelectorAll("[data-load]").forEach(async (place) => {
    const answer = await fetch(place.dataset.load, { headers: { Accept: "text/html" } });
    if (!answer.ok) return; // the link to it stays
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = page.getElementById("told");
    if (told) place.replaceChildren(document.adoptNode(told));
  });
})();
