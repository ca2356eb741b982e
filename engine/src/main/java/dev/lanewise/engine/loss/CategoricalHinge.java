package dev.lanewise.engine.loss;

/**
 * max(n - p + 1, 0) with p = sum_c t_c y_c and n = max_c (1 - t_c) y_c, of one-hot targets: by how
 * much less than 1 the target's output is above the largest other one, or above 0 if that is more.
 * Equal maxima share the gradient, and at 0 there still is one, as in TensorFlow.
 */
public record CategoricalHinge() implements Loss {
  @Override
  public String kerasName() {
    return "categorical_hinge";
  }
}
