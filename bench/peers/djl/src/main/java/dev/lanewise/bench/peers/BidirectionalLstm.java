package dev.lanewise.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's bidirectional LSTM. DJL's own block hands over both directions' matrices and then both
 * directions' biases, where PyTorch wants all of one direction first and stops at a bias that is a
 * matrix.
 */
final class BidirectionalLstm extends RecurrentBlock {
  BidirectionalLstm(LSTM.Builder builder) {
    super(builder.setNumLayers(1).optBidirectional(true).optBatchFirst(true).optReturnState(true));
    gates = 4;
    List<Map.Entry<String, Parameter>> backward =
        parameters.entrySet().stream().filter(each -> each.getKey().startsWith("r_")).toList();
    backward.forEach(each -> parameters.remove(each.getKey()));
    backward.forEach(each -> parameters.put(each.getKey(), each.getValue()));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDArray x = inputs.head();
    NDList weights = new NDList();
    for (Parameter parameter : parameters.values()) {
      weights.add(store.getValue(parameter, x.getDevice(), training));
    }
    Shape both = new Shape(2, x.size(0), stateSize);
    NDList start = new NDList(x.getManager().zeros(both), x.getManager().zeros(both));
    return x.getNDArrayInternal()
        .lstm(x, start, weights, true, numLayers, dropRate, training, true, batchFirst);
  }
}
