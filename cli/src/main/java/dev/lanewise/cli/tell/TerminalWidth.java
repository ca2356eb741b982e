package dev.lanewise.cli.tell;

import dev.lanewise.cli.thread.Background;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the terminal: {@code COLUMNS} if it is set, as for other programs, else what the
 * terminal says. Java itself does not know, so {@code stty} is asked, beside other work: by the
 * time that a line is drawn the answer is there.
 */
public final class TerminalWidth {
  /** What a terminal that says nothing is taken for. */
  static final int USUAL = 80;

  private static final long PATIENCE_SECONDS = 2;

  private final CompletableFuture<Integer> asked;

  private TerminalWidth(CompletableFuture<Integer> asked) {
    this.asked = asked;
  }

  /** Begins to ask. */
  public static TerminalWidth ask() {
    int set = columnsIn(System.getenv("COLUMNS"));
    return set > 0
        ? of(set)
        : new TerminalWidth(
            CompletableFuture.supplyAsync(
                TerminalWidth::fromTerminal, Background.threads("lanewise-terminal")));
  }

  public static TerminalWidth of(int columns) {
    return new TerminalWidth(CompletableFuture.completedFuture(columns));
  }

  public int columns() {
    return asked.join();
  }

  private static int fromTerminal() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        stty.destroyForcibly();
        return USUAL;
      }
      byte[] answer = stty.getInputStream().readAllBytes(); // rows, then columns
      int columns = columnsIn(lastWord(new String(answer, StandardCharsets.US_ASCII)));
      return columns > 0 ? columns : USUAL;
    } catch (IOException e) {
      return USUAL; // no such program, or no such terminal
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }

  private static String lastWord(String line) {
    String words = line.strip();
    return words.substring(words.lastIndexOf(' ') + 1);
  }

  /** Returns a number of columns, or 0 if it is none. */
  public static int columnsIn(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
  }
}
