package dev.lanewise.bench.peers;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A library with one model and how to start it so that it is at its fastest.
 *
 * @param cell the model's recurrent layer
 * @param name names the library in the table
 * @param environment set for its process
 * @param command what to start
 */
record Contestant(
    Cell cell, String name, Map<String, String> environment, Function<Work, List<String>> command) {

  /** Returns what tells it from all others. */
  String title() {
    return cell.layer() + ": " + name;
  }

  /** Returns the same as part of a file's name. */
  String fileName() {
    return (cell + "-" + name).replaceAll("[^A-Za-z0-9]+", "-");
  }
}
