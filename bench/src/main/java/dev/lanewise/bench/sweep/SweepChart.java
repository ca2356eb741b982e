package dev.lanewise.bench.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** Draws time a step and share of the peak against units, a line a batch size, on all threads. */
final class SweepChart {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 500;
  private static final int STEPS = 28;
  private static final int FEATURES = 28;

  private SweepChart() {}

  /**
   * Draws the cases of 28 steps of 28 features on the most threads that were measured.
   *
   * @param path where the pictures go; what each shows and {@code .png} are added
   */
  static void draw(List<SweepResult> results, Path path) throws IOException {
    int threads = results.stream().mapToInt(each -> each.what().threads()).max().orElseThrow();
    List<SweepResult> drawn =
        results.stream()
            .filter(each -> each.what().steps() == STEPS && each.what().features() == FEATURES)
            .filter(each -> each.what().threads() == threads)
            .toList();
    String where = ", 28 steps of 28 features, threads: " + threads;
    XYChart share = chart("Share of the peak" + where, "nominal GFLOP/s over the peak's");
    share.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    lines(share, drawn, SweepResult::share);
    save(share, path + "-share");
    XYChart time = chart("Time a training step" + where, "milliseconds");
    time.getStyler().setYAxisLogarithmic(true);
    lines(time, drawn, each -> each.seconds() * 1e3);
    save(time, path + "-time");
  }

  private static XYChart chart(String title, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("units")
            .yAxisTitle(y)
            .theme(Styler.ChartTheme.Matlab)
            .build();
    chart.getStyler().setXAxisLogarithmic(true).setLegendPosition(Styler.LegendPosition.OutsideE);
    return chart;
  }

  private static void lines(
      XYChart chart, List<SweepResult> results, ToDoubleFunction<SweepResult> value) {
    TreeMap<Integer, TreeMap<Integer, Double>> byBatch = new TreeMap<>();
    for (SweepResult result : results) {
      byBatch
          .computeIfAbsent(result.what().batch(), batch -> new TreeMap<>())
          .put(result.what().units(), value.applyAsDouble(result));
    }
    byBatch.forEach(
        (batch, line) ->
            chart.addSeries(
                "batch " + batch, List.copyOf(line.keySet()), List.copyOf(line.values())));
  }

  private static void save(XYChart chart, String path) throws IOException {
    BitmapEncoder.saveBitmap(chart, path, BitmapFormat.PNG);
  }
}
