package dev.lanewise.cli.picture;

import dev.lanewise.engine.train.History;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Two plots side by side: a metric and the loss against epochs, of the training and the validation
 * set, labelled as in the Keras notebook. Several runs share the plots, each with colours of its
 * own.
 */
public final class Curves {
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 420;

  /** Of a plot by itself: small, so that its text can still be read on a phone. */
  private static final int PLOT_WIDTH = 410;

  private static final int PLOT_HEIGHT = 320;
  private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  private static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Color GRID = new Color(0xDDDDDD);
  private static final BasicStroke LINE = new BasicStroke(2f);
  private static final BasicStroke DASHES =
      new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0);

  /** In the legend: long enough to show that a line is dashed. */
  private static final Line2D SPECIMEN = new Line2D.Double(-13, 0, 13, 0);

  private static final Shape DOT = new Ellipse2D.Double(-2.5, -2.5, 5, 5);

  /** Told apart also by those who do not tell red from green (Okabe and Ito). */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072B2),
          new Color(0xD55E00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0x56B4E9),
          new Color(0xE69F00));

  /**
   * A run to draw.
   *
   * @param name in the legend, empty for the only one
   * @param history what it reported
   */
  public record Run(String name, History history) {}

  static {
    // Otherwise labels that stand upright become outlines in SVG, which nobody can read or search.
    TextUtils.setUseDrawRotatedStringWorkaround(false);
  }

  /** What is reported and no metric. */
  private static final Set<String> BESIDE = Set.of("loss", "learning_rate");

  private Curves() {}

  /** Returns the two plots by themselves: the metric's, then the loss's. */
  public static List<Canvas> each(List<Run> runs) {
    String metric = metric(runs);
    Rectangle2D area = new Rectangle2D.Double(0, 0, PLOT_WIDTH, PLOT_HEIGHT);
    return List.of(
        new Canvas(PLOT_WIDTH, PLOT_HEIGHT, g -> draw(g, chart(runs, metric, label(metric)), area)),
        new Canvas(
            PLOT_WIDTH, PLOT_HEIGHT, g -> draw(g, chart(runs, "loss", lossLabel(metric)), area)));
  }

  /**
   * Names the loss where this metric stands beside it; {@code accuracy} goes with cross-entropy.
   */
  public static String lossLabel(String metric) {
    return metric.equals("accuracy") ? "cross-entropy" : "loss";
  }

  /** Returns the drawing of one run or several, both plots side by side. */
  public static Canvas of(List<Run> runs) {
    String metric = metric(runs);
    return new Canvas(
        WIDTH,
        HEIGHT,
        graphics -> {
          int half = WIDTH / 2;
          draw(
              graphics,
              chart(runs, metric, label(metric)),
              new Rectangle2D.Double(0, 0, half, HEIGHT));
          draw(
              graphics,
              chart(runs, "loss", lossLabel(metric)),
              new Rectangle2D.Double(half, 0, half, HEIGHT));
        });
  }

  /** Returns the metric that is drawn beside the loss: the first that all runs have. */
  public static String metric(List<Run> runs) {
    for (String name : runs.getFirst().history().history().keySet()) {
      boolean everywhere = runs.stream().allMatch(run -> run.history().history().containsKey(name));
      if (!name.startsWith("val_") && !BESIDE.contains(name) && everywhere) {
        return name;
      }
    }
    return "loss";
  }

  private static String label(String metric) {
    return metric.equals("mae") ? "mean absolute error" : metric;
  }

  private static void draw(Graphics2D graphics, JFreeChart chart, Rectangle2D area) {
    chart.draw(graphics, area);
  }

  private static JFreeChart chart(List<Run> runs, String value, String label) {
    XYSeriesCollection lines = new XYSeriesCollection();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
    renderer.setLegendLine(SPECIMEN);
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      boolean alone = runs.size() == 1;
      Color train = COLOURS.get((alone ? 0 : i) % COLOURS.size());
      Color validation = alone ? COLOURS.get(1) : train;
      add(lines, renderer, run, value, run.name() + " train set", train, LINE);
      add(
          lines,
          renderer,
          run,
          "val_" + value,
          run.name() + " validation set",
          validation,
          alone ? LINE : DASHES);
    }
    XYPlot plot = new XYPlot(lines, epochs(), axis(label), renderer);
    plot.setBackgroundPaint(null);
    plot.setOutlinePaint(GRID);
    plot.setDomainGridlinePaint(GRID);
    plot.setRangeGridlinePaint(GRID);
    JFreeChart chart = new JFreeChart(null, LABEL, plot, false);
    chart.setBackgroundPaint(null);
    chart.setPadding(new RectangleInsets(16, 12, 8, 16)); // the topmost number stands half above
    LegendTitle legend = new LegendTitle(plot);
    legend.setItemFont(TICK);
    legend.setBackgroundPaint(null);
    legend.setPosition(RectangleEdge.BOTTOM);
    chart.addLegend(legend);
    return chart;
  }

  private static void add(
      XYSeriesCollection lines,
      XYLineAndShapeRenderer renderer,
      Run run,
      String value,
      String name,
      Color colour,
      BasicStroke stroke) {
    Map<String, List<Double>> history = run.history().history();
    List<Double> values = history.get(value);
    if (values == null) {
      return; // a run without validation
    }
    // The list's index keeps runs of one name apart.
    XYSeries series = new XYSeries(lines.getSeriesCount() + name, false, true);
    series.setDescription(name.strip());
    for (int i = 0; i < values.size(); i++) {
      // An infinite value would take the axis along; as no number it is a gap.
      double shown = Double.isFinite(values.get(i)) ? values.get(i) : Double.NaN;
      series.add(run.history().epoch().get(i) + 1, shown);
    }
    int index = lines.getSeriesCount();
    lines.addSeries(series);
    renderer.setSeriesPaint(index, colour);
    renderer.setSeriesStroke(index, stroke);
    renderer.setSeriesShape(index, DOT);
    renderer.setLegendItemLabelGenerator(
        (dataset, i) -> ((XYSeriesCollection) dataset).getSeries(i).getDescription());
  }

  private static NumberAxis epochs() {
    NumberAxis axis = axis("epochs");
    axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits(Locale.ROOT));
    return axis;
  }

  private static NumberAxis axis(String label) {
    NumberAxis axis = new NumberAxis(label);
    axis.setStandardTickUnits(NumberAxis.createStandardTickUnits(Locale.ROOT));
    axis.setAutoRangeIncludesZero(false);
    axis.setLabelFont(LABEL);
    axis.setTickLabelFont(TICK);
    return axis;
  }
}
