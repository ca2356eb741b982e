package dev.lanewise.engine.train;

import dev.lanewise.engine.checkpoint.DamagedFileException;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.util.Arrays;
import java.util.List;

/** What stands between a checkpoint's header and its checksum, read, written and read again. */
public final class CheckpointTarget {
  /** Lists of empty lists take more than the bytes that claim them. */
  public static final FuzzTarget<Checkpoint> TARGET =
      new FuzzTarget<>(
          "checkpoint",
          CheckpointTarget::read,
          List.of(DamagedFileException.class),
          1 << 18,
          512,
          checkpoint ->
              checkpoint.settings().containsKey("--seeq") && checkpoint.state().epoch() == 77);

  private CheckpointTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, CheckpointTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] content) {
    TARGET.run(content);
  }

  private static Checkpoint read(byte[] content) {
    Checkpoint checkpoint = CheckpointFormat.read(content);
    byte[] written = CheckpointFormat.bytes(checkpoint);
    byte[] again = CheckpointFormat.bytes(CheckpointFormat.read(written));
    if (!Arrays.equals(written, again)) {
      throw new AssertionError("a checkpoint changes when it is written and read");
    }
    return checkpoint;
  }
}
