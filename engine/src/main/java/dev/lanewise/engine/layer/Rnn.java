package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A cell, or cells of which each takes what the one below gives at a step, that walk over a
 * sequence together: Keras's {@code RNN}. Its outputs are the last cell's, its states those of all.
 *
 * <p>Its parameters are the cells', the lowest's first.
 *
 * @param cells described by the layers of these cells, the lowest first, which say nothing of how a
 *     sequence is walked
 * @param options how it is, and nothing of what is each cell's own
 */
public record Rnn(List<CellLayer> cells, RecurrentOptions options)
    implements Recurrent, Walking<Rnn> {
  /**
   * Validates the cells.
   *
   * @throws IllegalArgumentException if there are none, or one says how it walks, or the options
   *     say what is the cells'
   */
  public Rnn {
    cells = List.copyOf(cells);
    Objects.requireNonNull(options, "Rnn: options");
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("Rnn: at least one cell is needed");
    }
    for (CellLayer cell : cells) {
      if (!cell.options().walk().equals(Walk.DEFAULT)) {
        throw new IllegalArgumentException(
            "Rnn: sequences, states, direction and masks are said of the whole and not of a cell,"
                + " found them of a "
                + cell.className()
                + "; give them to Rnn");
      }
    }
    if (!options.equals(RecurrentOptions.DEFAULTS.walking(options.walk()))) {
      throw new IllegalArgumentException(
          "Rnn: bias, dropout, initializers and regularizers are said of each cell and not of the"
              + " whole; give them to the cells");
    }
  }

  /**
   * {@return a layer with Keras's defaults: the last output alone, forwards}
   *
   * @param cells the lowest first
   */
  public static Rnn of(CellLayer... cells) {
    return new Rnn(List.of(cells), RecurrentOptions.DEFAULTS);
  }

  @Override
  public Rnn with(RecurrentOptions other) {
    return new Rnn(cells, other);
  }

  /**
   * {@return the cells as layers one upon the other, which together do the same} Where the walk is
   * from the end, the lowest reads from there; the others read what it has walked, in that order.
   */
  public List<CellLayer> layers() {
    List<CellLayer> layers = new ArrayList<>();
    for (CellLayer cell : cells) {
      Walk walk = options.walk();
      if (!layers.isEmpty() && goBackwards()) {
        walk = walk.turned();
      }
      if (layers.size() < cells.size() - 1) {
        walk = walk.returningSequences().withZeroOutputForMask(false);
      }
      layers.add(cell.with(cell.options().walking(walk)));
    }
    return layers;
  }

  @Override
  public int units() {
    return cells.getLast().units();
  }

  @Override
  public List<Shape> stateShapes(Shape input) {
    return cells.stream().flatMap(cell -> cell.stateShapes(input).stream()).toList();
  }

  @Override
  public String className() {
    return "RNN";
  }

  @Override
  public String kerasName() {
    return "rnn";
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    List<ParameterSpec> specs = new ArrayList<>();
    Shape read = input;
    for (CellLayer layer : layers()) {
      specs.addAll(layer.parameters(read));
      read = layer.outputShape(read);
    }
    return List.copyOf(specs);
  }
}
