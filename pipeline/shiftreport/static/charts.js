// The two charts of the report, drawn with Plotly (plotly.js beside this file).
// Colours come from the style sheet, so that dark mode needs no second list of them.
"use strict";

(function () {
  const data = JSON.parse(document.getElementById("charts").textContent);
  const choice = document.getElementById("figure");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const paper = window.matchMedia("print");
  const bare = { displayModeBar: false, doubleClick: false, responsive: true, showTips: false };

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function ticks(values) {
    const few = Math.max(0, ...values) < 5 && values.every(Number.isInteger);
    return few ? 1 : null; // no half calls; null: as Plotly finds best
  }

  function layout(values) {
    const family = getComputedStyle(document.body).fontFamily;
    const ink = { color: colour("--ink") };
    const axis = { automargin: true, fixedrange: true, tickfont: { color: colour("--quiet") } };
    return {
      barmode: "stack",
      dragmode: false, // a finger on the chart scrolls the page
      font: { family: family, size: 12 },
      hoverlabel: { bgcolor: colour("--card"), bordercolor: colour("--line"), font: ink },
      hovermode: "x unified",
      legend: { font: ink, itemclick: false, itemdoubleclick: false, orientation: "h", y: 1.02, yanchor: "bottom" },
      margin: { b: 8, l: 8, r: 8, t: 8 },
      paper_bgcolor: "transparent",
      plot_bgcolor: "transparent",
      width: paper.matches ? 640 : null, // of A4 within its margins
      xaxis: { ...axis, showgrid: false, showspikes: false, type: "category" },
      yaxis: { ...axis, dtick: ticks(values), gridcolor: colour("--line"), rangemode: "tozero", zerolinecolor: colour("--line") },
    };
  }

  function hours(place) {
    const labels = data.hours.labels;
    const bars = data.hours.bars.map(function (series, i) {
      return {
        type: "bar",
        name: series.label,
        x: labels,
        y: series.values,
        marker: { color: colour(i ? "--warn" : "--main") },
      };
    });
    const mean = {
      type: "scatter",
      mode: "lines",
      name: data.hours.mean.label,
      x: labels,
      y: data.hours.mean.values,
      line: { color: colour("--ink"), dash: "dash", width: 1.5 },
    };
    const all = data.hours.mean.values.length ? [mean, ...bars] : bars;
    const highest = labels.map((_, hour) => bars.reduce((sum, bar) => sum + bar.y[hour], 0));
    Plotly.newPlot(place, all, layout(highest), bare);
  }

  function trend(place, figure) {
    const last = figure.values.length - 1;
    const bar = {
      type: "bar",
      name: figure.label,
      x: data.trend.labels,
      y: figure.values,
      marker: { color: figure.values.map((_, i) => colour(i === last ? "--main" : "--faint")) },
    };
    Plotly.newPlot(place, [bar], layout(figure.values), bare);
  }

  function draw() {
    hours(document.getElementById("hours"));
    if (choice) trend(document.getElementById("trend"), data.trend.figures[Number(choice.value)]);
  }

  // an empty shift has no charts
  if (document.getElementById("hours")) draw();
  if (choice) choice.addEventListener("change", draw);
  dark.addEventListener("change", draw);
  paper.addEventListener("change", draw);
})();
