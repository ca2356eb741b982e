package dev.lanewise.cuda.network;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.SampleSizes;
import java.util.ArrayList;
import java.util.List;

/** The losses and metrics of a model's outputs, and its outputs as the user sees them. */
final class CudaLosses {
  private final List<CudaLoss> each = new ArrayList<>();
  private final CudaMeasures measures;
  private final int maximumRows;
  private final int valuesOfSample;
  private final long finished;

  CudaLosses(LayerMemory memory, ModelSpec spec) {
    measures = new CudaMeasures(spec);
    for (int output = 0; output < spec.outputs().size(); output++) {
      each.add(new CudaLoss(memory, spec, output, measures.placeOfLoss(output)));
    }
    maximumRows = memory.maximumRows();
    valuesOfSample = SampleSizes.of(spec).output();
    finished = memory.floats("outputs", 1, valuesOfSample);
  }

  /**
   * Takes the masks of the outputs: steps that they leave out are not judged.
   *
   * @param masks the address of each output's, 0 where all steps count
   */
  void heed(List<Long> masks) {
    for (int output = 0; output < each.size(); output++) {
      each.get(output).heed(masks.get(output));
    }
  }

  boolean judgeUnderMasks() {
    return each.stream().anyMatch(loss -> loss.mask() != 0);
  }

  CudaLoss of(int output) {
    return each.get(output);
  }

  CudaMeasures measures() {
    return measures;
  }

  /** Returns the outputs of {@link #finish}: of each sample those of one after those of another. */
  long finished() {
    return finished;
  }

  /** Leaves each sample's losses, and the gradients by the outputs. */
  void compute(CudaPass pass, List<CudaSource> outputs) {
    for (int output = 0; output < each.size(); output++) {
      each.get(output).compute(pass, outputs.get(output));
    }
  }

  /** Launches the metrics that the losses do not leave. */
  void measure(CudaPass pass, CudaNetwork network) {
    long room = finished;
    for (int output = 0; output < each.size(); output++) {
      CudaLoss loss = each.get(output);
      if (measures.needOutput(output)) {
        Signal sums = network.outputs(output, pass.rows());
        loss.finish(pass, sums, room);
        measures.compute(pass, output, new Signal(room, loss.units()), sums, loss);
      }
      room += (long) maximumRows * loss.positions() * loss.units() * Float.BYTES;
    }
  }

  /** Launches what leaves outputs as the user sees them. */
  void finish(CudaPass pass, CudaNetwork network) {
    int first = 0;
    for (int output = 0; output < each.size(); output++) {
      CudaLoss loss = each.get(output);
      Signal outputs = network.outputs(output, pass.rows());
      if (loss.takesLogits()) { // in place: layers that leave a function to the loss have no gaps
        loss.finish(pass, outputs, outputs.address());
      }
      pass.calls()
          .collectOutputs(
              outputs,
              finished,
              pass.rows(),
              loss.positions(),
              loss.units(),
              valuesOfSample,
              first);
      first += loss.positions() * loss.units();
    }
  }
}
