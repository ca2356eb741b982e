package dev.lanewise.cli.report;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.CtcDecoder;
import dev.lanewise.engine.train.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a model of connectionist temporal classification reads in sequences, by the likeliest class
 * of each step.
 *
 * @param truth each sample's labels
 * @param read what the model reads
 */
record LabelFindings(List<List<Integer>> truth, List<List<Integer>> read) implements Findings {
  private static final int BATCH = 150;
  private static final int SHOWN = 24;

  /** Asks a model. */
  static LabelFindings of(Model model, Dataset samples) {
    int classes = model.spec().output().size(-1);
    int each = Math.toIntExact(model.spec().output().elementCount());
    model.resetStates();
    float[] logits = model.predict(samples, model.spec().batchOr(BATCH));
    List<List<Integer>> truth = new ArrayList<>();
    List<List<Integer>> read = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      truth.add(labels(samples, i));
      float[] own = Arrays.copyOfRange(logits, i * each, (i + 1) * each);
      read.add(CtcDecoder.greedy(own, classes).labels());
    }
    return new LabelFindings(truth, read);
  }

  private static List<Integer> labels(Dataset data, int sample) {
    Targets targets = data.targets(0);
    List<Integer> labels = new ArrayList<>();
    int at = data.firstSample() + sample;
    for (int i = 0; i < targets.width() && targets.label(at, i) != Ctc.BLANK; i++) {
      labels.add(targets.label(at, i));
    }
    return labels;
  }

  /** Returns how few labels are to be put in, left out or made others to turn one into another. */
  static int errors(List<Integer> from, List<Integer> to) {
    int[] least = new int[to.size() + 1];
    Arrays.setAll(least, j -> j);
    for (int i = 1; i <= from.size(); i++) {
      int before = least[0];
      least[0] = i;
      for (int j = 1; j <= to.size(); j++) {
        int other = before + (from.get(i - 1).equals(to.get(j - 1)) ? 0 : 1);
        before = least[j];
        least[j] = Math.min(other, 1 + Math.min(least[j], least[j - 1]));
      }
    }
    return least[to.size()];
  }

  private int errors(int sample) {
    return errors(read.get(sample), truth.get(sample));
  }

  /** The label error rate is that of Graves et al. 2006, section 2.1, over all labels. */
  @Override
  public Map<String, String> figures() {
    int errors = 0;
    int right = 0;
    int labels = 0;
    for (int i = 0; i < truth.size(); i++) {
      errors += errors(i);
      right += errors(i) == 0 ? 1 : 0;
      labels += truth.get(i).size();
    }
    Map<String, String> figures = new LinkedHashMap<>();
    String rate = labels == 0 ? "undefined" : HtmlReport.number((double) errors / labels);
    figures.put("label error rate", rate);
    figures.put("sequences read right", right + " of " + truth.size());
    return figures;
  }

  @Override
  public void appendTo(StringBuilder page) {
    page.append("<section><h2>What is read</h2>\n");
    List<String> heads = List.of("row", "true", "read", "errors");
    try (HtmlTable table = new HtmlTable(page, "The first test samples", heads)) {
      for (int i = 0; i < Math.min(SHOWN, truth.size()); i++) {
        String errors = Integer.toString(errors(i));
        table.row(Integer.toString(i), List.of(told(truth.get(i)), told(read.get(i)), errors));
      }
    }
    page.append("</section>\n");
  }

  private static String told(List<Integer> labels) {
    return labels.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  @Override
  public String target(Dataset data, int sample) {
    return told(labels(data, sample));
  }
}
