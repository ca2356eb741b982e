package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.data.Npy;
import dev.lanewise.engine.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the help texts say to type, typed. */
class HelpExamplesIT {
  private static final String PROGRAM = "lanewise ";

  @TempDir private Path folder;

  private static List<String> examples(CommandLine command) {
    return Stream.of(command.getCommandSpec().usageMessage().footer())
        .map(String::strip)
        .filter(line -> line.startsWith(PROGRAM))
        .map(line -> line.substring(PROGRAM.length()))
        .toList();
  }

  private void run(String example) {
    Child.Outcome outcome = Child.run(folder, example.split(" "));
    assertThat(outcome.exit()).as(example + "\n" + outcome.stderr()).isZero();
    assertThat(outcome.stdout()).as(example).isNotBlank();
  }

  /** Two runs of train leave what the other commands' examples speak of. */
  private void prepare(List<String> training) throws IOException {
    training.forEach(this::run);
    Files.copy(folder.resolve("lanewise-out/1/model.keras"), folder.resolve("model.keras"));
    BufferedImage image = new BufferedImage(60, 80, BufferedImage.TYPE_BYTE_GRAY);
    image.createGraphics().fillRect(25, 10, 8, 60);
    ImageIO.write(image, "png", folder.resolve("digit.png").toFile());
    Files.write(folder.resolve("digits.npy"), Npy.write(Shape.of(2, 28, 28), new float[1568]));
  }

  @Test
  void everyExampleWorks() throws IOException {
    Map<String, CommandLine> commands = Lanewise.commandLine().getSubcommands();
    prepare(examples(commands.get("train")));
    commands.forEach(
        (name, command) -> {
          if (name.equals("help") || name.equals("generate-completion")) {
            return; // picocli's own texts
          }
          assertThat(examples(command)).as(name).hasSizeBetween(2, 3);
          if (!name.equals("train")) {
            examples(command).forEach(this::run);
          }
        });
  }
}
