package dev.lanewise.cli.argument;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cli.Lanewise;
import dev.lanewise.engine.data.DataSplits;
import dev.lanewise.engine.data.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundledMnistTest {
  @ParameterizedTest
  @CsvSource({
    "t10k-images-idx3-ubyte.gz, 1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be",
    "t10k-labels-idx1-ubyte.gz, b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b",
    "train-images-idx3-ubyte.gz, 0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971",
    "train-labels-idx1-ubyte.gz, 1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203",
  })
  void theFourFilesAreTheOriginalOnes(String name, String sha256)
      throws IOException, NoSuchAlgorithmException {
    try (InputStream in = Lanewise.class.getResourceAsStream("mnist/" + name)) {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
      assertThat(HexFormat.of().formatHex(digest)).isEqualTo(sha256);
    }
  }

  @Test
  void theDigitsAreThere() {
    DataSplits mnist = TrainingData.bundled(Reading.PLAIN).await();
    assertThat(mnist.train().size()).isEqualTo(60_000);
    assertThat(mnist.test().size()).isEqualTo(10_000);
    assertThat(mnist.train().classes()).isEqualTo(10);
    assertThat(List.of(0, 1, 2).stream().map(i -> mnist.train().label(i, 0)))
        .containsExactly(5, 0, 4);
  }
}
