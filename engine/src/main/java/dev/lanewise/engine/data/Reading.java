package dev.lanewise.engine.data;

import java.util.List;

/**
 * What a file cannot say about its numbers.
 *
 * @param scaling whether features are levels of pixels
 * @param targets what there is to be known of the targets of each output
 */
public record Reading(Scaling scaling, List<Target> targets) {
  /** Nothing but what the numbers show, and a label a sample. */
  public static final Reading PLAIN = new Reading(Scaling.AUTO, 0);

  /** Makes the list unmodifiable. */
  public Reading {
    targets = List.copyOf(targets);
  }

  /**
   * Takes samples with a label each.
   *
   * @param scaling what is done to numbers
   * @param classes how many there are, or 0 to count them
   */
  public Reading(Scaling scaling, int classes) {
    this(scaling, classes, 1, 0);
  }

  /**
   * Takes samples with targets of one output.
   *
   * @param scaling what is done to numbers
   * @param classes how many there are, or 0 to count them
   * @param labels how many labels a sample has
   * @param numbers how many float targets a sample has
   */
  public Reading(Scaling scaling, int classes, int labels, int numbers) {
    this(scaling, List.of(new Target(classes, labels, numbers)));
  }

  /** Returns the same with features that are taken as they are. */
  Reading unscaled() {
    return new Reading(Scaling.NONE, targets);
  }

  /**
   * What a file cannot say about the targets of an output.
   *
   * @param classes how many classes there are at least; the largest training label may show more
   * @param labels how many class labels a sample has: 1, or one a step; 0 for any number
   * @param numbers how many numbers a sample's target is, where it is no label; 0 if it always is
   */
  public record Target(int classes, int labels, int numbers) {}
}
