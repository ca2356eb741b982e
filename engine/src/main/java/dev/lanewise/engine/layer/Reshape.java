package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Gives the same elements, in row-major order, another shape.
 *
 * @param target 1 to 4 sizes; one may be -1, it is what is left
 */
public record Reshape(List<Integer> target) implements Layer {
  private static final int REST = -1;
  private static final int MOST_SIZES = 4;

  /**
   * Validates the target.
   *
   * @throws IllegalArgumentException if it has no size, more than four, or more than one that is
   *     left open
   */
  public Reshape {
    target = List.copyOf(target);
    boolean sizes = target.stream().allMatch(size -> size >= 1 || size == REST);
    boolean oneRest = target.stream().filter(size -> size == REST).count() <= 1;
    if (target.isEmpty() || target.size() > MOST_SIZES || !sizes || !oneRest) {
      throw new IllegalArgumentException(
          "Reshape: target must be 1 to 4 sizes, at most one of them -1, found " + target);
    }
  }

  /**
   * {@return a layer of this target}
   *
   * @param target the sizes of an output; one may be -1 and is what is left
   */
  public static Reshape to(Integer... target) {
    return new Reshape(List.of(target));
  }

  @Override
  public String className() {
    return "Reshape";
  }

  @Override
  public String kerasName() {
    return "reshape";
  }

  @Override
  public Shape outputShape(Shape input) {
    long known =
        target.stream().filter(s -> s != REST).mapToLong(s -> s).reduce(1, (a, b) -> a * b);
    long rest = input.elementCount() / known;
    int[] sizes = target.stream().mapToInt(s -> s == REST ? (int) rest : s).toArray();
    Shape shape = Shape.of(sizes);
    if (rest < 1 || shape.elementCount() != input.elementCount()) {
      throw new IllegalArgumentException(
          "Reshape: "
              + input
              + " has "
              + input.elementCount()
              + " elements, not those of "
              + target);
    }
    return shape;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
