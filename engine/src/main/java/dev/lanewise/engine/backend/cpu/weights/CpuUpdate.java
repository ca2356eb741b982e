package dev.lanewise.engine.backend.cpu.weights;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.cpu.team.Team;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.Constraint;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The update of all weights that are trained: shards' gradients are added up, limited, and applied.
 * The team takes blocks of rows, once where a block's update needs nothing of the others, twice
 * where norms do. Then arrays that keep a {@link Constraint} do, a task each, and the blocks of
 * their weights are copied again.
 */
public final class CpuUpdate {
  private final CheckedKernels kernels;
  private final CpuOptimizer optimizer;
  private final @Nullable NormClipping clipping;
  private final @Nullable Regularization regularization;
  private final CpuParameter[] blockOwner;
  private final int[] blockIndex;
  private final Team.Task sumBlock = this::sumBlock;
  private final Team.Task updateBlock = this::updateBlock;
  private final Team.Task sumTokens = this::sumTokens;
  private final Team.Task constrain = this::constrain;
  private final Team.Task renewBlock = this::renewBlock;
  private final ConstrainedArray[] constrained;

  /** The blocks with copies of what is constrained, among all. */
  private final int[] renewed;

  private final TokenGradients[] tables;
  private final float tokenLimit;
  private int table;
  private int shards;

  public CpuUpdate(Weights weights, CheckedKernels kernels, ModelSpec spec) {
    Optimizer rule = spec.optimizer();
    this.kernels = kernels;
    optimizer = new CpuOptimizer(rule);
    clipping =
        switch (rule.clipping().kind()) {
          case NONE, VALUE -> null;
          case NORM, GLOBAL_NORM -> new NormClipping(rule.clipping(), trained(weights));
        };
    regularization = Regularization.of(weights.views(), spec.parameters());
    List<CpuParameter> parameters =
        weights.parameters().stream().filter(CpuParameter::isTrained).toList();
    tables =
        parameters.stream()
            .map(CpuParameter::tokens)
            .filter(Objects::nonNull)
            .toArray(TokenGradients[]::new);
    boolean limited = rule.clipping().kind() == GradientClipping.Kind.VALUE;
    tokenLimit = limited ? (float) rule.clipping().limit() : 0;
    int blocks = parameters.stream().mapToInt(CpuParameter::blockCount).sum();
    blockOwner = new CpuParameter[blocks];
    blockIndex = new int[blocks];
    int next = 0;
    for (CpuParameter parameter : parameters) {
      for (int i = 0; i < parameter.blockCount(); i++) {
        blockOwner[next] = parameter;
        blockIndex[next++] = i;
      }
    }
    constrained = constrained(weights.views(), spec.parameters());
    renewed =
        IntStream.range(0, blocks)
            .filter(i -> Arrays.stream(constrained).anyMatch(c -> c.parameter() == blockOwner[i]))
            .toArray();
  }

  private static ConstrainedArray[] constrained(
      List<ParameterView> views, List<ParameterSpec> specs) {
    List<ConstrainedArray> arrays = new ArrayList<>();
    for (int i = 0; i < views.size(); i++) {
      Constraint rule = specs.get(i).constraint();
      if (views.get(i).isTrained() && !(rule instanceof Constraint.None)) {
        arrays.add(new ConstrainedArray(views.get(i), specs.get(i).shape(), rule));
      }
    }
    return arrays.toArray(ConstrainedArray[]::new);
  }

  private static List<ParameterView> trained(Weights weights) {
    return weights.views().stream().filter(ParameterView::isTrained).toList();
  }

  public CpuOptimizer optimizer() {
    return optimizer;
  }

  /** Returns the penalty on the weights as they are. */
  public double penalty() {
    if (regularization == null) {
      return 0;
    }
    for (int i = 0; i < blockOwner.length; i++) {
      regularization.measure(blockOwner[i], blockIndex[i], kernels);
    }
    return regularization.penalty();
  }

  /**
   * Does one update by the gradients of the first {@code ofShards} shards.
   *
   * @param ofShards how many shards have gradients that are to be added up; 0 if that was done
   * @return the penalty on the weights that were updated
   */
  public double run(int ofShards, Team team) {
    if (blockOwner.length == 0) {
      return 0; // everything is frozen: as in Keras, nothing counts as an update
    }
    shards = ofShards;
    for (table = 0; table < tables.length; table++) {
      team.run(tables[table].sort(ofShards), sumTokens);
    }
    optimizer.beginUpdate();
    if (clipping != null) {
      team.run(blockOwner.length, sumBlock);
      clipping.decide();
    }
    team.run(blockOwner.length, updateBlock);
    if (constrained.length > 0) {
      team.run(constrained.length, constrain);
      team.run(renewed.length, renewBlock);
    }
    return regularization == null ? 0 : regularization.penalty();
  }

  private void sumTokens(int worker, int task) {
    tables[table].sum(task, kernels, tokenLimit);
  }

  private void sumBlock(int worker, int block) {
    sum(block);
    Objects.requireNonNull(clipping).measure(blockOwner[block], blockIndex[block], kernels);
  }

  private void updateBlock(int worker, int block) {
    if (clipping == null) {
      sum(block);
    } else {
      clipping.scale(blockOwner[block], blockIndex[block], kernels);
    }
    blockOwner[block].update(blockIndex[block], kernels, optimizer);
  }

  private void constrain(int worker, int array) {
    constrained[array].apply();
  }

  private void renewBlock(int worker, int task) {
    int block = renewed[task];
    blockOwner[block].renewCopies(blockIndex[block], kernels);
  }

  private void sum(int block) {
    blockOwner[block].sum(blockIndex[block], shards, kernels);
    if (regularization != null) {
      regularization.measure(blockOwner[block], blockIndex[block], kernels);
      regularization.addGradient(blockOwner[block], blockIndex[block], kernels);
    }
  }
}
