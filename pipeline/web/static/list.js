// A list of calls: Enter opens the first, the arrows walk.
"use strict";

(() => {
  const links = Array.from(document.querySelectorAll("[data-list] a"));
  const first = document.querySelector("[data-first]");
  const step = (by) => {
    const at = links.indexOf(document.activeElement);
    const to = links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))];
    if (to) to.focus();
  };
  Lingsu.key("ArrowDown", () => step(1));
  Lingsu.key("ArrowUp", () => step(-1));
  links.forEach((link) => link.addEventListener("focus", () => {
    if (link.pathname.startsWith("/calls/")) Lingsu.ready(link.pathname);
  }));
  if (first && (document.activeElement === document.body || !document.activeElement)) first.focus();
})();
