package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.tensor.Shape;
import io.jhdf.api.Group;
import java.util.List;

/**
 * The kernel, recurrent kernel and bias of an LSTM or a GRU in files before Keras 3, where they may
 * lie in another form. Keras 2 tells the forms apart by shapes, too.
 *
 * <p>Keras 1 has three arrays for each gate, of an LSTM in the order i, c, f, o. CuDNN has each
 * gate's kernels the other way about, with outputs before inputs, and two biases, the inputs' and
 * the states'. Of an LSTM only their sum counts.
 */
final class CellWeights {
  private static final List<String> NAMES = List.of("kernel", "recurrent_kernel", "bias");

  /** Where Keras 1 has the gates of Keras's order. */
  private static final int[] FIRST_LSTM = {0, 2, 1, 3};

  private static final int[] FIRST_GRU = {0, 1, 2};

  private final Hdf5 file;
  private final Group group;
  private final List<String> names;
  private final int inputs;
  private final int units;
  private final int gates;

  private CellWeights(Hdf5 file, Group group, List<String> names, Shape kernel, Shape recurrent) {
    this.file = file;
    this.group = group;
    this.names = names;
    inputs = kernel.size(0);
    units = recurrent.size(0);
    gates = recurrent.size(1) / units;
  }

  /** Returns whether those are the weights of a cell of several gates, with a bias, all there. */
  static boolean areNext(List<ParameterSpec> parameters, List<String> names) {
    if (Math.min(parameters.size(), names.size()) < NAMES.size()
        || !parameters.stream()
            .limit(NAMES.size())
            .map(ParameterSpec::name)
            .toList()
            .equals(NAMES)) {
      return false;
    }
    Shape recurrent = parameters.get(1).shape();
    return recurrent.size(1) > recurrent.size(0);
  }

  /**
   * Takes what the file has of a cell.
   *
   * @param parameters those of the cell, then others
   * @param names of data sets; those that are read are taken from the list
   * @param values takes the arrays
   */
  static void read(
      Hdf5 file,
      Group group,
      List<ParameterSpec> parameters,
      List<String> names,
      List<float[]> values) {
    Shape kernel = parameters.get(0).shape();
    Shape recurrent = parameters.get(1).shape();
    Shape bias = parameters.get(2).shape();
    CellWeights cell = new CellWeights(file, group, names, kernel, recurrent);
    if (cell.hasGatesApart()) {
      cell.readApart(values);
    } else if (cell.isCudnn(bias)) {
      cell.readCudnn(kernel, recurrent, values);
    } else {
      for (Shape shape : List.of(kernel, recurrent, bias)) {
        values.add(file.floats(group, names.removeFirst(), shape));
      }
    }
  }

  private boolean hasGatesApart() {
    return names.size() >= NAMES.size() * gates
        && file.hasShape(group, names.getFirst(), Shape.of(inputs, units));
  }

  private void readApart(List<float[]> values) {
    int[] order = gates == FIRST_LSTM.length ? FIRST_LSTM : FIRST_GRU;
    float[] kernel = new float[inputs * gates * units];
    float[] recurrent = new float[units * gates * units];
    float[] bias = new float[gates * units];
    for (int g = 0; g < gates; g++) {
      List<String> own = names.subList(NAMES.size() * order[g], NAMES.size() * (order[g] + 1));
      place(file.floats(group, own.get(0), Shape.of(inputs, units)), g, kernel);
      place(file.floats(group, own.get(1), Shape.of(units, units)), g, recurrent);
      place(file.floats(group, own.get(2), Shape.of(units)), g, bias);
    }
    names.subList(0, NAMES.size() * gates).clear();
    values.addAll(List.of(kernel, recurrent, bias));
  }

  /** Copies a gate's columns, of as many rows as there are, to where all gates' lie. */
  private void place(float[] gate, int g, float[] all) {
    for (int i = 0; i < gate.length; i++) {
      all[i / units * gates * units + g * units + i % units] = gate[i];
    }
  }

  /** A GRU whose only bias stands before the reset has no such form. */
  private boolean isCudnn(Shape bias) {
    boolean summed = gates == FIRST_LSTM.length;
    return bias.rank() == (summed ? 1 : 2)
        && file.hasShape(group, names.get(2), Shape.of(2 * gates * units));
  }

  private void readCudnn(Shape kernel, Shape recurrent, List<float[]> values) {
    values.add(turned(file.floats(group, names.removeFirst(), kernel), inputs));
    values.add(turned(file.floats(group, names.removeFirst(), recurrent), units));
    float[] both = file.floats(group, names.removeFirst(), Shape.of(2 * gates * units));
    if (gates == FIRST_LSTM.length) {
      float[] sum = new float[gates * units];
      for (int i = 0; i < sum.length; i++) {
        sum[i] = both[i] + both[sum.length + i];
      }
      values.add(sum);
    } else {
      values.add(both);
    }
  }

  /** Each gate's numbers, whatever the rows that they lie in, are a matrix of units by inputs. */
  private float[] turned(float[] all, int rows) {
    float[] later = new float[all.length];
    int columns = gates * units;
    for (int g = 0; g < gates; g++) {
      for (int unit = 0; unit < units; unit++) {
        for (int row = 0; row < rows; row++) {
          int at = unit * rows + row; // among the gate's numbers
          later[row * columns + g * units + unit] =
              all[at / units * columns + g * units + at % units];
        }
      }
    }
    return later;
  }
}
