package dev.lanewise.engine.data;

/**
 * What a file cannot say about its numbers.
 *
 * @param scaling whether features are levels of pixels
 * @param classes how many classes there are at least; the largest training label may show more
 */
public record Reading(Scaling scaling, int classes) {
  /** Nothing but what the numbers show. */
  public static final Reading PLAIN = new Reading(Scaling.AUTO, 0);
}
