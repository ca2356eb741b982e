package dev.lanewise.cli.run;

import dev.lanewise.engine.fuzz.RoundTrips;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.History;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Runs with any names, numbers and texts. */
class HistoryRoundTripTest {
  private static final int MOST = 4;

  @Test
  void runsAreTheSameBytesAgain() {
    RoundTrips.same(
        random -> utf8(HistoryFiles.json(run(random))),
        file ->
            utf8(
                HistoryFiles.json(
                    HistoryFiles.run("history.json", new String(file, StandardCharsets.UTF_8)))));
  }

  private static RunRecord run(Random random) {
    History history = new History();
    List<EpochTimes> times = new ArrayList<>();
    int epochs = random.nextInt(1, MOST);
    for (int epoch = 0; epoch < epochs; epoch++) {
      double loss = random.nextInt(9) == 0 ? Double.NaN : RoundTrips.number(random);
      history.add(epoch, new TreeMap<>(Map.of("loss", loss, "a \"b\"", RoundTrips.number(random))));
      times.add(new EpochTimes(random.nextDouble(), random.nextDouble()));
    }
    return new RunRecord(
        history,
        times,
        numbers(random),
        texts(random),
        texts(random),
        numbers(random),
        RoundTrips.text(random),
        RoundTrips.text(random));
  }

  private static Map<String, Double> numbers(Random random) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (int left = random.nextInt(MOST); left > 0; left--) {
      double value = random.nextInt(9) == 0 ? Double.NaN : RoundTrips.number(random);
      numbers.put(RoundTrips.text(random), value);
    }
    return numbers;
  }

  private static Map<String, String> texts(Random random) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int left = random.nextInt(MOST); left > 0; left--) {
      texts.put(RoundTrips.text(random), RoundTrips.text(random));
    }
    return texts;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
