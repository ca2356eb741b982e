package dev.lanewise.engine.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  private final Storage storage;
  private final Path folder;

  /**
   * Creates an accessor; the folder need not be there yet.
   *
   * @param storage where its files are
   * @param folder where the generations lie
   */
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
   * @param content the bytes of the state, whole
   * @throws IOException if it could not be saved; an earlier one is still there
   */
  public void save(byte[] content) throws IOException {
    byte[] sealed = Sealed.seal(content);
    Path newest = folder.resolve(NEWEST);
    Uninterrupted.run(
        () -> {
          storage.createFolder(folder);
          try (UnfinishedFile unfinished = UnfinishedFile.beside(storage, newest)) {
            unfinished.write(sealed);
            unfinished.force();
            if (storage.exists(newest)) {
              storage.rename(newest, folder.resolve(PREVIOUS));
            }
            unfinished.takePlaceOf(newest);
          }
        });
  }

  /**
   * {@return the newest generation that is whole, after removing what an interrupted save left}
   * Where none is whole, all files stay as they are.
   *
   * @throws DamagedFileException if none is
   * @throws IOException if the folder cannot be read, or another version of the program wrote it
   */
  public Found load() throws IOException {
    List<String> notes = new ArrayList<>();
    for (Path swept : UnfinishedFile.sweep(storage, folder)) {
      notes.add(swept + ": was not finished and is removed");
    }
    Path newest = folder.resolve(NEWEST);
    Optional<byte[]> content = whole(newest, notes);
    if (content.isEmpty()) {
      content = whole(folder.resolve(PREVIOUS), notes);
      if (content.isPresent() && storage.exists(newest)) {
        setAside(newest);
      }
    }
    return new Found(
        content.orElseThrow(
            () ->
                new DamagedFileException(
                    folder
                        + ": holds no whole checkpoint: "
                        + String.join("; ", notes)
                        + "; to begin anew, name another folder")),
        notes);
  }

  private Optional<byte[]> whole(Path file, List<String> notes) throws IOException {
    if (!storage.exists(file)) {
      notes.add(file + ": is missing");
      return Optional.empty();
    }
    try {
      return Optional.of(Sealed.open(read(file), file.toString()));
    } catch (DamagedFileException e) {
      notes.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private byte[] read(Path file) throws IOException {
    try {
      return storage.read(file);
    } catch (IOException e) {
      throw new IOException(file.getFileName() + ": " + Reason.of(e), e);
    }
  }

  /** The next save must not make it the generation to fall back on. */
  private void setAside(Path file) throws IOException {
    Path aside = folder.resolve(DAMAGED);
    for (int n = 2; storage.exists(aside); n++) {
      aside = folder.resolve(DAMAGED + "." + n);
    }
    storage.rename(file, aside);
    storage.forceFolder(folder);
  }
}
