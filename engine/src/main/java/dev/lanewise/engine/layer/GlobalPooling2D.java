package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The largest value, or the mean, of each feature of a picture: Keras's {@code GlobalMaxPooling2D}
 * and {@code GlobalAveragePooling2D}. [rows, columns, features] becomes [features].
 *
 * @param kind what becomes of the picture
 * @param keepDims whether the output is a picture of one row and column
 */
public record GlobalPooling2D(Pooling2D.Kind kind, boolean keepDims) implements Layer {
  /** Validates the kind. */
  public GlobalPooling2D {
    Objects.requireNonNull(kind, "pooling: kind");
  }

  /**
   * {@return the one window that is all of a picture, its positions in order}
   *
   * @param input the shape of one sample, [rows, columns, channels]
   */
  public WindowPlaces window(Shape input) {
    int positions = input.positions();
    return new SlidingWindow.Windows(SlidingWindow.of(positions), positions, 1, 0);
  }

  @Override
  public String className() {
    return "Global" + kind.className() + "Pooling2D";
  }

  @Override
  public String kerasName() {
    return "global_" + kind.kerasName() + "_pooling2d";
  }

  @Override
  public Shape outputShape(Shape input) {
    PictureWindow.requirePicture(className(), input);
    return keepDims ? Shape.of(1, 1, input.size(2)) : Shape.of(input.size(2));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
