package dev.lanewise.cli.argument;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** What a new model takes and tells apart, as far as its training data decide that. */
public final class NewModelInput {
  private NewModelInput() {}

  /** Plain rows whose length is a square, as MNIST's 784, are images; others are one step. */
  public static Shape of(Dataset samples) {
    if (samples.inputs().size() > 1) {
      throw new FormatException(
          "data: samples have several inputs, "
              + Dataset.shown(samples.inputs())
              + "; a new model takes one, --model names a file with a model of several");
    }
    Shape shape = samples.sampleShape();
    if (shape.rank() != 1) {
      return shape;
    }
    int length = shape.size(0);
    int side = (int) Math.round(Math.sqrt(length));
    return side > 1 && side * side == length ? Shape.of(side, side) : Shape.of(1, length);
  }

  /**
   * Refuses labels that need more classes than there are said to be, or, where nobody says it, that
   * leave one out: a single 200 among digits would make 201 classes of them.
   *
   * @param classes what the user says
   * @throws FormatException naming those that are missing
   */
  public static void requireClasses(Dataset training, @Nullable Integer classes) {
    if (classes == null) {
      requireEveryClass(training);
    } else if (training.classes() > classes) {
      throw new FormatException(
          "data: training labels go to " + (training.classes() - 1) + ", --classes is " + classes);
    }
  }

  private static void requireEveryClass(Dataset training) {
    boolean[] present = new boolean[training.classes()];
    for (int i = 0; i < training.size(); i++) {
      for (int k = 0; k < training.targetWidth(); k++) {
        present[training.label(i, k)] = true;
      }
    }
    int missing = 0;
    while (missing < present.length && present[missing]) {
      missing++;
    }
    if (missing == present.length) {
      return;
    }
    int last = missing;
    while (last + 1 < present.length && !present[last + 1]) {
      last++;
    }
    throw new FormatException(
        "data: no training sample has label "
            + missing
            + (last > missing ? " to " + last : "")
            + ", which would be of "
            + present.length
            + " classes; a wrong label? --classes "
            + present.length
            + " says that there are so many");
  }
}
