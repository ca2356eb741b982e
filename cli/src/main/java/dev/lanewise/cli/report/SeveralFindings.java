package dev.lanewise.cli.report;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Of a model with several outputs its losses and metrics say all that is said. */
record SeveralFindings() implements Findings {
  @Override
  public Map<String, String> figures() {
    return Map.of();
  }

  @Override
  public void appendTo(StringBuilder page) {}

  @Override
  public String target(Dataset data, int sample) {
    int at = data.firstSample() + sample;
    return IntStream.range(0, data.outputs())
        .mapToObj(output -> first(data.targets(output), at))
        .collect(Collectors.joining(", "));
  }

  private static String first(Targets targets, int sample) {
    return targets.areLabels()
        ? Integer.toString(targets.label(sample, 0))
        : HtmlReport.number(targets.value(sample, 0));
  }
}
