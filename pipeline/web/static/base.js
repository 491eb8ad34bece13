// What every page has: keys with their help, questions before what cannot be undone, and a
// way to send something without leaving the page.
"use strict";

const Lingsu = (() => {
  const keys = new Map();
  const help = () => document.getElementById("help");
  const typing = (target) =>
    target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  // Lingsu.key("j", next): called when the key is pressed outside of a field. Write the key
  // into the template's block "keys", so that the help names it.
  const key = (name, act) => keys.set(name, act);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      event.preventDefault();
      help().showModal();
      return;
    }
    const act = keys.get(event.key);
    if (!act) return;
    event.preventDefault();
    act(event);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) help().showModal();
    const menu = event.target.closest("[data-menu]"); // on a phone it is closed at first
    if (menu) menu.setAttribute("aria-expanded", String(menu.ariaExpanded !== "true"));
  });

  // <form data-confirm="Really?">
  document.addEventListener("submit", (event) => {
    const asked = event.target.dataset.confirm;
    if (asked && !window.confirm(asked)) event.preventDefault();
  });

  // Lingsu.post("/calls/…/decide", {item: "abuse"}): the answer's JSON; throws what went
  // wrong in words ({status, detail}).
  const post = async (path, fields = {}) => {
    const answer = await fetch(path, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "X-CSRF-Token": document.querySelector("meta[name=csrf]").content,
      },
      body: new URLSearchParams(fields),
    });
    const told = await answer.json();
    if (!answer.ok) throw told;
    return told;
  };

  // What a call's page draws and plays is made while nobody waits for it. The answers are
  // read to their end, as one that is not read keeps its connection.
  let soon = 0;
  const ready = (path) => {
    clearTimeout(soon); // of calls that one passes by, only the one where one stays
    soon = setTimeout(() => {
      [["peaks"], ["sound", { headers: { Range: "bytes=0-0" } }]].forEach(([what, how]) => {
        fetch(`${path}/${what}`, how).then((answer) => answer.arrayBuffer()).catch(() => {});
      });
    }, 800);
  };

  return { key, post, ready };
})();
