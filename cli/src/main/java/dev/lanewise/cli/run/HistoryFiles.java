package dev.lanewise.cli.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.checkpoint.Reason;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code history.json} and {@code history.csv}, written and read. */
public final class HistoryFiles {
  private static final int SCHEMA = 1;
  private static final long MOST_BYTES = 64 << 20;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private HistoryFiles() {}

  /** Returns a run as JSON; {@code history} is Keras's {@code History.history}. */
  public static String json(RunRecord run) {
    JsonObject root = new JsonObject();
    root.addProperty("schema", SCHEMA);
    root.add("epoch", GSON.toJsonTree(run.history().epoch()));
    root.add("history", series(run.history()));
    JsonArray train = new JsonArray();
    JsonArray validation = new JsonArray();
    for (EpochTimes times : run.times()) {
      train.add(times.trainSeconds());
      validation.add(times.validationSeconds());
    }
    root.add("train_seconds", train);
    root.add("validation_seconds", validation);
    root.add("test", finite(run.test()));
    root.add("settings", GSON.toJsonTree(run.settings()));
    root.add("environment", GSON.toJsonTree(run.environment()));
    root.add("seconds", finite(run.seconds()));
    root.addProperty("weights_sha256", run.weightsSha256());
    root.addProperty("command", run.command());
    return GSON.toJson(root) + "\n";
  }

  private static JsonObject finite(Map<String, Double> numbers) {
    JsonObject object = new JsonObject();
    numbers.forEach((name, value) -> object.addProperty(name, finite(value)));
    return object;
  }

  /** JSON has neither infinity nor NaN, and null is what other programs read as no number. */
  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static JsonObject series(History history) {
    JsonObject series = new JsonObject();
    history
        .history()
        .forEach(
            (name, values) -> {
              JsonArray array = new JsonArray();
              values.forEach(value -> array.add(finite(value)));
              series.add(name, array);
            });
    return series;
  }

  /**
   * Reads a whole run.
   *
   * @throws FormatException if the file is missing or no such JSON
   */
  public static RunRecord readRun(Path file) {
    return run(file.toString(), text(file));
  }

  /** Reads a whole run from a file's text; the name is for messages. */
  static RunRecord run(String file, String text) {
    try {
      JsonObject root = parse(text);
      List<EpochTimes> times = new ArrayList<>();
      JsonArray train = root.getAsJsonArray("train_seconds");
      JsonArray validation = root.getAsJsonArray("validation_seconds");
      for (int i = 0; i < train.size(); i++) {
        times.add(new EpochTimes(seconds(train.get(i)), seconds(validation.get(i))));
      }
      return new RunRecord(
          history(root),
          times,
          numbers(root.getAsJsonObject("test")),
          texts(root.getAsJsonObject("settings")),
          texts(root.getAsJsonObject("environment")),
          numbers(root.getAsJsonObject("seconds")),
          root.get("weights_sha256").getAsString(),
          root.get("command").getAsString());
    } catch (RuntimeException e) { // each step into another shape of JSON throws in its own way
      throw damaged(file);
    }
  }

  /**
   * Reads what epochs reported, from either file; Keras's own {@code history} as JSON is taken too.
   *
   * @throws FormatException if the file is missing or neither
   */
  public static History readHistory(Path file) {
    return history(file.toString(), text(file));
  }

  /** Reads what epochs reported from a file's text, of the kind that its name says. */
  static History history(String file, String text) {
    try {
      return file.endsWith(".json") ? history(parse(text)) : csv(text);
    } catch (RuntimeException e) { // each step into another shape of JSON throws in its own way
      throw damaged(file);
    }
  }

  private static FormatException damaged(String file) {
    return new FormatException(
        file + ": expected the history of a run (history.json or history.csv), found another file");
  }

  private static JsonObject parse(String text) {
    return GSON.fromJson(text, JsonObject.class);
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new FormatException(file + ": is larger than any history");
      }
      return new String(Storage.disk().read(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new FormatException(file + ": no such file");
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static History history(JsonObject root) {
    JsonObject series = root.has("history") ? root.getAsJsonObject("history") : root;
    int epochs = series.entrySet().iterator().next().getValue().getAsJsonArray().size();
    History history = new History();
    for (int i = 0; i < epochs; i++) {
      Map<String, Double> logs = new TreeMap<>();
      for (Map.Entry<String, JsonElement> entry : series.entrySet()) {
        JsonElement value = entry.getValue().getAsJsonArray().get(i);
        logs.put(entry.getKey(), number(value));
      }
      int epoch = root.has("epoch") ? root.getAsJsonArray("epoch").get(i).getAsInt() : i;
      history.add(epoch, logs);
    }
    return history;
  }

  private static History csv(String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    String[] names = lines.getFirst().split(",", -1);
    if (!names[0].equals("epoch") || names.length < 2) {
      throw new IllegalArgumentException("no column epoch");
    }
    History history = new History();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      Map<String, Double> logs = new TreeMap<>();
      for (int i = 1; i < names.length; i++) {
        logs.put(names[i], number(cells[i]));
      }
      history.add(Integer.parseInt(cells[0]), logs);
    }
    return history;
  }

  /**
   * Keras's CSVLogger writes Python's names for what is no number, and NA for what is not there.
   */
  private static double number(String cell) {
    return switch (cell) {
      case "nan", "NA", "" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(cell);
    };
  }

  private static double number(JsonElement value) {
    return value.isJsonNull() ? Double.NaN : value.getAsDouble();
  }

  private static double seconds(JsonElement value) {
    double seconds = value.getAsDouble();
    if (!Double.isFinite(seconds)) {
      throw new IllegalArgumentException("no time: " + seconds);
    }
    return seconds;
  }

  private static Map<String, Double> numbers(JsonObject object) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    object.entrySet().forEach(e -> numbers.put(e.getKey(), number(e.getValue())));
    return numbers;
  }

  private static Map<String, String> texts(JsonObject object) {
    Map<String, String> texts = new LinkedHashMap<>();
    object.entrySet().forEach(e -> texts.put(e.getKey(), e.getValue().getAsString()));
    return texts;
  }
}
