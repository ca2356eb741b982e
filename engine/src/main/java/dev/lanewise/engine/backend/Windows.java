package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * A model's sequences cut into windows, for truncated backpropagation through time: each window is
 * a training step of its own. It begins with the states that the one before has left, those of the
 * first being zero, and no gradient goes from one to another.
 *
 * @param whole the model of whole sequences
 * @param length the steps of a window; the last has what is left
 */
public record Windows(ModelSpec whole, int length) {
  private static final String CALL = "truncated backprop: ";

  /**
   * Validates the model.
   *
   * @throws IllegalArgumentException if it has no answer for each step, a layer needs more than has
   *     been of the sequence, or layers keep states of their own
   */
  public Windows {
    if (length < 1) {
      throw new IllegalArgumentException(CALL + "a window needs at least 1 step, found " + length);
    }
    if (whole.batchSize() > 0) {
      throw new IllegalArgumentException(
          CALL
              + "a sequence begins with states of zero, and the model's layers keep theirs"
              + " (stateful); leave out keepingState");
    }
    String reason = Stepwise.refusal(whole.graph());
    if (reason.isEmpty()) {
      reason = refusal(whole.graph());
    }
    if (whole.outputs().stream().anyMatch(output -> output.loss() instanceof Ctc)) {
      reason = "ctc is a loss of whole sequences; train on whole sequences";
    }
    if (!reason.isEmpty()) {
      throw new IllegalArgumentException(CALL + reason);
    }
  }

  /** Returns what a step of training asks for beyond what a step of a stream does. */
  private static String refusal(Graph graph) {
    int steps = graph.shapes().getFirst().size(0);
    for (int value : graph.outputs()) {
      Shape output = graph.shapes().get(value);
      if (output.rank() < 2 || output.size(0) != steps) {
        return "a window is judged by the answers to its steps, and the model gives "
            + output
            + " for a sequence of "
            + steps
            + "; have all recurrent layers return sequences, with a target for each step";
      }
    }
    for (int l = 0; l < graph.layers().size(); l++) {
      Layer layer = graph.layers().get(l);
      String name = "layer " + l + " (" + layer.kerasName() + ") ";
      if (layer.unfrozen() instanceof Conv1D convolution && convolution.window().size() > 1) {
        return name + "reads steps of the window before, which are not kept; train whole sequences";
      }
      if (ActivityRegularization.isOf(layer)) {
        return name + "adds a penalty of whole sequences to the loss; train on whole sequences";
      }
      if (layer.unfrozen() instanceof Recurrent && graph.calls(l) > 1) {
        return name + "is called " + graph.calls(l) + " times, and states are kept of one call";
      }
    }
    return "";
  }

  /** {@return how many steps a sequence has} */
  public int steps() {
    return whole.inputs().getFirst().size(0);
  }

  /** {@return how many windows a sequence is cut into} */
  public int count() {
    return Math.ceilDiv(steps(), length);
  }

  /**
   * {@return the steps of a window}
   *
   * @param index counted from 0
   */
  public int stepsOf(int index) {
    return Math.min(length, steps() - index * length);
  }

  /**
   * {@return the model of a window, and that of the last one if it is shorter: the same layers,
   * keeping their states}
   *
   * @param samples the most of a batch
   */
  public List<ModelSpec> models(int samples) {
    ModelSpec first = model(stepsOf(0), samples);
    int last = stepsOf(count() - 1);
    return last == stepsOf(0) ? List.of(first) : List.of(first, model(last, samples));
  }

  private ModelSpec model(int steps, int samples) {
    Graph graph = whole.graph();
    List<Graph.Input> inputs =
        graph.inputs().stream()
            .map(input -> input.withShape(input.shape().withFirst(steps)).ofBatches(samples))
            .toList();
    List<Layer> layers = graph.layers().stream().map(Windows::keepingState).toList();
    Graph window = new Graph(inputs, layers, graph.nodes(), graph.outputs());
    return new ModelSpec(window, whole.outputs(), whole.optimizer());
  }

  private static Layer keepingState(Layer layer) {
    return switch (layer) {
      case Recurrent recurrent -> recurrent.with(recurrent.options().keepingState());
      case Frozen frozen -> keepingState(frozen.layer()).frozen();
      default -> layer; // has no state: what has one and is not recurrent is refused
    };
  }
}
