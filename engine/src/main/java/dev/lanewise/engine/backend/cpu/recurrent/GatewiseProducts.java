package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The products of a walk whose gates each do without inputs and states of their own in training,
 * and so have an operand each (Gal and Ghahramani 2016, as Keras does it). Passes that drop nothing
 * are the {@link JointProducts}'.
 */
final class GatewiseProducts implements StepProducts {
  private final JointProducts joint;
  private final CheckedKernels kernels;
  private final LeftOperand left;

  /** All gates, an inner one last. */
  private final List<DroppingGate> gates = new ArrayList<>();

  private final int outer;
  private final Matrix[] innerOperands;
  private boolean dropping;

  /**
   * Takes the memory.
   *
   * @param joint the products of passes that drop nothing
   * @param steps the walk's inputs and states
   * @param places where the sums go
   */
  GatewiseProducts(
      CpuRecurrent layer, RunContext context, JointProducts joint, Steps steps, StepBlocks places) {
    this.joint = joint;
    kernels = context.kernels();
    left = new LeftOperand(context, steps, layer.steps, layer.weights.row);
    int count = layer.kind.kernelGates().size();
    for (int gate = 0; gate < count; gate++) {
      gates.add(new DroppingGate(layer, context, gate, left, places));
    }
    outer = count - layer.kind.gates().inner();
    innerOperands = new Matrix[joint.inner() == null ? 0 : layer.steps];
    look();
  }

  @Override
  public void layOut(int rows) {
    joint.layOut(rows);
    left.layOut(rows);
    for (DroppingGate gate : gates) {
      gate.look();
    }
    look();
  }

  private void look() {
    Steps inner = joint.inner();
    if (inner != null) {
      Arrays.setAll(innerOperands, inner::whole);
    }
  }

  @Override
  public void begin(Pass pass) {
    dropping = pass.training();
    if (dropping) {
      for (int g = 0; g < gates.size(); g++) { // an iterator would be allocated
        gates.get(g).draw(pass);
      }
    }
  }

  @Override
  public @Nullable Steps inner() {
    return joint.inner();
  }

  @Override
  public void sum(int t, int first, int count, Operands of, GateSums sums) {
    if (!dropping) {
      joint.sum(t, first, count, of, sums);
      return;
    }
    for (int g = 0; g < outer; g++) {
      gates.get(g).sum(t, first, count);
    }
  }

  @Override
  public void sumInner(int t, int first, int count, Operands of, Matrix sums) {
    if (dropping) {
      gates.get(outer).drop(first, count, innerOperands[t]);
    }
    joint.sumInner(t, first, count, of, sums);
  }

  @Override
  public void stateGradient(int first, int count, Matrix dz, Matrix start, Matrix dh) {
    kernels.start(first, count, start, dh);
    for (int g = 0; g < outer; g++) {
      gates.get(g).addStateGradient(first, count, dz, dh);
    }
  }

  @Override
  public void innerGradient(int first, int count, Matrix dz, Matrix dh) {
    joint.innerGradient(first, count, dz, dh);
    gates.get(outer).dropState(first, count, dh);
  }

  @Override
  public void inputGradient(int first, int count, Matrix dz, Matrix start, Matrix dx) {
    kernels.start(first, count, start, dx);
    for (int g = 0; g < gates.size(); g++) {
      gates.get(g).addInputGradient(first, count, dz, dx);
    }
  }

  @Override
  public List<Factor> factors() {
    List<Factor> factors = new ArrayList<>(gates.subList(0, outer));
    Steps inner = joint.inner();
    if (inner != null) {
      factors.add(new StepsFactor(inner, gates.get(outer).columns()));
    }
    return factors;
  }
}
