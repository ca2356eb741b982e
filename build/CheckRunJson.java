import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks what {@code train --json} printed: one JSON object a line, the events start, epoch, ...,
 * end and kept in this order, each with the keys that scripts rely on and plausible values.
 *
 * <p>{@code java -cp cli/target/cli.jar build/CheckRunJson.java run.jsonl}; exit code 1 with one
 * line for each thing that is wrong.
 */
final class CheckRunJson {

  private static final List<String> START =
      List.of(
          "event",
          "schema",
          "backend",
          "device",
          "threads",
          "vector_bits",
          "seed",
          "train_samples",
          "validation_samples",
          "test_samples",
          "parameters",
          "plan_bytes");
  private static final List<String> EPOCH =
      List.of(
          "event",
          "epoch",
          "accuracy",
          "loss",
          "val_accuracy",
          "val_loss",
          "train_seconds",
          "validation_seconds");
  private static final List<String> END =
      List.of(
          "event",
          "test_accuracy",
          "test_loss",
          "fit_seconds",
          "evaluate_seconds",
          "total_seconds",
          "weights_sha256");

  private final List<String> problems = new ArrayList<>();

  private CheckRunJson() {}

  public static void main(String[] args) throws IOException {
    List<String> lines = Files.readAllLines(Path.of(args[0]));
    CheckRunJson check = new CheckRunJson();
    check.run(lines);
    check.problems.forEach(problem -> System.err.println("run json: " + problem));
    if (!check.problems.isEmpty()) {
      System.exit(1);
    }
    System.out.println("run json: " + lines.size() + " events, ok");
  }

  private void run(List<String> lines) {
    if (lines.size() < 4) {
      problems.add("expected start, epoch, end and kept, found " + lines.size() + " lines");
      return;
    }
    for (int i = 0; i < lines.size(); i++) {
      JsonElement element = JsonParser.parseString(lines.get(i));
      if (!element.isJsonObject()) {
        problems.add("line " + (i + 1) + ": expected an object, found " + lines.get(i));
        continue;
      }
      JsonObject event = element.getAsJsonObject();
      if (i == 0) {
        start(event);
      } else if (i == lines.size() - 1) {
        has(event, "kept", List.of("event", "run_folder"));
      } else if (i == lines.size() - 2) {
        end(event);
      } else {
        epoch(event, i);
      }
    }
  }

  private void start(JsonObject event) {
    if (has(event, "start", START)) {
      equal(event, "schema", 1);
      equal(event, "parameters", 28360);
      within(event, "plan_bytes", 1e6, 1e8);
      for (String key : List.of("threads", "train_samples", "test_samples")) {
        within(event, key, 1, 1e6);
      }
    }
  }

  private void epoch(JsonObject event, int number) {
    if (has(event, "epoch", EPOCH)) {
      equal(event, "epoch", number);
      for (String key : List.of("accuracy", "val_accuracy")) {
        within(event, key, 0, 1);
      }
      for (String key : List.of("loss", "val_loss", "train_seconds", "validation_seconds")) {
        within(event, key, 0, 1e6);
      }
    }
  }

  private void end(JsonObject event) {
    if (has(event, "end", END)) {
      within(event, "test_accuracy", 0, 1);
      for (String key : List.of("test_loss", "fit_seconds", "evaluate_seconds", "total_seconds")) {
        within(event, key, 0, 1e6);
      }
      String hash = event.get("weights_sha256").getAsString();
      if (!hash.matches("[0-9a-f]{64}")) {
        problems.add("end: weights_sha256: expected 64 hex digits, found " + hash);
      }
    }
  }

  private boolean has(JsonObject event, String name, List<String> keys) {
    int before = problems.size();
    for (String key : keys) {
      if (!event.has(key)) {
        problems.add(name + ": key " + key + " is missing in " + event);
      }
    }
    if (event.has("event") && !event.get("event").getAsString().equals(name)) {
      problems.add("expected event " + name + ", found " + event);
    }
    return problems.size() == before;
  }

  private void equal(JsonObject event, String key, int expected) {
    if (event.get(key).getAsInt() != expected) {
      problems.add(key + ": expected " + expected + ", found " + event.get(key));
    }
  }

  /** NaN is in no range, so a diverged run fails here too. */
  private void within(JsonObject event, String key, double low, double high) {
    double value = event.get(key).getAsDouble();
    if (!(value >= low && value <= high)) {
      problems.add(key + ": expected " + low + " to " + high + ", found " + value);
    }
  }
}
