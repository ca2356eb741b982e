package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The largest value, or the mean, of each feature of a picture, or of a sequence of pictures:
 * Keras's {@code GlobalMaxPooling2D}, {@code GlobalAveragePooling2D}, {@code GlobalMaxPooling3D}
 * and {@code GlobalAveragePooling3D}. [rows, columns, features] becomes [features].
 *
 * @param kind what becomes of the picture
 * @param axes how many axes there are before the features, 2 or 3
 * @param keepDims whether the output has these axes, with one position
 */
public record GlobalGridPooling(GridPooling.Kind kind, int axes, boolean keepDims)
    implements Layer {
  private static final int MOST_AXES = 3;

  /**
   * Validates the kind.
   *
   * @throws IllegalArgumentException if Keras has no such pooling
   */
  public GlobalGridPooling {
    Objects.requireNonNull(kind, "pooling: kind");
    if (axes < 2 || axes > MOST_AXES) {
      throw new IllegalArgumentException("pooling: axes must be 2 or 3, found " + axes);
    }
  }

  /**
   * {@return the one window that is all of a picture, its positions in order}
   *
   * @param input the shape of one sample, features last
   */
  public WindowPlaces window(Shape input) {
    int positions = input.positions();
    return new SlidingWindow.Windows(SlidingWindow.of(positions), positions, 1, 0);
  }

  @Override
  public String className() {
    return "Global" + kind.className() + "Pooling" + axes + "D";
  }

  @Override
  public String kerasName() {
    return "global_" + kind.kerasName() + "_pooling" + axes + "d";
  }

  @Override
  public Shape outputShape(Shape input) {
    Window.requireAxes(className(), axes, input);
    int[] sizes = new int[keepDims ? axes + 1 : 1];
    Arrays.fill(sizes, 1);
    sizes[sizes.length - 1] = input.size(-1);
    return Shape.of(sizes);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
