// A drawing made into what the pictures of MNIST are, step by step as `lanewise predict` does it to
// a picture (DigitPreparation): floats are rounded where it rounds them, so that pixels are the same.
"use strict";

const SIDE = 28;
const BOX = 20;

/** What is brighter than this share of the brightest is ink. */
const INK = 0.25;

function grey(rows, columns) {
  return { rows, columns, levels: new Float32Array(rows * columns) };
}

function brightestOf(picture) {
  return picture.levels.reduce((most, level) => Math.max(most, level), 0);
}

function borderMean(picture) {
  let { rows, columns, levels } = picture;
  let sum = 0;
  let count = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      if (y === 0 || x === 0 || y === rows - 1 || x === columns - 1) {
        sum += levels[y * columns + x];
        count++;
      }
    }
  }
  return Math.fround(sum / count);
}

/** Cuts away what has no ink, and takes the ground's own level off. */
function inked(picture, brightest) {
  let { rows, columns, levels } = picture;
  let share = (level) => Math.fround(Math.fround(level) * INK);
  let ground = Math.min(borderMean(picture), share(brightest));
  let least = Math.fround(ground + share(brightest - ground));
  let top = rows;
  let bottom = -1;
  let left = columns;
  let right = -1;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      if (levels[y * columns + x] > least) {
        top = Math.min(top, y);
        bottom = y;
        left = Math.min(left, x);
        right = Math.max(right, x);
      }
    }
  }
  let ink = grey(bottom - top + 1, right - left + 1);
  for (let y = 0; y < ink.rows; y++) {
    for (let x = 0; x < ink.columns; x++) {
      let level = levels[(top + y) * columns + left + x];
      ink.levels[y * ink.columns + x] = Math.max(0, level - ground);
    }
  }
  return ink;
}

/** Returns the mean over an area of a picture, parts of pixels counted by their share. */
function mean(picture, top, bottom, left, right) {
  let sum = 0;
  let area = 0;
  for (let y = Math.floor(top); y < Math.min(picture.rows, Math.ceil(bottom)); y++) {
    let height = Math.min(y + 1, bottom) - Math.max(y, top);
    for (let x = Math.floor(left); x < Math.min(picture.columns, Math.ceil(right)); x++) {
      let part = height * (Math.min(x + 1, right) - Math.max(x, left));
      sum += part * picture.levels[y * picture.columns + x];
      area += part;
    }
  }
  return sum / area;
}

function scaled(picture, height, width) {
  let result = grey(height, width);
  let { rows, columns } = picture;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      result.levels[y * width + x] = mean(
        picture,
        (y * rows) / height,
        ((y + 1) * rows) / height,
        (x * columns) / width,
        ((x + 1) * columns) / width
      );
    }
  }
  return result;
}

/** Puts a picture's centre of mass in the middle of 28 x 28, as far as it then stays inside. */
function centred(small) {
  let { rows, columns, levels } = small;
  let gain = Math.fround(255 / brightestOf(small));
  let mass = 0;
  let down = 0;
  let across = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let level = levels[y * columns + x];
      mass += level;
      down += (y + 0.5) * level;
      across += (x + 0.5) * level;
    }
  }
  let place = (centre, length) =>
    Math.min(Math.max(Math.round(SIDE / 2 - centre), 0), SIDE - length);
  let top = place(down / mass, rows);
  let left = place(across / mass, columns);
  let pixels = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let level = Math.min(255, Math.fround(levels[y * columns + x] * gain));
      pixels[(top + y) * SIDE + left + x] = Math.round(level);
    }
  }
  return pixels;
}

/**
 * Returns the 28 x 28 grey levels that the network sees of a drawing, white on black.
 *
 * @param levels its grey levels in rows, 0 to 255
 */
function prepared(levels, rows, columns) {
  let picture = grey(rows, columns);
  picture.levels.set(levels);
  if (borderMean(picture) > 127.5) {
    picture.levels = picture.levels.map((level) => 255 - level);
  }
  let brightest = brightestOf(picture);
  if (brightest <= 0) {
    return new Uint8Array(SIDE * SIDE);
  }
  let ink = inked(picture, brightest);
  let scale = BOX / Math.max(ink.rows, ink.columns);
  let height = Math.max(1, Math.round(ink.rows * scale));
  let width = Math.max(1, Math.round(ink.columns * scale));
  return centred(scaled(ink, height, width));
}
