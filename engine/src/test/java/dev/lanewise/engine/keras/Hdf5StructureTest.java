package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.lanewise.engine.archive.ZipArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What HDF5's own tool says of the files that are written, beside those that Keras wrote. */
class Hdf5StructureTest {
  private static final Path H5DUMP = Path.of("/usr/bin/h5dump");
  private static final Pattern LINE =
      Pattern.compile("(GROUP|DATASET) \"([^\"]*)\"|DATATYPE +(\\S+)|DATASPACE +(.*)");

  @TempDir Path folder;

  /** Data sets with path, type and shape, in order of their paths. */
  private List<String> datasets(byte[] archive) throws IOException, InterruptedException {
    Path weights = folder.resolve("weights.h5");
    Files.write(weights, ZipArchive.of(archive, "archive").read("model.weights.h5", 1));
    Process process =
        new ProcessBuilder(H5DUMP.toString(), "-H", "-A", "0", weights.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    List<String> found = new ArrayList<>();
    List<String> path = new ArrayList<>();
    for (String line : output.split("\n")) {
      Matcher m = LINE.matcher(line);
      if (!m.find()) {
        continue;
      }
      int depth = (line.length() - line.stripLeading().length()) / 3;
      if (m.group(1) != null) {
        path = new ArrayList<>(path.subList(0, Math.min(depth, path.size())));
        path.add(m.group(2));
        if (m.group(1).equals("DATASET")) {
          found.add(String.join("/", path));
        }
      } else if (m.group(3) != null) {
        // NumPy's and TensorFlow's counts of updates differ in their width, and Keras takes either.
        String type = m.group(3).startsWith("H5T_STD_I") ? "integer" : m.group(3);
        found.set(found.size() - 1, found.getLast() + " " + type);
      } else {
        found.set(found.size() - 1, found.getLast() + " " + m.group(4).strip());
      }
    }
    return found.stream().sorted().toList();
  }

  @Test
  void ourFilesHaveTheDataSetsOfKerass() throws IOException, InterruptedException {
    if (!Boolean.getBoolean("lanewise.test.require.h5dump")) {
      assumeThat(H5DUMP).as("h5dump, of Debian's hdf5-tools, is not installed").exists();
    }
    for (String name :
        List.of(
            "keras_files_trained/simple_rnn",
            "keras_files/simple_rnn/simple_rnn",
            "keras_files_trained/functional")) {
      Path golden = Golden.path(name + ".keras");
      Path ours = folder.resolve("ours.keras");
      KerasFile.write(KerasFile.read(golden), ours);
      List<String> expected = datasets(Files.readAllBytes(golden));
      assertThat(expected).isNotEmpty();
      assertThat(datasets(Files.readAllBytes(ours))).isEqualTo(expected);
    }
  }
}
