package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program's files and words are the same wherever its user is at home. */
class LocaleIT {
  @TempDir static Path folder;

  private static Map<String, String> expected = Map.of();

  @BeforeAll
  static void inEnglish() throws IOException {
    expected = made("en-US");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG-arab", "th-TH-thai", "tr-TR"})
  void filesAndWordsAreThoseOfEnglish(String locale) throws IOException {
    Map<String, String> found = made(locale);
    expected.forEach((name, text) -> assertThat(found.get(name)).as(name).isEqualTo(text));
  }

  @Test
  void theEnglishOnesHoldWhatTheyShould() {
    assertThat(expected.get("grid.svg")).contains("viewBox=\"0 0 ");
    assertThat(expected.get("curves.svg")).contains("<text");
    assertThat(expected.get("inspect"))
        .contains("parameters: 2,282 (9,128 bytes)", "saved 2026-**");
  }

  /** The locale of a container in which nobody has set one. */
  @Test
  void withoutALocalePicturesAndCurvesAreMoreThanQuestionMarks() {
    String[] line = "train --epochs 2 --limit 300 --units 8 --out narrow".split(" ");
    Child.Outcome run = Child.start(folder, Map.of("LC_ALL", "C"), List.of(), line).await(120);
    assertThat(run.exit()).as(run.stderr()).isZero();
    assertThat(run.stderr()).containsPattern("[\u2801-\u28ff]{3}").doesNotContain("??");
    line = "show --rows 1 --columns 2".split(" ");
    Child.Outcome shown = Child.start(folder, Map.of("LC_ALL", "C"), List.of(), line).await(120);
    assertThat(shown.stdout()).contains("█").doesNotContain("?");
  }

  /** Returns what a short run and some commands leave behind, without dates and places. */
  private static Map<String, String> made(String locale) throws IOException {
    Path place = Files.createDirectories(folder.resolve(locale));
    String[] parts = locale.split("-");
    List<String> options =
        new ArrayList<>(List.of("-Duser.language=" + parts[0], "-Duser.country=" + parts[1]));
    if (parts.length > 2) {
      options.add("-Duser.extensions=nu-" + parts[2]);
    }
    Map<String, String> made = new LinkedHashMap<>();
    String train = "train --epochs 2 --limit 300 --units 32 --threads 1 --out run";
    for (String line :
        List.of(train, "show --out grid.svg", "inspect run/model.keras", "train --help")) {
      Child.Outcome outcome = Child.start(place, options, line.split(" ")).await(120);
      assertThat(outcome.exit()).as(line + ": " + outcome.stderr()).isZero();
      made.put(line.startsWith("inspect") ? "inspect" : line, withoutDates(outcome.stdout()));
    }
    made.put("grid.svg", Files.readString(place.resolve("grid.svg")));
    made.put("curves.svg", Files.readString(place.resolve("run/curves.svg")));
    made.put("history.csv", Files.readString(place.resolve("run/history.csv")));
    return made;
  }

  private static String withoutDates(String text) {
    return text.replaceAll("saved 20(\\d\\d)-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "saved 2026-**")
        .replaceAll("(?m)^file SHA-256: .*$", "")
        .replaceAll("file: [\\d,]+ bytes", "file: some bytes");
  }
}
