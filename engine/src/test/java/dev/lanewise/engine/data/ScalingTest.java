package dev.lanewise.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same numbers mean the same, whatever file and type they come in. */
class ScalingTest {
  private static final Shape IMAGE = Shape.of(2, 2);

  @TempDir Path folder;

  private static byte[] npy(String type, int... values) {
    int each = type.charAt(2) - '0';
    String shape = "(" + values.length / 4 + ", 2, 2)";
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + "}\n";
    ByteBuffer file = ByteBuffer.allocate(10 + header.length() + values.length * each);
    file.order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    file.putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
    for (int value : values) {
      switch (type.substring(1)) {
        case "f4" -> file.putFloat(value);
        case "f8" -> file.putDouble(value);
        case "u1" -> file.put((byte) value);
        case "i2", "u2" -> file.putShort((short) value);
        case "i4", "u4" -> file.putInt(value);
        default -> file.putLong(value);
      }
    }
    return file.array();
  }

  private SampleFile read(String type, Scaling scaling, int... values) throws IOException {
    Path file = Files.write(folder.resolve("x.npy"), npy(type, values));
    return SampleFile.read(file, IMAGE, scaling);
  }

  @ParameterizedTest
  @ValueSource(strings = {"|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f4", "<f8"})
  void pixelsAreDividedWhateverTheirType(String type) throws IOException {
    SampleFile pixels = read(type, Scaling.AUTO, 0, 2, 128, 255);
    assertThat(pixels.samples().byteFeatures()).containsExactly(0, 2, 128, 255);
    assertThat(pixels.inferred()).endsWith("whole numbers 0 to 255, divided by 255 as pixels");
    SampleFile bits = read(type, Scaling.AUTO, 0, 1, 1, 0);
    assertThat(bits.samples().floatFeatures()).containsExactly(0, 1, 1, 0);
    assertThat(bits.inferred()).endsWith("whole numbers 0 to 1, taken as they are");
    SampleFile raw = read(type, Scaling.NONE, 0, 2, 128, 255);
    assertThat(raw.samples().floatFeatures()).containsExactly(0, 2, 128, 255);
  }

  @Test
  void tablesAndIdxFollowTheSameRule() throws IOException {
    Path table = Files.writeString(folder.resolve("x.csv"), "0,2,128,255\n");
    assertThat(SampleFile.read(table, IMAGE, Scaling.AUTO).samples().byteFeatures())
        .containsExactly(0, 2, 128, 255);
    Path idx = folder.resolve("idx");
    Files.write(idx, IdxBytes.idx(new int[] {1, 2, 2}, 0, 2, 128, 255));
    assertThat(SampleFile.read(idx, IMAGE, Scaling.AUTO).samples().byteFeatures())
        .containsExactly(0, 2, 128, 255);
    assertThat(SampleFile.read(idx, IMAGE, Scaling.NONE).samples().floatFeatures())
        .containsExactly(0, 2, 128, 255);
    Files.write(idx, IdxBytes.idx(new int[] {1, 2, 2}, 0, 1, 1, 0));
    assertThat(SampleFile.read(idx, IMAGE, Scaling.AUTO).samples().floatFeatures())
        .containsExactly(0, 1, 1, 0);
  }

  @Test
  void whatIsNoPixelIsTakenAsItIsUnlessTold() throws IOException {
    assertThat(read("<i4", Scaling.AUTO, 0, 2, 128, 256).samples().floatFeatures())
        .containsExactly(0, 2, 128, 256);
    assertThat(read("<i4", Scaling.AUTO, -1, 2, 128, 255).samples().floatFeatures())
        .containsExactly(-1, 2, 128, 255);
    assertThatThrownBy(() -> read("<i4", Scaling.PIXELS, -1, 2, 128, 256))
        .hasMessageContaining("pixels are 0 to 255, found -1 to 256");
    Path table = Files.writeString(folder.resolve("x.csv"), "0,51,127.5,255\n");
    assertThat(SampleFile.read(table, IMAGE, Scaling.AUTO).inferred())
        .endsWith("numbers 0 to 255, taken as they are");
    assertThat(SampleFile.read(table, IMAGE, Scaling.PIXELS).samples().floatFeatures())
        .containsExactly(0, 51 / 255f, 127.5f / 255, 1);
  }

  private DataSplits archive(byte[] train, byte[] test, int... labels) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    float[] y = new float[labels.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = labels[i];
    }
    members.put("x_train.npy", train);
    members.put("y_train.npy", Npy.write(Shape.of(y.length), y));
    members.put("x_test.npy", test);
    members.put("y_test.npy", Npy.write(Shape.of(1), new float[1]));
    Path file = Files.write(folder.resolve("x.npz"), ZipWriter.bytes(members));
    return KerasNpz.read(file, Reading.PLAIN);
  }

  @Test
  void theTrainingSetDecidesForBoth() throws IOException {
    DataSplits data = archive(npy("<i8", 0, 9, 255, 1), npy("<i8", 0, 1, 1, 0), 0);
    assertThat(data.train().byteFeatures()).containsExactly(0, 9, 255, 1);
    assertThat(data.test().byteFeatures()).containsExactly(0, 1, 1, 0);
    assertThat(data.inferred()).endsWith("whole numbers 0 to 255, divided by 255 as pixels");
  }

  @Test
  void setsThatAreScaledUnlikeAreRefused() {
    byte[] pixels = npy("<i8", 0, 9, 255, 1);
    byte[] scaled = Npy.write(Shape.of(1, 2, 2), new float[] {0, 0.25f, 0.5f, 1});
    assertThatThrownBy(() -> archive(pixels, scaled, 0))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("x_test: number 1 is 0.25, but those of")
        .hasMessageEndingWith("scale both alike");
    assertThatThrownBy(() -> archive(scaled, pixels, 0))
        .hasMessageContaining("x_test: numbers go to 255, but those of")
        .hasMessageEndingWith("are between 0 and 1; scale both alike");
  }

  @Test
  void aLabelThatNoModelHasIsNamed() {
    byte[] pixels = npy("<i8", 0, 9, 255, 1);
    assertThatThrownBy(() -> archive(pixels, pixels, Integer.MAX_VALUE))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("y_train: element 0 is 2.147483648E9, no label");
    assertThatThrownBy(() -> archive(pixels, pixels, 1 << 21))
        .hasMessageEndingWith("y_train: label 0 is 2097152, expected 0 to 1048575");
  }
}
