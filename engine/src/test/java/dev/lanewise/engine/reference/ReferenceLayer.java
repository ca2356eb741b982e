package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SpatialDropout1D;
import dev.lanewise.engine.layer.TimeDistributed;
import java.util.List;

/** One layer: forward keeps what backward needs; gradients are added to arrays like the weights. */
interface ReferenceLayer {
  /** Returns a layer with weights in Keras's order, which stay the caller's. */
  static ReferenceLayer of(Layer layer, List<double[]> weights) {
    return switch (layer) {
      case Dense dense -> new ReferenceDense(dense, weights);
      case Recurrent recurrent -> new ReferenceRecurrent(recurrent, weights);
      case Bidirectional both -> {
        int own = weights.size() / 2;
        yield new ReferenceBidirectional(
            both,
            new ReferenceRecurrent(both.forward(), weights.subList(0, own)),
            new ReferenceRecurrent(both.backward(), weights.subList(own, weights.size())));
      }
      case TimeDistributed distributed -> of(distributed.layer(), weights);
      case ActivationLayer function -> new ReferenceActivationLayer(function.activation());
      case LeakyRelu leaky -> new ReferenceLeakyRelu(leaky.negativeSlope());
      case Dropout dropout -> new ReferenceDropout(dropout.rate(), false);
      case SpatialDropout1D dropout -> new ReferenceDropout(dropout.rate(), true);
      case Flatten flatten -> new ReferenceReshape(flatten);
      case Reshape reshape -> new ReferenceReshape(reshape);
      case RepeatVector repeat -> new ReferenceRepeat(repeat.times());
    };
  }

  /** Has what is drawn in training be drawn as for this seed, update and layer. */
  default void train(long seed, long update, int index) {}

  /** Has nothing be drawn from the next pass forward on. */
  default void rest() {}

  Signal forward(Signal x);

  Signal backward(Signal dy, List<double[]> gradients);
}
