// The dialogue follows its clip: the turn that is heard is marked and stays in sight, and a
// turn that a clip holds plays from its beginning when it is clicked. One clip plays at a time.
"use strict";

(function () {
  const players = Array.from(document.querySelectorAll("audio"));

  function setUp(call) {
    const clips = Array.from(call.querySelectorAll(".clip"));
    const turns = Array.from(call.querySelectorAll("li.heard"));

    function mark(moment) {
      let now = null;
      turns.forEach(function (turn) {
        const on = moment >= Number(turn.dataset.start) && moment < Number(turn.dataset.end);
        turn.classList.toggle("playing", on);
        if (on) now = turn;
      });
      const list = call.querySelector("ol");
      if (now && list) {
        const top = now.offsetTop - list.offsetTop;
        const hidden = top < list.scrollTop || top + now.offsetHeight > list.scrollTop + list.clientHeight;
        if (hidden) list.scrollTop = top - list.clientHeight / 3;
      }
    }

    clips.forEach(function (clip) {
      const audio = clip.querySelector("audio");
      const start = Number(clip.dataset.start);
      audio.addEventListener("timeupdate", function () { mark(start + audio.currentTime); });
      audio.addEventListener("ended", function () { mark(-1); });
      audio.addEventListener("play", function () {
        call.querySelector("details").open = true;
        players.forEach(function (other) { if (other !== audio) other.pause(); });
      });
    });

    function play(turn) {
      const clip = clips[Number(turn.dataset.clip)];
      const audio = clip.querySelector("audio");
      const seconds = Math.max(0, Number(turn.dataset.start) - Number(clip.dataset.start));
      if (audio.readyState > 0) {
        audio.currentTime = seconds;
      } else {
        audio.addEventListener("loadedmetadata", function () { audio.currentTime = seconds; }, { once: true });
      }
      audio.play();
    }

    turns.forEach(function (turn) {
      turn.addEventListener("click", function () { play(turn); });
      turn.addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          play(turn);
        }
      });
    });
  }

  document.querySelectorAll(".call").forEach(setUp);
})();
