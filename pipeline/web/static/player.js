// The sound of a call: play, seek, speed, the flags one after another; keys for all of it.
"use strict";

(() => {
  const call = document.getElementById("call");
  const audio = call.querySelector("audio"), canvas = call.querySelector(".wave");
  const play = call.querySelector("[data-act=toggle]");
  const wrong = call.querySelector("[data-wrong]");
  const number = (text) => Number(text) || 0;
  const seconds = number(call.dataset.seconds);
  const LEAD = 2; // seconds before a flag
  const STEP = 5;

  const clock = (time) => {
    const whole = Math.floor(time), two = (n) => String(n).padStart(2, "0");
    const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
    return whole >= 3600 ? `${Math.floor(whole / 3600)}:${minutes}` : minutes;
  };

  const turns = Array.from(call.querySelectorAll(".turn"), (turn) => ({
    start: number(turn.dataset.start), end: number(turn.dataset.end), who: turn.dataset.who,
  }));
  const flags = Array.from(call.querySelectorAll("[data-flag][data-start]"), (flag) => ({
    start: number(flag.dataset.start), end: number(flag.dataset.end), open: "open" in flag.dataset, item: flag,
  }));
  const agent = call.dataset.agent;
  const sides = agent === "" ? [] : agent === "0" ? ["agent", "caller"] : ["caller", "agent"];
  const path = `/calls/${call.dataset.call}/peaks`;
  const wave = Lingsu.wave(canvas, { path, seconds, turns, flags, sides });

  const tell = () => {
    const now = audio.currentTime;
    call.querySelector("[data-now]").textContent = clock(now);
    canvas.setAttribute("aria-valuenow", Math.round(now));
    canvas.setAttribute("aria-valuetext", clock(now));
    wave.cursor(now);
    call.dispatchEvent(new CustomEvent("moved", { detail: now }));
  };

  const seek = (time) => {
    const to = Math.min(Math.max(0, time), Math.max(0, (audio.duration || seconds) - 0.05));
    if (audio.readyState === 0) audio.addEventListener("loadedmetadata", () => { audio.currentTime = to; }, { once: true });
    else audio.currentTime = to;
    wave.cursor(to);
    call.dispatchEvent(new CustomEvent("moved", { detail: to }));
  };
  const from = (time, lead = 0) => { seek(time - lead); audio.play().catch(() => {}); };
  const toggle = () => { if (audio.paused) audio.play().catch(() => {}); else audio.pause(); };

  // The flag that is looked at: the first open one, else the first.
  const inTime = flags.slice().sort((a, b) => a.start - b.start);
  let here = flags.find((flag) => flag.open) || inTime[0] || null;
  const show = (flag) => {
    here = flag;
    call.querySelectorAll("[data-flag]").forEach((one) => one.classList.toggle("here", !!flag && one === flag.item));
  };
  const walk = (by) => {
    if (!inTime.length) return;
    const at = inTime.indexOf(here);
    show(inTime[(at + by + inTime.length) % inTime.length]);
    here.item.scrollIntoView({ block: "nearest" });
    from(here.start, LEAD);
  };

  const tick = () => { tell(); if (!audio.paused) requestAnimationFrame(tick); };
  audio.addEventListener("play", tick);
  audio.addEventListener("seeked", tell);
  ["play", "pause", "ended"].forEach((name) => audio.addEventListener(name, () => {
    play.setAttribute("aria-pressed", String(!audio.paused));
    play.querySelector("span").textContent = audio.paused ? "▶" : "⏸";
  }));
  // A codec that browsers lack is made playable first: a long call takes its time.
  const preparing = call.querySelector("[data-preparing]");
  const waiting = setTimeout(() => { preparing.hidden = audio.readyState > 0; }, 1000);
  ["loadedmetadata", "error"].forEach((name) => audio.addEventListener(name, () => {
    clearTimeout(waiting);
    preparing.hidden = true;
  }));
  audio.addEventListener("error", async () => {
    const answer = await fetch(audio.currentSrc || audio.src, { headers: { Accept: "application/json" } });
    const told = answer.ok ? null : await answer.json().catch(() => null);
    wrong.textContent = (told && told.detail) || call.dataset.lost;
    wrong.hidden = false;
    play.disabled = true;
  });

  const acts = {
    toggle, back: () => seek(audio.currentTime - STEP), on: () => seek(audio.currentTime + STEP),
    before: () => walk(-1), next: () => walk(1),
  };
  call.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act], [data-play]");
    if (!button) return;
    if (button.dataset.act) { acts[button.dataset.act](); return; }
    const flag = flags.find((one) => one.item.dataset.flag === button.dataset.flagged);
    if (flag) show(flag);
    from(number(button.dataset.play), number(button.dataset.lead));
  });
  canvas.addEventListener("pointerdown", (event) => seek(wave.second(event.offsetX)));
  canvas.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30 }[event.key];
    if (by) seek(audio.currentTime + by);
    else if (event.key === "Home") seek(0);
    else if (event.key === "End") seek(seconds);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const speed = call.querySelector("[data-speed]");
  speed.addEventListener("change", () => { audio.playbackRate = number(speed.value); });
  const faster = (by) => {
    speed.selectedIndex = Math.min(speed.options.length - 1, Math.max(0, speed.selectedIndex + by));
    audio.playbackRate = number(speed.value);
  };

  // Space is what a focused button or link does with it; elsewhere it plays.
  document.addEventListener("keydown", (event) => {
    const own = event.target.closest("button, a, input, select, textarea, summary, dialog");
    if (event.key !== " " || own || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    toggle();
  });
  Lingsu.key("k", toggle);
  Lingsu.key("j", acts.back);
  Lingsu.key("l", acts.on);
  Lingsu.key("[", acts.before);
  Lingsu.key("]", acts.next);
  Lingsu.key("+", () => wave.zoom(0.5));
  Lingsu.key("=", () => wave.zoom(0.5));
  Lingsu.key("-", () => wave.zoom(2));
  Lingsu.key("<", () => faster(-1));
  Lingsu.key(">", () => faster(1));

  Lingsu.player = { audio, seek, from, toggle, here: () => here };
  show(here);
  const at = call.dataset.at;
  if (at !== "") seek(number(at));
  else if (here) seek(here.start - LEAD);
})();
