package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import java.util.List;

/** One step of a recurrent layer for one sample, forward and backward. */
interface ReferenceCell {
  /** Returns a layer's cell for a sample. */
  static ReferenceCell of(CellLayer layer, List<double[]> weights, ReferenceMasks masks) {
    return switch (layer) {
      case SimpleRnn rnn -> new ReferenceSimpleCell(rnn, weights, masks);
      case Lstm lstm -> new ReferenceLstmCell(lstm, weights, masks);
      case Gru gru -> new ReferenceGruCell(gru, weights, masks);
    };
  }

  /** Returns how many arrays its state has, h first. */
  int states();

  /**
   * Returns what it keeps of a step.
   *
   * @param next takes the state after it
   */
  double[][] forward(double[] x, double[][] state, double[][] next);

  /**
   * The gradients of a step.
   *
   * @param kept what {@link #forward} returned
   * @param state the state before the step
   * @param dNext by the state after it
   * @param dx takes those by x, added
   * @param dState takes those by the state before, added
   * @param gradients take those by the weights, added
   */
  void backward(
      double[][] kept,
      double[] x,
      double[][] state,
      double[][] dNext,
      double[] dx,
      double[][] dState,
      List<double[]> gradients);
}
