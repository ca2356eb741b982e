package dev.lanewise.engine.data;

/**
 * What a file cannot say about its numbers.
 *
 * @param scaling whether features are levels of pixels
 * @param classes how many classes there are at least; the largest training label may show more
 * @param labels how many class labels a sample has: 1, or one a step
 * @param numbers how many numbers a sample's target is, where it is no label; 0 if it always is
 */
public record Reading(Scaling scaling, int classes, int labels, int numbers) {
  /** Nothing but what the numbers show, and a label a sample. */
  public static final Reading PLAIN = new Reading(Scaling.AUTO, 0);

  /** Takes samples with a label each. */
  public Reading(Scaling scaling, int classes) {
    this(scaling, classes, 1, 0);
  }
}
