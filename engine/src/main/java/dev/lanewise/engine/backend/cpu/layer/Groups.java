package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which elements of a sample are normalized together: all that differ in some axes alone, in
 * row-major order. What a group begins with and what its members add lie apart, so that a table has
 * an entry for each group and each member rather than each element.
 */
final class Groups {
  /** Where each group begins. */
  private final Places ofGroups;

  /** How far from there each member is. */
  private final Places ofMembers;

  private final boolean vectors;

  /** Vectors of the last size, and places in them. */
  private static final class Places {
    final int[] positions;
    final int[] columns;

    private Places(int[] positions, int[] columns) {
      this.positions = positions;
      this.columns = columns;
    }

    /** Walks over axes, the last the fastest. */
    private static Places of(List<Axis> axes) {
      int count =
          Math.toIntExact(axes.stream().mapToLong(Axis::size).reduce(1, Math::multiplyExact));
      int[] positions = new int[count];
      int[] columns = new int[count];
      for (int i = 0; i < count; i++) {
        int rest = i;
        for (Axis axis : axes.reversed()) {
          positions[i] += rest % axis.size * axis.position;
          columns[i] += rest % axis.size * axis.column;
          rest /= axis.size;
        }
      }
      return new Places(positions, columns);
    }
  }

  /**
   * Neighbours along an axis.
   *
   * @param size how many there are
   * @param position how many positions apart they are
   * @param column how many columns apart they are
   * @param together whether they are of one group
   */
  private record Axis(int size, int position, int column, boolean together) {}

  private Groups(List<Axis> axes, int width) {
    ofGroups = Places.of(axes.stream().filter(axis -> !axis.together).toList());
    ofMembers = Places.of(axes.stream().filter(Axis::together).toList());
    vectors = size() == width && ofMembers.positions[size() - 1] == 0;
  }

  /**
   * Returns the groups of elements that differ in some axes alone.
   *
   * @param axes counted from the batch's, which is 0
   */
  static Groups along(List<Integer> axes, Shape input) {
    return new Groups(axesOf(input, axes), input.size(-1));
  }

  /**
   * Returns groups of channels, with all that they have in a sample.
   *
   * @param axis the channels', counted from the batch's, which is 0
   */
  static Groups ofChannels(int groups, int axis, Shape input) {
    List<Axis> axes = axesOf(input, IntStream.rangeClosed(1, input.rank()).boxed().toList());
    Axis channels = axes.get(axis - 1);
    int each = channels.size / groups;
    axes.set(axis - 1, new Axis(each, channels.position, channels.column, true));
    axes.add(axis - 1, new Axis(groups, each * channels.position, each * channels.column, false));
    return new Groups(axes, input.size(-1));
  }

  private static List<Axis> axesOf(Shape input, List<Integer> together) {
    List<Axis> axes = new ArrayList<>();
    int last = input.rank() - 1;
    int apart = 1;
    axes.add(new Axis(input.size(last), 0, 1, together.contains(last + 1)));
    for (int i = last - 1; i >= 0; i--) {
      axes.addFirst(new Axis(input.size(i), apart, 0, together.contains(i + 1)));
      apart *= input.size(i);
    }
    return axes;
  }

  int count() {
    return ofGroups.positions.length;
  }

  /** Returns how many elements each has. */
  int size() {
    return ofMembers.positions.length;
  }

  /** Returns whether each is the vector of a position, which is then its number. */
  boolean areVectors() {
    return vectors;
  }

  /** Reads a group of a sample: of one matrix a position, or of a single one for vectors. */
  void read(Matrix[] values, int row, int group, float[] to) {
    int position = ofGroups.positions[group];
    if (vectors) {
      values[position % values.length].copyRow(row, to);
      return;
    }
    int column = ofGroups.columns[group];
    for (int m = 0; m < to.length; m++) {
      Matrix from = values[position + ofMembers.positions[m]];
      to[m] = from.get(row, column + ofMembers.columns[m]);
    }
  }

  /** Writes a group of a sample where {@link #read} has it from. */
  void write(float[] from, CheckedKernels kernels, Matrix[] values, int row, int group) {
    int position = ofGroups.positions[group];
    if (vectors) {
      kernels.copy(from, 0, values[position % values.length], row);
      return;
    }
    int column = ofGroups.columns[group];
    for (int m = 0; m < from.length; m++) {
      Matrix to = values[position + ofMembers.positions[m]];
      to.set(row, column + ofMembers.columns[m], from[m]);
    }
  }
}
