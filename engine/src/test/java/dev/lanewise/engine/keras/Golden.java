package dev.lanewise.engine.keras;

import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model file that Keras wrote, with an input and Keras's answer to it. */
record Golden(String folder, String name) {
  Path file(String extension) {
    return path(folder + "/" + name + extension);
  }

  static Path path(String resource) {
    try {
      return Path.of(Golden.class.getResource("/golden/" + resource).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes an archive with other words in its configuration, and returns where. */
  static Path changed(Path archive, String from, String to, Path target) throws IOException {
    ZipArchive read = ZipArchive.of(Files.readAllBytes(archive), "model");
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String name : read.names()) {
      members.put(name, read.read(name, 100));
    }
    String config = new String(members.get(KerasFile.CONFIG), StandardCharsets.UTF_8);
    if (!config.contains(from)) {
      throw new IllegalArgumentException(archive + " has no " + from);
    }
    members.put(KerasFile.CONFIG, config.replace(from, to).getBytes(StandardCharsets.UTF_8));
    return Files.write(target, ZipWriter.bytes(members));
  }

  private Npy array(String member) {
    if (folder.startsWith("recurrent/files")) {
      return Npy.readMember(folder + "/io", member);
    }
    return folder.equals("keras_files_trained")
        ? Npy.readMember(folder + "/" + name + "_io", member)
        : Npy.read(folder + "/" + member);
  }

  Npy answer() {
    return array("y");
  }

  Dataset input() {
    Npy x = array("x");
    int[] sample = Arrays.copyOfRange(x.shape(), 1, x.shape().length);
    return Dataset.of(Shape.of(sample), x.floats(), new float[x.shape()[0]], 1);
  }

  float[] predictions(SavedModel saved) {
    try (Model model = saved.toModel()) {
      return model.predict(input(), 4);
    }
  }
}
