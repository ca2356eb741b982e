package dev.lanewise.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Model;
import org.junit.jupiter.api.Test;

/** What the package's page shows, between the marks: it trains with a GPU and without one. */
class PackagePageTest {
  @Test
  void trainsWhereItCan() {
    Dataset data = Dataset.of(Shape.of(4, 2), new float[80], new float[10], 1);
    History history;
    // @start region=cuda
    CudaBackend cuda = new CudaBackend();
    try (Model model = Model.sequential(Shape.of(4, 2), Lstm.of(8), Dense.of(1))) {
      model.compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
      System.out.println(cuda.probe().description()); // the device, or what is missing
      String refusal = cuda.refusal(model.spec()); // what it has no kernels for, or null
      if (cuda.probe().available() && refusal == null) {
        model.onBackend(cuda); // else the CPU trains it
      }
      history = model.fit(data, FitOptions.epochs(2));
    }
    // @end
    assertThat(history.history().get("loss")).hasSize(2).allMatch(Double::isFinite);
  }
}
