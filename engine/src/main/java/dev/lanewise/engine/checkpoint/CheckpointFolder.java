package dev.lanewise.engine.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two generations of one content in a folder. Saving never touches the newest before its successor
 * is on the disk, so that a crash, a full disk or a failing write at any moment leaves one of the
 * two, whole. One process at a time may save in a folder.
 */
public final class CheckpointFolder {
  /** The newest generation. */
  public static final String NEWEST = "checkpoint";

  /** The one before. */
  public static final String PREVIOUS = "checkpoint.previous";

  /** What was found damaged, kept for whoever wants to know why. */
  static final String DAMAGED = "checkpoint.damaged";

  private static final String UNFINISHED = NEWEST + AtomicFile.UNFINISHED;

  private final Storage storage;
  private final Path folder;

  /** Creates an accessor; the folder need not be there yet. */
  public CheckpointFolder(Storage storage, Path folder) {
    this.storage = storage;
    this.folder = folder;
  }

  /**
   * What was found.
   *
   * @param content what was saved
   * @param notes what the user should know of files that were passed over, mostly nothing
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Found(byte[] content, List<String> notes) {
    /** Makes the list unmodifiable. */
    public Found {
      notes = List.copyOf(notes);
    }
  }

  /**
   * Saves a new generation; when this returns, it survives a loss of power.
   *
   * @throws IOException if it could not be saved; an earlier one is still there
   */
  public void save(byte[] content) throws IOException {
    Path unfinished = folder.resolve(UNFINISHED);
    Path newest = folder.resolve(NEWEST);
    storage.createFolder(folder);
    AtomicFile.writeUnder(storage, unfinished, Sealed.seal(content));
    if (storage.exists(newest)) {
      storage.rename(newest, folder.resolve(PREVIOUS));
    }
    storage.rename(unfinished, newest);
    storage.forceFolder(folder);
  }

  /**
   * Returns the newest generation that is whole, after removing what an interrupted save left.
   *
   * @throws DamagedFileException if none is
   * @throws IOException if the folder cannot be read
   */
  public Found load() throws IOException {
    List<String> notes = new ArrayList<>();
    sweep(notes);
    for (String generation : List.of(NEWEST, PREVIOUS)) {
      Path file = folder.resolve(generation);
      if (!storage.exists(file)) {
        notes.add(file + ": is missing");
        continue;
      }
      try {
        byte[] content = Sealed.open(storage.read(file), file.toString());
        return new Found(content, notes);
      } catch (DamagedFileException e) {
        notes.add(String.valueOf(e.getMessage()));
        setAside(file);
      }
    }
    throw new DamagedFileException(
        folder + ": holds no whole checkpoint: " + String.join("; ", notes));
  }

  /** The next save must not make it the generation to fall back on. */
  private void setAside(Path file) throws IOException {
    storage.rename(file, folder.resolve(DAMAGED));
    storage.forceFolder(folder);
  }

  private void sweep(List<String> notes) throws IOException {
    Path unfinished = folder.resolve(UNFINISHED);
    if (storage.exists(unfinished)) {
      storage.delete(unfinished);
      notes.add(unfinished + ": was not finished and is removed");
    }
  }
}
