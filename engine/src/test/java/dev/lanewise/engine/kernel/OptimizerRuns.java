package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.TensorArena;

/** Runs the optimizers' steps, for {@link KernelRuns}. */
final class OptimizerRuns {
  private final KernelRuns runs;
  private final OptimizerKernels steps;

  OptimizerRuns(KernelRuns runs, OptimizerKernels steps) {
    this.runs = runs;
    this.steps = steps;
  }

  void run(int[] sizes) {
    for (int size : sizes) {
      int count = Kernels.padded(size) * 3;
      try (TensorArena arena = new TensorArena("optimizers")) {
        Matrix w = runs.normal(arena, 1, count, 0);
        Matrix gradients = runs.normal(arena, 1, count, 0);
        gradients.set(0, 3, Float.NaN);
        gradients.set(0, 4, Float.POSITIVE_INFINITY);
        gradients.set(0, 5, -0f);
        long g = gradients.address();
        long r = runs.special(arena, 1, count).address();
        Matrix m = KernelRuns.tensor(arena, 1, count, count).matrix();
        Matrix v = KernelRuns.tensor(arena, 1, count, count).matrix();
        Matrix h = KernelRuns.tensor(arena, 1, count, count).matrix();
        for (int step = 0; step < 2; step++) {
          steps.adam(
              count, w.address(), g, r, m.address(), v.address(), 1e-3f, 0.1f, 0.001f, 1e-7f);
        }
        runs.keep("adam w " + count, w);
        runs.keep("adam m " + count, m);
        runs.keep("adam v " + count, v);
        steps.sgd(count, w.address(), g, 0.01f);
        runs.keep("sgd " + count, w);
        Matrix s = runs.normal(arena, 1, count, 0);
        steps.sgdMomentum(count, w.address(), g, s.address(), 0.01f, 0.9f, false);
        runs.keep("momentum " + count, w);
        steps.sgdMomentum(count, w.address(), g, s.address(), 0.01f, 0.9f, true);
        runs.keep("nesterov " + count, w);
        runs.keep("velocity " + count, s);
        steps.decay(count, w.address(), 0.004f);
        runs.keep("decay " + count, w);
        for (boolean overwrites : new boolean[] {false, true}) {
          steps.average(count, w.address(), s.address(), 0.9f, 0.1f, overwrites);
          runs.keep("average w " + overwrites + " " + count, w);
          runs.keep("average a " + overwrites + " " + count, s);
        }
        steps.amsgrad(
            count,
            w.address(),
            g,
            r,
            m.address(),
            v.address(),
            h.address(),
            1e-3f,
            0.1f,
            0.001f,
            1e-7f);
        runs.keep("amsgrad w " + count, w);
        runs.keep("amsgrad h " + count, h);
        steps.nadam(
            count,
            w.address(),
            g,
            r,
            m.address(),
            v.address(),
            1e-3f,
            0.1f,
            0.001f,
            0.7f,
            0.4f,
            3f,
            1e-7f);
        runs.keep("nadam w " + count, w);
        runs.keep("nadam m " + count, m);
        runs.keep("nadam v " + count, v);
      }
      adaptive(count);
    }
  }

  private void adaptive(int count) {
    try (TensorArena arena = new TensorArena("adaptive")) {
      Matrix weights = runs.normal(arena, 1, count, 0);
      long w = weights.address();
      long g = runs.special(arena, 1, count).address();
      long r = runs.special(arena, 1, count).address();
      Matrix first = KernelRuns.tensor(arena, 1, count, count).matrix();
      Matrix second = KernelRuns.tensor(arena, 1, count, count).matrix();
      Matrix third = KernelRuns.tensor(arena, 1, count, count).matrix();
      for (boolean momentum : new boolean[] {false, true}) {
        for (boolean centered : new boolean[] {false, true}) {
          long p = momentum ? second.address() : 0;
          long a = centered ? third.address() : 0;
          steps.rmsProp(count, w, g, r, first.address(), p, a, 1e-3f, 0.9f, 0.1f, 0.5f, 1e-7f);
          String form = (momentum ? " momentum" : "") + (centered ? " centered " : " ") + count;
          runs.keep("rmsProp w" + form, weights);
          runs.keep("rmsProp v" + form, first);
          runs.keep("rmsProp p" + form, second);
          runs.keep("rmsProp a" + form, third);
        }
      }
      Matrix momentum = KernelRuns.tensor(arena, 1, count, count).matrix();
      Matrix norm = KernelRuns.tensor(arena, 1, count, count).matrix();
      Matrix moved = runs.normal(arena, 1, count, 0);
      for (int step = 0; step < 2; step++) {
        steps.adamax(
            count,
            moved.address(),
            step == 0 ? g : r,
            momentum.address(),
            norm.address(),
            0.01f,
            0.1f,
            0.999f,
            1e-7f);
      }
      runs.keep("adamax w " + count, moved);
      runs.keep("adamax m " + count, momentum);
      runs.keep("adamax u " + count, norm);
      Matrix sums = KernelRuns.tensor(arena, 1, count, count).matrix();
      steps.adagrad(count, w, g, r, sums.address(), 0.01f, 1e-7f);
      runs.keep("adagrad w " + count, weights);
      runs.keep("adagrad a " + count, sums);
      Matrix squares = KernelRuns.tensor(arena, 1, count, count).matrix();
      Matrix moves = KernelRuns.tensor(arena, 1, count, count).matrix();
      for (int step = 0; step < 2; step++) {
        steps.adadelta(
            count, w, g, r, squares.address(), moves.address(), 0.5f, 0.95f, 0.05f, 1e-7f);
      }
      runs.keep("adadelta w " + count, weights);
      runs.keep("adadelta a " + count, squares);
      runs.keep("adadelta b " + count, moves);
      Matrix mean = KernelRuns.tensor(arena, 1, count, count).matrix();
      Matrix signs = runs.normal(arena, 1, count, 0); // not yet any NaN among them
      steps.lion(count, signs.address(), g, mean.address(), 0.01f, 0.9f, 0.1f, 0.99f, 0.01f);
      runs.keep("lion w " + count, signs);
      runs.keep("lion m " + count, mean);
    }
  }
}
