package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.SimpleRnn;
import java.util.List;

/** One layer: forward keeps what backward needs; gradients are added to arrays like the weights. */
interface ReferenceLayer {
  /** Returns a layer with weights in Keras's order, which stay the caller's. */
  static ReferenceLayer of(Layer layer, List<double[]> weights) {
    return switch (layer) {
      case Dense dense -> new ReferenceDense(dense, weights);
      case Recurrent recurrent -> new ReferenceRecurrent(recurrent, cell(recurrent, weights));
    };
  }

  private static ReferenceCell cell(Recurrent layer, List<double[]> weights) {
    return switch (layer) {
      case SimpleRnn rnn -> new ReferenceSimpleCell(rnn, weights);
      case Lstm lstm -> new ReferenceLstmCell(lstm, weights);
      case Gru gru -> new ReferenceGruCell(gru, weights);
    };
  }

  Signal forward(Signal x);

  Signal backward(Signal dy, List<double[]> gradients);
}
