package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.backend.cpu.batch.CpuInput;
import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.ActivityRun;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.MeetingLayer;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.loss.CpuLosses;
import dev.lanewise.engine.backend.cpu.loss.Outputs;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import java.util.stream.Stream;

/**
 * One worker's room for some rows of a batch on their way through a whole model and back. It is the
 * worker's, not the shard's, so that it stays in the worker's cache from shard to shard.
 */
final class Workspace {
  private final CheckedKernels kernels;

  // Arrays: a list's iterator would be an allocation.
  private final Circuit.Step[] steps;
  private final Outputs[] outputs;
  private final Matrix[][] inputs;

  /** What adds to the samples' losses. */
  private final ActivityRun[] penalties;

  /** The steps before which shards meet, first to last. */
  private final int[] meetings;

  private final Pass pass;

  /**
   * Takes the memory.
   *
   * @param seed what decides all that is drawn on the way
   */
  Workspace(CpuStack stack, RunContext context, long seed) {
    kernels = context.kernels();
    pass = new Pass(context.rows(), seed);
    Circuit circuit = new Circuit(stack, context);
    steps = circuit.steps().toArray(Circuit.Step[]::new);
    outputs = circuit.outputs().toArray(Outputs[]::new);
    inputs = circuit.inputs();
    penalties =
        Stream.of(steps)
            .map(Circuit.Step::run)
            .filter(ActivityRun.class::isInstance)
            .map(ActivityRun.class::cast)
            .toArray(ActivityRun[]::new);
    meetings = stack.meetings().stream().mapToInt(circuit::stepOf).toArray();
  }

  /** Makes shards of {@code rows} rows, at most the context's, the ones that suit it best. */
  void layOut(int rows) {
    for (Circuit.Step step : steps) {
      step.run().layOut(rows);
    }
  }

  /** Gathers a batch's rows from {@code first} on where the samples go. */
  void gather(Batch batch, int first, int rows) {
    for (int r = 0; r < rows; r++) {
      CpuInput.gather(kernels, batch.data(), batch.sample(first + r), batch.window(), inputs, r);
    }
  }

  /** Returns where the samples go: of each input one matrix a time step. */
  Matrix[][] inputs() {
    return inputs;
  }

  /** Returns the model's outputs, and where the loss leaves the gradient by each. */
  Outputs[] outputs() {
    return outputs;
  }

  /**
   * Computes losses, metrics and gradients by the outputs of the rows that went forward.
   *
   * @param first their first in the batch
   */
  void judge(CpuLosses losses, Batch batch, int first) {
    int rows = pass.rows();
    losses.compute(outputs, first, rows, batch);
    for (int r = 0; r < rows && penalties.length > 0; r++) {
      double penalty = 0;
      for (ActivityRun each : penalties) {
        penalty += each.penalty(r);
      }
      losses.penalize(batch.place(first + r), penalty);
    }
  }

  /** Returns what is known of the rows at hand, to be filled before they go through. */
  Pass pass() {
    return pass;
  }

  /** Returns what the runs keep from step to step, first to last. */
  List<Matrix> state() {
    return Stream.of(steps).flatMap(step -> step.run().state().stream()).toList();
  }

  /**
   * Computes the outputs of the pass's rows, which have been gathered and are not to be trained on.
   */
  void forward() {
    for (int i = 0; i < steps.length; i++) {
      enter(i).forward(pass);
    }
  }

  /**
   * Goes one part of the way forward, up to a meeting, where it measures, or to the end.
   *
   * @param part counts the meetings before
   */
  void forward(int part) {
    int end = part == meetings.length ? steps.length : meetings[part];
    for (int i = part == 0 ? 0 : meetings[part - 1]; i < end; i++) {
      enter(i).forward(pass);
    }
    if (part < meetings.length) {
      meeting(part).measure(pass);
    }
  }

  /**
   * Goes the same part of the way back, computing the shard's weight gradients, after the gradients
   * by the outputs have been set; measures before the meeting that it then comes to.
   */
  void backward(int part) {
    int begin = part == meetings.length ? steps.length - 1 : meetings[part];
    int end = part == 0 ? 0 : meetings[part - 1] + 1;
    for (int i = begin; i >= end; i--) {
      if (steps[i].goesBack()) {
        enter(i).backward(pass);
      }
    }
    if (part > 0 && steps[meetings[part - 1]].goesBack()) {
      meeting(part - 1).measureBack(pass);
    }
  }

  private MeetingLayer.Run meeting(int index) {
    return (MeetingLayer.Run) enter(meetings[index]);
  }

  private LayerRun enter(int index) {
    Circuit.Step step = steps[index];
    pass.enter(step.call(), step.calls());
    return step.run();
  }
}
