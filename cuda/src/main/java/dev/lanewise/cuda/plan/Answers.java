package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Struct;

/**
 * What an output should be, on the device: {@code struct Answers} of batch.cuh. Addresses are 0 for
 * what there is not.
 *
 * @param labels classes [samples][positions], at most one of these two
 * @param targets values [samples][positions][units]
 * @param weights by how much samples count, [samples][positions]
 */
record Answers(long labels, long targets, long weights) {
  /** Where nobody asks what they should be. */
  static final Answers NONE = new Answers(0, 0, 0);

  Struct struct() {
    return new Struct().pointer(labels).pointer(targets).pointer(weights);
  }
}
