package dev.lanewise.cuda.emulated;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.Transfers;

/**
 * What the kernels of one LSTM or GRU read and write: rows of step after step, those of a step
 * together, and weights as kernel, recurrent kernel and biases one after the other.
 */
final class GatedMemory {
  static final int SLICES = 3; // of the weights' gradients, which are then added up

  final boolean lstm;
  final boolean sequences;
  final int steps;
  final int rows;
  final int features;
  final int units;
  final int width;
  final int stride;
  final long inputs;
  final long weights;
  final long above;
  final long walked; // x_t and h_{t-1} side by side, [steps + 1][rows][stride]
  final long sums;
  final long kept; // c of an LSTM, the states' sums of a GRU's candidate
  final long later;
  final long bySums;
  final long byStates;
  final long byInputs;
  final long partial;
  final long gradient;
  private final Device device;
  private final Transfers transfers;

  /**
   * Takes the memory and fills in what is given.
   *
   * @param x [steps][rows][features]
   * @param allWeights kernel, recurrent kernel and biases
   * @param fromAbove gradients by h_t, [steps][rows][units], or by the last alone
   */
  GatedMemory(Device device, int units, float[][][] x, float[] allWeights, float[] fromAbove) {
    this.device = device;
    this.units = units;
    transfers = new Transfers(device);
    steps = x.length;
    rows = x[0].length;
    features = x[0][0].length;
    stride = features + units;
    lstm = allWeights.length == (stride + 1) * 4 * units;
    sequences = fromAbove.length == steps * rows * units;
    width = (lstm ? 4 : 3) * units;
    inputs = floats(steps * rows * features);
    weights = floats(allWeights.length);
    above = floats(fromAbove.length);
    walked = floats((steps + 1) * rows * stride);
    sums = floats(steps * rows * width);
    kept = floats(steps * rows * units);
    later = floats(rows * units);
    bySums = floats(steps * rows * width);
    byStates = floats(steps * rows * width);
    byInputs = floats(steps * rows * features);
    partial = floats(SLICES * allWeights.length);
    gradient = floats(allWeights.length);
    for (int t = 0; t < steps; t++) {
      for (int row = 0; row < rows; row++) {
        transfers.copyIn(at(inputs, (t * rows + row) * features), x[t][row]);
      }
    }
    transfers.copyIn(weights, allWeights);
    transfers.copyIn(above, fromAbove);
  }

  /** Takes room for so many floats, which nobody has written. */
  long floats(int count) {
    return device.allocate("a test", (long) count * Float.BYTES).address();
  }

  static long at(long address, int floats) {
    return address + (long) floats * Float.BYTES;
  }

  /** Returns how many weights there are. */
  int count() {
    return (stride + (lstm ? 1 : 2)) * width;
  }

  long recurrent() {
    return at(weights, features * width);
  }

  long bias(int number) {
    return at(weights, (stride + number) * width);
  }

  /** Returns the address of h_{t-1}. */
  long before(int t) {
    return at(walked, t * rows * stride + features);
  }

  /** Returns the address of step t of a buffer, [rows][columns]. */
  long step(long buffer, int t, int columns) {
    return at(buffer, t * rows * columns);
  }

  /** Returns h_t, [units]. */
  float[] state(int t, int row) {
    return transfers.copyOut(at(before(t + 1), row * stride), units);
  }

  /** Returns c_t of an LSTM, [units]. */
  float[] cellState(int t, int row) {
    return transfers.copyOut(at(step(kept, t, units), row * units), units);
  }

  /** Returns the gradient by x_t, [features]. */
  float[] inputGradient(int t, int row) {
    return transfers.copyOut(at(step(byInputs, t, features), row * features), features);
  }

  /** Returns the gradients by kernel, recurrent kernel and biases, one after the other. */
  float[] weightGradients() {
    return transfers.copyOut(gradient, count());
  }
}
