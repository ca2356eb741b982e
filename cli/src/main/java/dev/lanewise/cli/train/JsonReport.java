package dev.lanewise.cli.train;

import com.google.gson.JsonObject;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.run.RunRecord;
import dev.lanewise.cli.tell.JsonText;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.Evaluation;
import java.io.PrintStream;
import java.util.Map;

/** One JSON object a line, for machines. */
final class JsonReport implements TrainReport {
  private static final int SCHEMA = 1;

  private final PrintStream out;
  private boolean validated;

  JsonReport(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(RunFacts facts) {
    validated = facts.validationSamples() > 0;
    JsonObject event = event("start");
    event.addProperty("schema", SCHEMA);
    event.addProperty("backend", facts.backend());
    event.addProperty("device", facts.device());
    event.addProperty("threads", facts.threads());
    event.addProperty("vector_bits", facts.vectorBits());
    event.addProperty("seed", facts.seed());
    event.addProperty("train_samples", facts.trainSamples());
    event.addProperty("validation_samples", facts.validationSamples());
    event.addProperty("test_samples", facts.testSamples());
    event.addProperty("parameters", facts.parameters());
    event.addProperty("plan_bytes", facts.planBytes());
    if (facts.windowSteps() > 0) {
      event.addProperty("window_steps", facts.windowSteps());
    }
    print(event);
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
    JsonObject event = event("epoch");
    event.addProperty("epoch", epoch + 1);
    logs.forEach(event::addProperty);
    event.addProperty("train_seconds", times.trainSeconds());
    if (validated) {
      event.addProperty("validation_seconds", times.validationSeconds());
    }
    print(event);
  }

  @Override
  public void end(Evaluation test, RunTimes times, String weightsSha256) {
    JsonObject event = event("end");
    test.values().forEach((name, value) -> event.addProperty("test_" + name, value));
    event.addProperty("fit_seconds", times.fit());
    event.addProperty("evaluate_seconds", times.evaluate());
    event.addProperty("total_seconds", times.total());
    event.addProperty("weights_sha256", weightsSha256);
    print(event);
  }

  @Override
  public void kept(RunFolder folder, RunRecord record) {
    JsonObject event = event("kept");
    event.addProperty("run_folder", folder.path().toString());
    print(event);
  }

  private static JsonObject event(String name) {
    JsonObject event = new JsonObject();
    event.addProperty("event", name);
    return event;
  }

  private void print(JsonObject event) {
    out.println(JsonText.of(event));
    out.flush();
  }
}
