// The two charts of the report, drawn with Chart.js (chart.js beside this file).
// Colours come from style.css, so that dark mode needs no second list of them.
"use strict";

(function () {
  const data = JSON.parse(document.getElementById("charts").textContent);
  const drawn = [];

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function options() {
    const grid = { color: colour("--line") };
    const ticks = { color: colour("--quiet"), precision: 0 };
    return {
      animation: false,
      maintainAspectRatio: false,
      devicePixelRatio: Math.max(2, window.devicePixelRatio || 1), // sharp on paper
      interaction: { mode: "index", intersect: false },
      plugins: { legend: { labels: { color: colour("--ink"), usePointStyle: true } } },
      scales: {
        x: { stacked: true, grid: { display: false }, ticks: ticks },
        y: { stacked: true, beginAtZero: true, grid: grid, ticks: ticks },
      },
    };
  }

  function hours(canvas) {
    const bars = data.hours.bars.map(function (series, i) {
      return {
        type: "bar",
        label: series.label,
        data: series.values,
        backgroundColor: colour(i ? "--warn" : "--main"),
        pointStyle: "rect",
        stack: "calls",
      };
    });
    const mean = {
      type: "line",
      label: data.hours.mean.label,
      data: data.hours.mean.values,
      borderColor: colour("--ink"),
      backgroundColor: colour("--ink"),
      borderDash: [4, 3],
      borderWidth: 1.5,
      pointRadius: 0,
      pointStyle: "line",
      stack: "mean",
    };
    const sets = data.hours.mean.values.length ? [mean].concat(bars) : bars;
    return new Chart(canvas, {
      data: { labels: data.hours.labels, datasets: sets },
      options: options(),
    });
  }

  function trend(canvas, figure) {
    const last = figure.values.length - 1;
    const made = options();
    made.plugins.legend.display = false;
    return new Chart(canvas, {
      type: "bar",
      data: {
        labels: data.trend.labels,
        datasets: [
          {
            label: figure.label,
            data: figure.values,
            backgroundColor: figure.values.map(function (_, i) {
              return colour(i === last ? "--main" : "--faint");
            }),
          },
        ],
      },
      options: made,
    });
  }

  function draw() {
    drawn.splice(0).forEach(function (chart) { chart.destroy(); });
    const first = document.getElementById("hours");
    const second = document.getElementById("trend");
    const choice = document.getElementById("figure");
    if (first) drawn.push(hours(first));
    if (second) drawn.push(trend(second, data.trend.figures[Number(choice.value)]));
  }

  draw();
  const choice = document.getElementById("figure");
  if (choice) choice.addEventListener("change", draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
