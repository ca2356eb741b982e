// The pad on which a visitor draws, and what the network says of it: events, pictures and words.
// What is drawn is a field of grey levels of our own, so that every browser makes the same of a stroke.
"use strict";

(function () {
  const FIELD = 140;
  const PEN = 6.5; // as thick as MNIST's strokes, of a digit that fills most of the field
  const STEP = FIELD / SIDE; // of the keyboard's pen
  const MOVES = {
    ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0],
    Home: [-1, -1], PageUp: [1, -1], End: [-1, 1], PageDown: [1, 1],
  };

  const find = (name) => document.getElementById(name);
  const network = readNetwork(JSON.parse(find("pad-network").textContent));
  const classes = network[network.length - 1].units;
  const field = find("pad-field");
  const slider = find("pad-row");
  const levels = new Uint8Array(FIELD * FIELD);
  const pen = { x: FIELD / 2, y: FIELD / 2, down: false, shown: false };
  let stroke = null; // where the pointer that draws was last
  let pixels = new Uint8Array(SIDE * SIDE);
  let said = [];
  let reading = 0; // the timer that reads on

  function draw(fromX, fromY, toX, toY) {
    const dx = toX - fromX;
    const dy = toY - fromY;
    const length = dx * dx + dy * dy;
    const reach = PEN + 1;
    const bottom = Math.min(FIELD - 1, Math.ceil(Math.max(fromY, toY) + reach));
    const right = Math.min(FIELD - 1, Math.ceil(Math.max(fromX, toX) + reach));
    for (let y = Math.max(0, Math.floor(Math.min(fromY, toY) - reach)); y <= bottom; y++) {
      for (let x = Math.max(0, Math.floor(Math.min(fromX, toX) - reach)); x <= right; x++) {
        const px = x + 0.5 - fromX;
        const py = y + 0.5 - fromY;
        const along = length > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
        const away = Math.hypot(px - along * dx, py - along * dy);
        const level = Math.round(255 * Math.min(1, Math.max(0, PEN + 0.5 - away)));
        levels[y * FIELD + x] = Math.max(levels[y * FIELD + x], level);
      }
    }
  }

  function paintGrey(canvas, grey, side, faintFrom) {
    const image = new ImageData(side, side);
    for (let i = 0; i < grey.length; i++) {
      const level = Math.floor(i / side) < faintFrom ? grey[i] : grey[i] * 0.35;
      image.data.set([level, level, level, 255], 4 * i);
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  function paintField() {
    paintGrey(field, levels, FIELD, FIELD);
    if (pen.shown) {
      const context = field.getContext("2d");
      context.strokeStyle = pen.down ? "#ff8a3c" : "#9aa4ae";
      context.lineWidth = 2;
      context.beginPath();
      context.arc(pen.x, pen.y, PEN, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  function paintHeat(row) {
    const heat = find("pad-heat");
    const context = heat.getContext("2d");
    const colour = getComputedStyle(heat).getPropertyValue("--heat-colour");
    const width = heat.width / classes;
    const height = heat.height / SIDE;
    context.clearRect(0, 0, heat.width, heat.height);
    said.slice(0, row).forEach((probabilities, y) => {
      probabilities.forEach((probability, c) => {
        context.fillStyle = "rgb(" + colour + " / " + probability + ")";
        context.fillRect(c * width, y * height, width, height);
      });
    });
  }

  const percent = (probability) => (100 * probability).toFixed(1) + " %";

  function drawn() {
    return said.length > 0;
  }

  function likeliest(probabilities) {
    return probabilities.indexOf(Math.max.apply(null, probabilities));
  }

  /** Shows what has been read after as many rows as the slider says. */
  function show() {
    const row = Number(slider.value);
    const probabilities = drawn() ? said[row - 1] : new Float64Array(classes);
    paintGrey(find("pad-seen"), pixels, SIDE, row);
    paintHeat(row);
    find("pad-row-number").textContent = row;
    const best = drawn() ? likeliest(probabilities) : -1;
    Array.from(find("pad-bars").children).forEach((entry, c) => {
      entry.className = c === best ? "likeliest" : "";
      entry.querySelector(".pad-bar").style.transform = "scaleX(" + probabilities[c] + ")";
      const share = entry.querySelector(".pad-share");
      share.textContent = drawn() ? percent(probabilities[c]) : "";
      share.title = drawn() ? probabilities[c] : "";
    });
  }

  /** Said once a stroke has ended: a screen reader would else be told of every move. */
  function tell() {
    const answer = find("pad-answer");
    if (!drawn()) {
      answer.textContent = "Nothing is drawn yet.";
      return;
    }
    const row = Number(slider.value);
    const best = likeliest(said[row - 1]);
    const words = best + " (" + percent(said[row - 1][best]) + ")";
    answer.textContent = row === SIDE ? "Its answer: " + words : "After row " + row + ": " + words;
  }

  function think() {
    stopReading();
    slider.value = SIDE;
    pixels = prepared(levels, FIELD, FIELD);
    said = levels.some((level) => level > 0) ? answers(network, pixels, SIDE) : [];
    paintField();
    show();
    const save = find("pad-save");
    if (drawn()) {
      save.href = find("pad-seen").toDataURL("image/png");
    } else {
      save.removeAttribute("href");
    }
  }

  function clear() {
    levels.fill(0);
    pen.down = false;
    think();
    tell();
  }

  function stopReading() {
    clearInterval(reading);
    reading = 0;
  }

  function watch() {
    stopReading();
    slider.value = 1;
    show();
    reading = setInterval(() => {
      slider.value = Number(slider.value) + 1;
      show();
      if (Number(slider.value) === SIDE) {
        stopReading();
        tell();
      }
    }, 120);
  }

  function place(event) {
    const box = field.getBoundingClientRect();
    const scale = FIELD / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  }

  function drawTo(event) {
    const [x, y] = place(event);
    draw(stroke[0], stroke[1], x, y);
    stroke = [x, y];
    think();
  }

  function lift() {
    if (stroke) {
      stroke = null;
      tell();
    }
  }

  function listenToPointer() {
    field.addEventListener("pointerdown", (event) => {
      if (event.button === 0 && !stroke) {
        field.setPointerCapture(event.pointerId);
        pen.shown = false;
        stroke = place(event);
        drawTo(event);
      }
    });
    field.addEventListener("pointermove", (event) => {
      if (stroke && field.hasPointerCapture(event.pointerId)) {
        drawTo(event);
      }
    });
    field.addEventListener("pointerup", lift);
    field.addEventListener("pointercancel", lift);
  }

  function movePen(move) {
    const x = Math.min(FIELD, Math.max(0, pen.x + move[0] * STEP));
    const y = Math.min(FIELD, Math.max(0, pen.y + move[1] * STEP));
    if (pen.down) {
      draw(pen.x, pen.y, x, y);
    }
    pen.x = x;
    pen.y = y;
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (MOVES[event.key]) {
      movePen(MOVES[event.key]);
    } else if (event.key === " ") {
      pen.down = !pen.down;
      if (pen.down) {
        draw(pen.x, pen.y, pen.x, pen.y);
      }
    } else if (event.key === "Delete" || event.key === "Backspace") {
      clear();
    } else {
      return;
    }
    event.preventDefault(); // the page would scroll
    pen.shown = true;
    think();
    if (!pen.down) {
      tell();
    }
  }

  function listenToKeys() {
    field.addEventListener("keydown", pressed);
    field.addEventListener("focus", () => {
      pen.shown = field.matches(":focus-visible");
      paintField();
    });
    field.addEventListener("blur", () => {
      pen.shown = false;
      pen.down = false;
      paintField();
    });
  }

  function makeBars() {
    for (let c = 0; c < classes; c++) {
      const entry = document.createElement("div");
      entry.innerHTML = "<dt>" + c + "</dt><dd class=\"pad-bar\" aria-hidden=\"true\"></dd><dd class=\"pad-share\"></dd>";
      find("pad-bars").append(entry);
      const name = document.createElement("span");
      name.textContent = c;
      find("pad-classes").append(name);
    }
  }

  makeBars();
  listenToPointer();
  listenToKeys();
  find("pad-clear").addEventListener("click", clear);
  find("pad-watch").addEventListener("click", watch);
  slider.addEventListener("input", () => {
    stopReading();
    show();
    tell();
  });
  find("pad").hidden = false;
  clear();
})();
