package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.MaskRule;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Pointwise;
import java.util.List;

/** A layer that makes one value of several, whose gradients are those of its inputs in turn. */
interface ReferenceMerge extends ReferenceLayer {
  /** Returns a layer with weights in Keras's order. */
  static ReferenceMerge of(Merge merge, List<double[]> weights) {
    return switch (merge) {
      case Pointwise each -> new ReferencePointwise(each);
      case Concatenate side -> new ReferenceConcatenate(side);
      case Dot dot -> throw new IllegalStateException(dot + " needs the shapes of both");
      case Attention attention -> ReferenceAttention.of(attention, weights);
      case AdditiveAttention attention -> ReferenceAttention.of(attention, weights);
      case MultiHeadAttention attention -> new ReferenceHeads(attention, weights);
    };
  }

  /** Returns what counts of several signals by a rule, null if all does. */
  static boolean[][] masked(MaskRule rule, List<Signal> read) {
    return rule == MaskRule.KERAS_3 ? either(read) : all(read);
  }

  private static boolean[][] all(List<Signal> read) {
    boolean[][] all = null;
    for (Signal x : read) {
      if (x.used() != null) {
        boolean[][] both = new boolean[x.positions()][x.samples()];
        for (int p = 0; p < both.length; p++) {
          for (int n = 0; n < both[p].length; n++) {
            both[p][n] = x.uses(p, n) && (all == null || all[p][n]);
          }
        }
        all = both;
      }
    }
    return all;
  }

  /** Returns what counts in any of some signals; null if one of them is unmasked. */
  static boolean[][] either(List<Signal> read) {
    boolean[][] either = null;
    for (Signal x : read) {
      if (x.used() == null) {
        return null;
      }
      boolean[][] both = new boolean[x.positions()][x.samples()];
      for (int p = 0; p < both.length; p++) {
        for (int n = 0; n < both[p].length; n++) {
          both[p][n] = x.uses(p, n) || (either != null && either[p][n]);
        }
      }
      either = both;
    }
    return either;
  }

  /** Returns what several signals become. */
  Signal merge(List<Signal> read);

  /** Returns the gradient by each of them. */
  List<Signal> part(Signal dy, List<double[]> gradients);

  @Override
  default Signal forward(Signal x) {
    return merge(List.of(x));
  }

  @Override
  default Signal backward(Signal dy, List<double[]> gradients) {
    return part(dy, gradients).getFirst();
  }

  @Override
  default List<Signal> forward(List<Signal> read) {
    return List.of(merge(read));
  }

  @Override
  default List<Signal> backward(List<Signal> given, List<double[]> gradients) {
    return part(given.getFirst(), gradients);
  }
}
