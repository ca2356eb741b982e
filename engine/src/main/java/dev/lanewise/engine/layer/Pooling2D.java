package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The largest value, or the mean, of each feature in a window over a picture: Keras's {@code
 * MaxPooling2D} and {@code AveragePooling2D}. Positions outside the picture do not count. Where
 * several have the largest value, the gradient goes to the first of them, as in TensorFlow.
 *
 * @param kind what becomes of a window
 * @param window Keras's pool_size, strides and padding; no dilation
 */
public record Pooling2D(Kind kind, PictureWindow window) implements Layer {
  /** What becomes of a window. */
  public enum Kind {
    /** Its largest value: {@code MaxPooling2D}. */
    MAX("Max", "max"),
    /** Its mean: {@code AveragePooling2D}. */
    AVERAGE("Average", "average");

    private final String className;
    private final String kerasName;

    Kind(String className, String kerasName) {
      this.className = className;
      this.kerasName = kerasName;
    }

    String className() {
      return className;
    }

    String kerasName() {
      return kerasName;
    }
  }

  /**
   * Validates the window.
   *
   * @throws IllegalArgumentException if Keras has no such pooling
   */
  public Pooling2D {
    Objects.requireNonNull(kind, "pooling: kind");
    MaxPooling1D.requirePools(kind.className + "Pooling2D", window.rows());
    MaxPooling1D.requirePools(kind.className + "Pooling2D", window.columns());
  }

  /**
   * {@return the largest of square windows side by side, Keras's default being 2}
   *
   * @param poolSize a window's rows and columns, at least 1
   */
  public static Pooling2D max(int poolSize) {
    return new Pooling2D(Kind.MAX, PictureWindow.of(poolSize).withStrides(poolSize, poolSize));
  }

  /**
   * {@return the mean of square windows side by side, Keras's default being 2}
   *
   * @param poolSize a window's rows and columns, at least 1
   */
  public static Pooling2D average(int poolSize) {
    return new Pooling2D(Kind.AVERAGE, PictureWindow.of(poolSize).withStrides(poolSize, poolSize));
  }

  /**
   * {@return the window's places on a picture}
   *
   * @param input the shape of one sample, [rows, columns, channels]
   */
  public PictureWindow.Places places(Shape input) {
    return window.places(className(), input);
  }

  @Override
  public String className() {
    return kind.className + "Pooling2D";
  }

  @Override
  public String kerasName() {
    return kind.kerasName + "_pooling2d";
  }

  @Override
  public Shape outputShape(Shape input) {
    PictureWindow.requirePicture(className(), input);
    return window.outputShape(className(), input, input.size(2));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
