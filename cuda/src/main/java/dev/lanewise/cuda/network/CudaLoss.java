package dev.lanewise.cuda.network;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.tensor.Shape;

/** The loss of an output, with accuracy and absolute error beside it; see loss.cuh. */
public final class CudaLoss {
  private final LossForm form;
  private final int positions;
  private final int units;
  private final double weight;
  private final int output;
  private final int place;
  private final boolean told;
  private final long counted;
  private long mask;

  /**
   * Describes the loss of an output.
   *
   * @param place of what it leaves among a sample's results
   */
  CudaLoss(LayerMemory memory, ModelSpec spec, int output, int place) {
    this.output = output;
    this.place = place;
    form = spec.lossForm(output);
    Shape shape = spec.shapeOf(output);
    positions = shape.positions();
    units = shape.size(-1);
    weight = spec.outputs().get(output).weight();
    told = spec.outputs().size() > 1;
    boolean masked = spec.graph().masks().of(spec.graph().outputs().get(output)) != null;
    counted = masked ? memory.arena().allocate("steps that count", 1) : 0;
  }

  /** Takes the address of which steps are judged, 0 for all. */
  void heed(long itsMask) {
    mask = itsMask;
  }

  /** Returns the address of which steps are judged, 0 for all. */
  long mask() {
    return mask;
  }

  /** Returns whether the last layer leaves its function to the loss. */
  public boolean takesLogits() {
    return form.takesLogits();
  }

  /** Returns the steps of a sample's output. */
  public int positions() {
    return positions;
  }

  /** Returns the values of a step. */
  public int units() {
    return units;
  }

  /** Leaves each sample's loss and metrics, and the gradients by the outputs. */
  public void compute(CudaPass pass, CudaSource last) {
    if (mask != 0) {
      int count = pass.rows(positions);
      pass.calls()
          .inOneBlock("count_steps", new Arguments().pointer(mask).integer(count).pointer(counted));
    }
    pass.calls()
        .lossRows(
            pass.batch(),
            last.outputs(pass.rows()),
            last.outputGradients(),
            pass.rows(),
            positions,
            units,
            new Struct()
                .pointer(mask)
                .pointer(counted)
                .integer(output)
                .integer(place)
                .real(weight)
                .real(told ? 1 : weight),
            LossRule.of(form));
    if (mask != 0) {
      clearMasked(pass, last.outputGradients());
    }
    if (told) {
      pass.calls()
          .elements(
              "add_loss",
              pass.rows(),
              new Arguments()
                  .pointer(pass.batch())
                  .integer(pass.rows())
                  .integer(place)
                  .real(weight)
                  .integer(output == 0 ? 1 : 0));
    }
  }

  /** Clears the gradients by steps that are not judged, which the loss leaves as they were. */
  private void clearMasked(CudaPass pass, long gradients) {
    pass.calls()
        .rows(
            "zero_masked",
            pass.rows(positions),
            new Arguments()
                .pointer(gradients)
                .integer(units)
                .pointer(mask)
                .pointer(gradients)
                .integer(positions)
                .integer(pass.rows())
                .integer(units)
                .integer(0));
  }

  /** Leaves outputs as a user sees them, without gaps; {@code to} may be where they are. */
  public void finish(CudaPass pass, Signal outputs, long to) {
    int all = pass.rows(positions);
    if (!takesLogits()) {
      pass.calls().applyFunction(outputs, to, all, units, Activation.LINEAR);
    } else if (form.applied() == Activation.SOFTMAX) {
      pass.calls().softmaxRows(outputs, to, all, units);
    } else {
      pass.calls().applyFunction(outputs, to, all, units, form.applied());
    }
  }
}
