package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.layer.CudaDropout;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The kernels' side of each kind of recurrent layer. */
public final class CudaWalks {
  private CudaWalks() {}

  /**
   * Builds a layer.
   *
   * @param below the sequence, and behind it the states that it begins with, or none
   */
  public static CudaLayer of(
      LayerMemory memory, Recurrent layer, Shape input, List<CudaSource> below) {
    return switch (layer) {
      case CellLayer cell -> cell(memory, cell, input, below, cell.goBackwards());
      case ConvLstm _ -> throw new IllegalStateException(layer + " is refused before");
      case Rnn rnn -> cells(memory, rnn, input, below);
    };
  }

  /** What all gates do without alike is dropped before the layer. */
  private static CudaLayer cell(
      LayerMemory memory,
      CellLayer cell,
      Shape input,
      List<CudaSource> below,
      boolean maskBackwards) {
    if (cell.dropout() == 0 || cell.recurrentDropout() > 0) { // or each gate drops for itself
      return CudaRecurrent.of(memory, cell, input, below, maskBackwards);
    }
    CudaDropout dropout = new CudaDropout(memory, cell.dropout(), true, input, below.getFirst());
    List<CudaSource> read = reading(dropout, below.subList(1, below.size()));
    CudaRecurrent walk = CudaRecurrent.of(memory, cell, input, read, maskBackwards);
    return new CudaDroppedInput(dropout, walk);
  }

  /** Cells are layers one upon the other, which together do the same, under one mask. */
  private static CudaLayer cells(LayerMemory memory, Rnn rnn, Shape input, List<CudaSource> below) {
    List<CudaLayer> walks = new ArrayList<>();
    List<CudaSource> given = below.subList(1, below.size());
    CudaSource sequence = below.getFirst();
    LayerMemory next = memory;
    Shape read = input;
    for (CellLayer cell : rnn.layers()) {
      int states = given.isEmpty() ? 0 : cell.states();
      LayerMemory own = walks.isEmpty() ? next : next.upon(walks.size());
      List<CudaSource> reads = reading(sequence, given.subList(0, states));
      CudaLayer walk = cell(own, cell, read, reads, rnn.goBackwards());
      walks.add(walk);
      sequence = walk;
      given = given.subList(states, given.size());
      next = next.after(weights(cell, read));
      read = cell.outputShape(read);
    }
    return new CudaCells(walks);
  }

  /** Returns a sequence and the states that are given with it. */
  static List<CudaSource> reading(CudaSource sequence, List<? extends CudaSource> states) {
    List<CudaSource> all = new ArrayList<>(List.of(sequence));
    all.addAll(states);
    return all;
  }

  /** Returns how many values a layer's weights are. */
  static long weights(Recurrent layer, Shape input) {
    return layer.parameters(input).stream()
        .map(ParameterSpec::shape)
        .mapToLong(Shape::elementCount)
        .sum();
  }
}
