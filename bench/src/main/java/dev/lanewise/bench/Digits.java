package dev.lanewise.bench;

import dev.lanewise.engine.data.IdxFolder;
import dev.lanewise.engine.data.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;

/** The MNIST digits that are in the jar. */
public final class Digits {
  private static final String FOLDER = "/dev/lanewise/cli/mnist/";

  private Digits() {}

  /** Returns them. */
  public static IdxFolder bundled() {
    IdxFolder.Member[] members =
        IdxFolder.NAMES.stream().map(name -> member(name + ".gz")).toArray(IdxFolder.Member[]::new);
    return IdxFolder.load(members, Runnable::run, Reading.PLAIN);
  }

  private static IdxFolder.Member member(String name) {
    URL resource = Digits.class.getResource(FOLDER + name);
    if (resource == null) {
      throw new IllegalStateException("the jar's own " + name + " is missing; rebuild it");
    }
    try {
      URLConnection connection = resource.openConnection();
      return new IdxFolder.Member(
          name, connection.getContentLengthLong(), connection::getInputStream);
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }
}
