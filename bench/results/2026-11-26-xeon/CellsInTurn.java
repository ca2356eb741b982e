import dev.lanewise.engine.backend.*;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.*;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.*;
import java.util.stream.*;

/** Times steps of several layers in turn: THREADS ROUNDS; each row is a ratio to an earlier row. */
class CellsInTurn {
  record Row(String name, Layer layer, int against) {}

  private static final Lstm LSTM = Lstm.of(150);
  private static final Gru GRU = Gru.of(150);
  private static final Gru BEFORE = GRU.resettingBefore();
  private static final SimpleRnn RNN = SimpleRnn.of(150);
  private static final List<Row> ROWS =
      List.of(
          new Row("simple_rnn", RNN, 0),
          new Row("simple_rnn, dropout", RNN.withDropout(0.2, 0), 0),
          new Row("simple_rnn, recurrent_dropout", RNN.withDropout(0, 0.2), 0),
          new Row("lstm", LSTM, 0),
          new Row("lstm, dropout", LSTM.withDropout(0.2, 0), 3),
          new Row("lstm, recurrent_dropout", LSTM.withDropout(0, 0.2), 3),
          new Row("lstm, both", LSTM.withDropout(0.2, 0.2), 3),
          new Row("gru", GRU, 0),
          new Row("gru, dropout", GRU.withDropout(0.2, 0), 7),
          new Row("gru, recurrent_dropout", GRU.withDropout(0, 0.2), 7),
          new Row("gru, reset before", BEFORE, 0),
          new Row("gru, reset before, recurrent_dropout", BEFORE.withDropout(0, 0.2), 10),
          new Row("bidirectional lstm 75", Bidirectional.of(Lstm.of(75)), 0));

  public static void main(String[] args) {
    int threads = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    Random random = new Random(1);
    byte[] pixels = new byte[150 * 784];
    random.nextBytes(pixels);
    int[] labels = random.ints(150, 0, 10).toArray();
    Dataset data = Dataset.ofBytes(Shape.of(28, 28), pixels, labels, 10);
    List<Plan> plans = ROWS.stream().map(row -> plan(row.layer(), data, threads)).toList();
    double[][] times = new double[plans.size()][rounds];
    int[] order = IntStream.range(0, 150).toArray();
    for (int r = -rounds / 3; r < rounds; r++) {
      for (int i = 0; i < times.length; i++) {
        plans.get(i).beginEpoch(order, 150);
        long begin = System.nanoTime();
        plans.get(i).step(1, new Totals());
        times[i][Math.max(r, 0)] = (System.nanoTime() - begin) * 1e-6;
      }
    }
    for (int i = 0; i < times.length; i++) {
      double[] own = times[i];
      double[] other = times[ROWS.get(i).against()];
      double[] ratios = IntStream.range(0, rounds).mapToDouble(r -> own[r] / other[r]).toArray();
      Arrays.sort(ratios);
      String against = ROWS.get(ROWS.get(i).against()).name();
      System.out.printf("%s: %.3f of %s%n", ROWS.get(i).name(), ratios[rounds / 2], against);
    }
    plans.forEach(Plan::close);
  }

  private static Plan plan(Layer layer, Dataset data, int threads) {
    List<Layer> stack = List.of(layer, Dense.of(10, Activation.SOFTMAX));
    ModelSpec spec =
        new ModelSpec(Shape.of(28, 28), stack, Loss.CATEGORICAL_CROSSENTROPY, Adam.withDefaults());
    Random random = new Random(2);
    List<float[]> start = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      float[] values = new float[(int) parameter.shape().elementCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * 0.05);
      }
      start.add(values);
    }
    Plan plan = new CpuBackend().compile(spec, new PlanOptions(150, threads));
    plan.load(Parameters.initial(start));
    plan.bind(data);
    return plan;
  }
}
