package dev.lanewise.cli.run;

import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.History;
import java.util.List;
import java.util.Map;

/**
 * A finished run.
 *
 * @param history what each epoch reported
 * @param times each epoch's wall times; fewer than epochs if the run was taken up again
 * @param test loss and metrics of the test set by name
 * @param settings the run's options by name
 * @param environment the machine, the JDK and the versions by name
 * @param seconds wall times of the run's parts by name
 * @param weightsSha256 the digest of the weights
 * @param command the command line that repeats the run
 */
public record RunRecord(
    History history,
    List<EpochTimes> times,
    Map<String, Double> test,
    Map<String, String> settings,
    Map<String, String> environment,
    Map<String, Double> seconds,
    String weightsSha256,
    String command) {}
