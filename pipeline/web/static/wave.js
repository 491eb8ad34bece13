// The waveform on its canvas: drawn from peaks that the server computed, never from the sound.
// A lane for each channel; a bar has the colour of the voice that speaks at its time.
"use strict";

Lingsu.wave = (canvas, { path, seconds, turns, flags, sides }) => {
  const pen = canvas.getContext("2d");
  const ground = document.createElement("canvas");
  const colours = {};
  let view = [0, seconds], peaks = null, asked = 0, now = 0;

  const x = (second) => ((second - view[0]) / (view[1] - view[0])) * canvas.width;
  const second = (pixel) => view[0] + (pixel / canvas.clientWidth) * (view[1] - view[0]);

  const load = async () => {
    const mine = ++asked;
    const query = new URLSearchParams({ start: view[0], end: view[1], stretches: canvas.clientWidth || 600 });
    const answer = await fetch(`${path}?${query}`);
    if (!answer.ok || mine !== asked) return;
    peaks = await answer.json();
    paint();
  };

  const speaker = (time, lane) => {
    if (sides.length > 1 && sides[lane]) return sides[lane];
    for (const turn of turns) if (time >= turn.start && time < turn.end) return turn.who;
    return "nobody";
  };

  const size = () => {
    const scale = window.devicePixelRatio || 1;
    canvas.width = ground.width = Math.round(canvas.clientWidth * scale);
    canvas.height = ground.height = Math.round(canvas.clientHeight * scale);
    const style = getComputedStyle(canvas);
    for (const name of ["agent", "caller", "quiet", "bad", "mark", "ink", "line"])
      colours[name] = style.getPropertyValue(`--${name}`).trim();
  };

  const paint = () => {
    const brush = ground.getContext("2d");
    brush.clearRect(0, 0, ground.width, ground.height);
    brush.fillStyle = colours.mark;
    for (const flag of flags)
      brush.fillRect(x(flag.start) - 1, 0, Math.max(3, x(flag.end) - x(flag.start)), ground.height);
    if (peaks) peaks.channels.forEach((values, lane) => stripe(brush, values, lane, peaks.channels.length));
    brush.fillStyle = colours.bad;
    for (const flag of flags) brush.fillRect(x(flag.start) - 1, 0, 2, ground.height);
    draw();
  };

  const stripe = (brush, values, lane, lanes) => {
    const height = ground.height / lanes, middle = height * (lane + 0.5);
    const wide = Math.max(1, x(peaks.step) - x(0) - 0.5);
    for (let i = 0; i < values.length / 2; i++) {
      const time = peaks.start + i * peaks.step;
      const top = (values[2 * i + 1] / 1000) * height * 0.48, low = (values[2 * i] / 1000) * height * 0.48;
      brush.fillStyle = colours[speaker(time + peaks.step / 2, lane)] || colours.quiet;
      brush.fillRect(x(time), middle - top, wide, Math.max(1, top - low));
    }
  };

  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(ground, 0, 0);
    pen.fillStyle = colours.ink;
    pen.fillRect(Math.round(x(now)) - 1, 0, 2, canvas.height);
  };

  const look = (start, end) => {
    const span = Math.min(seconds, end - start);
    const from = Math.min(Math.max(0, start), seconds - span);
    view = [from, from + span];
    paint();
    load();
  };

  const cursor = (time) => {
    now = time;
    const span = view[1] - view[0];
    if (span < seconds && (time < view[0] || time > view[1])) look(time - span * 0.1, time + span * 0.9);
    else draw();
  };

  const zoom = (by) => {
    const span = Math.min(seconds, Math.max(10, (view[1] - view[0]) * by));
    look(now - span / 2, now + span / 2);
  };

  const fit = () => { size(); paint(); load(); };
  new ResizeObserver(fit).observe(canvas);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", fit);
  return { cursor, zoom, second };
};
