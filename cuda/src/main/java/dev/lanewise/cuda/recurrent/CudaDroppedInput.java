package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaDropout;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import java.util.List;

/** A recurrent layer whose gates all do without the same inputs: dropout comes before it. */
public final class CudaDroppedInput implements CudaLayer {
  private final CudaDropout dropout;
  private final CudaRecurrent walk;

  /**
   * Puts them together.
   *
   * @param dropout what drops the same at all steps
   * @param walk what reads what is left
   */
  public CudaDroppedInput(CudaDropout dropout, CudaRecurrent walk) {
    this.dropout = dropout;
    this.walk = walk;
  }

  @Override
  public Signal outputs(int rows) {
    return walk.outputs(rows);
  }

  @Override
  public long outputGradients() {
    return walk.outputGradients();
  }

  @Override
  public List<? extends CudaSource> others() {
    return walk.others();
  }

  @Override
  public List<Signal> keptStates() {
    return walk.keptStates();
  }

  @Override
  public void forward(CudaPass pass) {
    dropout.forward(pass);
    walk.forward(pass);
  }

  @Override
  public void backward(CudaPass pass) {
    walk.backward(pass);
    dropout.backward(pass);
  }
}
