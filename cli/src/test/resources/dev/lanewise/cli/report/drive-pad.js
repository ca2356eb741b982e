// Draws on the report's pad as a mouse, a finger and a keyboard do, and leaves what came of it.
"use strict";

window.addEventListener("load", () => {
  const find = (name) => document.getElementById(name);
  const field = find("pad-field");
  // Pointers that nobody holds cannot be captured.
  field.setPointerCapture = () => {};
  field.hasPointerCapture = () => true;

  function point(type, kind, x, y) {
    const box = field.getBoundingClientRect();
    const at = { clientX: box.left + x * box.width, clientY: box.top + y * box.height };
    const how = { pointerId: 1, pointerType: kind, button: 0, bubbles: true, cancelable: true };
    field.dispatchEvent(new PointerEvent(type, Object.assign(how, at)));
  }

  function stroke(kind, points) {
    point("pointerdown", kind, points[0][0], points[0][1]);
    points.slice(1).forEach((at) => point("pointermove", kind, at[0], at[1]));
    const last = points[points.length - 1];
    point("pointerup", kind, last[0], last[1]);
  }

  function press(keys) {
    let kept = 0;
    keys.forEach((key) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      kept += field.dispatchEvent(event) ? 1 : 0;
    });
    return kept;
  }

  function seen() {
    const data = find("pad-seen").getContext("2d").getImageData(0, 0, 28, 28).data;
    return Array.from(data).filter((value, i) => i % 4 === 0);
  }

  const state = () => ({
    pixels: seen(),
    shares: Array.from(document.querySelectorAll(".pad-share")).map((share) => share.title),
    answer: find("pad-answer").textContent,
    row: find("pad-row-number").textContent,
    picture: find("pad-save").getAttribute("href")
  });

  const result = { start: state(), width: document.documentElement.scrollWidth };
  stroke("mouse", [[0.25, 0.2], [0.75, 0.2], [0.45, 0.85]]);
  result.mouse = state();
  find("pad-row").value = 14;
  find("pad-row").dispatchEvent(new Event("input"));
  result.half = state();
  find("pad-clear").click();
  result.cleared = state();
  stroke("touch", [[0.5, 0.2], [0.5, 0.8]]);
  result.touch = state();
  press(["Delete"]);
  result.deleted = state();
  field.focus();
  result.kept = press(["Home", "Home", " "].concat(Array(9).fill("ArrowDown"), ["PageDown", " "]));
  result.keptTab = press(["Tab"]);
  result.keys = state();
  find("pad-watch").click();
  result.watching = state();
  setTimeout(() => {
    result.watched = state();
    const text = document.createElement("pre");
    text.id = "result";
    text.textContent = JSON.stringify(result);
    document.body.append(text);
  }, 6000);
});
