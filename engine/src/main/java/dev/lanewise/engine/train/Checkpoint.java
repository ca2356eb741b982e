package dev.lanewise.engine.train;

import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.DamagedFileException;
import dev.lanewise.engine.event.CheckpointEvent;
import dev.lanewise.engine.event.Events;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A training run that can be taken up again.
 *
 * @param settings what the run was started with, as far as its result depends on it, in the words
 *     of whoever started it; names in alphabetical order
 * @param state where it stands
 */
public record Checkpoint(Map<String, String> settings, TrainingState state) {
  /** Puts the settings into their order. */
  public Checkpoint {
    settings = new TreeMap<>(settings);
  }

  /**
   * What was found in a folder.
   *
   * @param checkpoint the newest that is whole
   * @param notes what the user should know of files that were passed over, mostly nothing
   */
  public record Loaded(Checkpoint checkpoint, List<String> notes) {}

  /**
   * Saves this as the newest checkpoint of a folder.
   *
   * @param folder the folder
   * @throws IllegalArgumentException if a parameter is no number: such a state is not worth
   *     keeping, and the one before it is
   * @throws IOException if it could not be saved; an earlier one is still there
   */
  public void save(CheckpointFolder folder) throws IOException {
    int fault = state.parameters().firstNotFinite();
    if (fault >= 0) {
      throw new IllegalArgumentException(
          "checkpoint: parameter " + fault + " has values that are NaN or infinite");
    }
    CheckpointEvent event = Events.checkpoint();
    byte[] content = CheckpointFormat.bytes(this);
    folder.save(content);
    if (event != null) {
      event.epoch = state.epoch();
      event.batch = state.batch();
      event.bytes = content.length;
      event.commit();
    }
  }

  /**
   * Reads the newest checkpoint of a folder that is whole.
   *
   * @param folder the folder
   * @return the checkpoint, and what older ones were passed over for
   * @throws DamagedFileException if there is none
   * @throws IOException if the folder cannot be read
   */
  public static Loaded load(CheckpointFolder folder) throws IOException {
    CheckpointFolder.Found found = folder.load();
    return new Loaded(CheckpointFormat.read(found.content()), found.notes());
  }

  /**
   * Holds a run that is to go on against the one that was interrupted.
   *
   * @param expected the settings of the run that is to go on, by name
   * @throws IllegalArgumentException naming the first setting that differs
   */
  public void requireSettings(Map<String, String> expected) {
    Map<String, String> others = new TreeMap<>(expected);
    for (String name : union(others)) {
      String here = others.getOrDefault(name, "nothing");
      String there = settings.getOrDefault(name, "nothing");
      if (!here.equals(there)) {
        throw new IllegalArgumentException(
            "resume: the run was started with " + name + " " + there + ", found " + here);
      }
    }
  }

  private Iterable<String> union(Map<String, String> others) {
    Map<String, String> all = new TreeMap<>(settings);
    all.putAll(others);
    return all.keySet();
  }
}
