// The trained network, as `lanewise predict` computes it: what it says after each row of a picture.
"use strict";

const FUNCTIONS = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  tanh: (x) => Math.tanh(x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x))
};

/** Little-endian floats. */
function floats(base64) {
  let text = atob(base64);
  let view = new DataView(new ArrayBuffer(text.length));
  for (let i = 0; i < text.length; i++) {
    view.setUint8(i, text.charCodeAt(i));
  }
  let result = new Float32Array(text.length / 4);
  for (let i = 0; i < result.length; i++) {
    result[i] = view.getFloat32(4 * i, true);
  }
  return result;
}

/** Adds x * matrix, whose rows are one after the other, to sums. */
function addProduct(sums, x, matrix) {
  let columns = sums.length;
  for (let i = 0; i < x.length; i++) {
    let value = x[i];
    if (value !== 0) {
      for (let j = 0, at = i * columns; j < columns; j++, at++) {
        sums[j] += value * matrix[at];
      }
    }
  }
  return sums;
}

/** A row of sums that begins with the bias, row `index` of it where it has two. */
function sumsFrom(bias, columns, index) {
  let sums = new Float64Array(columns);
  if (bias) {
    for (let j = 0; j < columns; j++) {
      sums[j] = bias[index * columns + j];
    }
  }
  return sums;
}

function softmax(sums) {
  let largest = -Infinity;
  for (let j = 0; j < sums.length; j++) {
    largest = Math.max(largest, sums[j]);
  }
  let total = 0;
  for (let j = 0; j < sums.length; j++) {
    sums[j] = Math.exp(sums[j] - largest);
    total += sums[j];
  }
  for (let j = 0; j < sums.length; j++) {
    sums[j] /= total;
  }
  return sums;
}

// A layer becomes a function of one vector, which keeps the layer's state from call to call.
// Formulas and the order of gates are Keras's.
const LAYERS = {
  Dense: (layer) => (x) => {
    let y = addProduct(sumsFrom(layer.bias, layer.units, 0), x, layer.kernel);
    return layer.activation === "softmax" ? softmax(y) : y.map(FUNCTIONS[layer.activation]);
  },

  SimpleRNN: (layer) => {
    let h = new Float64Array(layer.units);
    return (x) => {
      let sums = addProduct(sumsFrom(layer.bias, layer.units, 0), x, layer.kernel);
      h = addProduct(sums, h, layer.recurrent).map(FUNCTIONS[layer.activation]);
      return h;
    };
  },

  LSTM: (layer) => {
    let units = layer.units;
    let gate = FUNCTIONS[layer.recurrentActivation];
    let candidate = FUNCTIONS[layer.activation];
    let h = new Float64Array(units);
    let c = new Float64Array(units);
    return (x) => {
      let sums = addProduct(sumsFrom(layer.bias, 4 * units, 0), x, layer.kernel);
      addProduct(sums, h, layer.recurrent); // i, f, candidate, o
      h = new Float64Array(units);
      for (let u = 0; u < units; u++) {
        c[u] = gate(sums[units + u]) * c[u] + gate(sums[u]) * candidate(sums[2 * units + u]);
        h[u] = gate(sums[3 * units + u]) * candidate(c[u]);
      }
      return h;
    };
  },

  GRU: (layer) => {
    let units = layer.units;
    let gate = FUNCTIONS[layer.recurrentActivation];
    let candidate = FUNCTIONS[layer.activation];
    let h = new Float64Array(units);
    return (x) => {
      let ofInput = addProduct(sumsFrom(layer.bias, 3 * units, 0), x, layer.kernel);
      let ofState = sumsFrom(layer.resetAfter ? layer.bias : null, 3 * units, 1);
      addProduct(ofState, h, layer.recurrent); // z, r, candidate
      let reset = h.map((value, u) => gate(ofInput[units + u] + ofState[units + u]));
      let state;
      if (layer.resetAfter) {
        state = reset.map((r, u) => r * ofState[2 * units + u]);
      } else {
        let kept = reset.map((r, u) => r * h[u]);
        state = addProduct(new Float64Array(3 * units), kept, layer.recurrent).slice(2 * units);
      }
      h = h.map((before, u) => {
        let z = gate(ofInput[u] + ofState[u]);
        return z * before + (1 - z) * candidate(ofInput[2 * units + u] + state[u]);
      });
      return h;
    };
  },
};

/** Decodes the weights of a network as the page holds it. */
function readNetwork(described) {
  return described.map((layer) => {
    let arrays = layer.weights.map(floats);
    let recurrent = layer.kind !== "Dense";
    return Object.assign({}, layer, {
      kernel: arrays[0],
      recurrent: recurrent ? arrays[1] : null,
      bias: arrays[recurrent ? 2 : 1] || null,
    });
  });
}

/**
 * Returns what the network says after each row of a picture: one array of probabilities a row, of
 * which the last is its answer.
 *
 * @param pixels side * side grey levels in rows, 0 to 255
 */
function answers(network, pixels, side) {
  let layers = network.map((layer) => LAYERS[layer.kind](layer));
  let said = [];
  for (let row = 0; row < side; row++) {
    let values = new Float64Array(side);
    for (let column = 0; column < side; column++) {
      values[column] = pixels[row * side + column] / 255;
    }
    for (let i = 0; i < layers.length; i++) {
      values = layers[i](values);
    }
    said.push(values);
  }
  return said;
}
