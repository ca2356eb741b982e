package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The largest value, or the mean, of each feature in a window over a picture, or over a sequence of
 * pictures: Keras's {@code MaxPooling2D}, {@code AveragePooling2D}, {@code MaxPooling3D} and {@code
 * AveragePooling3D}. Positions outside do not count. Where several have the largest value, the
 * gradient goes to the first of them, as in TensorFlow.
 *
 * @param kind what becomes of a window
 * @param window a {@link PictureWindow} or a {@link VolumeWindow}: Keras's pool_size, strides and
 *     padding; no dilation
 */
public record GridPooling(Kind kind, Window window) implements Layer {
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
  public GridPooling {
    Objects.requireNonNull(kind, "pooling: kind");
    Objects.requireNonNull(window, "pooling: window");
    if (window.axes().size() == 1) {
      throw new IllegalArgumentException(
          "pooling: window must be of two or three axes; of sequences there are MaxPooling1D and"
              + " AveragePooling1D");
    }
    for (SlidingWindow axis : window.axes()) {
      MaxPooling1D.requirePools(className(kind, window), axis);
    }
  }

  /**
   * {@return the largest of such windows}
   *
   * @param window usually {@code tiles}
   */
  public static GridPooling max(Window window) {
    return new GridPooling(Kind.MAX, window);
  }

  /**
   * {@return the mean of such windows}
   *
   * @param window usually {@code tiles}
   */
  public static GridPooling average(Window window) {
    return new GridPooling(Kind.AVERAGE, window);
  }

  /**
   * {@return the window's places}
   *
   * @param input the shape of one sample, features last
   */
  public WindowPlaces places(Shape input) {
    return window.places(className(), input);
  }

  @Override
  public String className() {
    return className(kind, window);
  }

  private static String className(Kind kind, Window window) {
    return kind.className + "Pooling" + window.axes().size() + "D";
  }

  @Override
  public String kerasName() {
    return kind.kerasName + "_pooling" + window.axes().size() + "d";
  }

  @Override
  public Shape outputShape(Shape input) {
    return window.outputShape(className(), input, input.size(-1));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
