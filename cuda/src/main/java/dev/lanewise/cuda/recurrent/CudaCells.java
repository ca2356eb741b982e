package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import java.util.List;

/**
 * Cells one upon the other: the outputs are the last one's, the states those of all.
 *
 * @param walks theirs, the lowest's first
 */
record CudaCells(List<CudaLayer> walks) implements CudaLayer {
  @Override
  public Signal outputs(int rows) {
    return walks.getLast().outputs(rows);
  }

  @Override
  public long outputGradients() {
    return walks.getLast().outputGradients();
  }

  @Override
  public List<? extends CudaSource> others() {
    return walks.stream().flatMap(walk -> walk.others().stream()).toList();
  }

  @Override
  public List<Signal> keptStates() {
    return walks.stream().flatMap(walk -> walk.keptStates().stream()).toList();
  }

  @Override
  public void forward(CudaPass pass) {
    walks.forEach(walk -> walk.forward(pass));
  }

  @Override
  public void backward(CudaPass pass) {
    walks.reversed().forEach(walk -> walk.backward(pass));
  }
}
