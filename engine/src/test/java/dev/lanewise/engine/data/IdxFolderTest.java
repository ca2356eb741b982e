package dev.lanewise.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFolderTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeASmallSet() throws IOException {
    write(
        0,
        IdxBytes.gzip(IdxBytes.idx(new int[] {3, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255)));
    write(1, IdxBytes.idx(new int[] {3}, 0, 2, 1));
    write(2, IdxBytes.idx(new int[] {1, 2, 2}, 4, 3, 2, 1));
    write(3, IdxBytes.idx(new int[] {1}, 2));
  }

  private void write(int member, byte[] bytes) throws IOException {
    Files.write(folder.resolve(IdxFolder.NAMES.get(member)), bytes);
  }

  private void refused(String... parts) {
    assertThatThrownBy(() -> IdxFolder.load(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void readsRawAndGzippedFilesWhateverTheirNames() {
    IdxFolder set = IdxFolder.load(folder);
    assertThat(set.train().size()).isEqualTo(3);
    assertThat(set.train().classes()).isEqualTo(3);
    assertThat(set.train().sampleShape().toString()).isEqualTo("[2, 2]");
    assertThat(set.train().byteFeatures()).endsWith((byte) 10, (byte) 11, (byte) 255);
    assertThat(set.train().label(1, 0)).isEqualTo(2);
    assertThat(set.test().byteFeatures()).containsExactly(4, 3, 2, 1);
  }

  @Test
  void countsOfImagesAndLabelsMustAgree() throws IOException {
    write(1, IdxBytes.idx(new int[] {2}, 0, 2));
    refused("train-images", "3 images", "train-labels", "2 labels");
  }

  @Test
  void imagesOfBothSetsMustHaveTheSameSize() throws IOException {
    write(2, IdxBytes.idx(new int[] {1, 2, 3}, 4, 3, 2, 1, 0, 9));
    refused("t10k-images", "2 x 3", "train-images", "2 x 2", "sizes must agree");
  }

  @Test
  void testLabelsMustBeClassesOfTheTrainingSet() throws IOException {
    write(3, IdxBytes.idx(new int[] {1}, 7));
    refused("t10k-labels", "label 0 is 7", "expected 0 to 2");
  }

  @Test
  void swappedFilesAreNamed() throws IOException {
    Path images = folder.resolve(IdxFolder.NAMES.get(2));
    Path labels = folder.resolve(IdxFolder.NAMES.get(3));
    Path elsewhere = folder.resolve("x");
    Files.move(images, elsewhere);
    Files.move(labels, images);
    Files.move(elsewhere, labels);
    refused("expected an IDX file of images", "a file of labels");
  }

  @Test
  void aMissingMemberIsNamedWithAllThatWereLookedFor() throws IOException {
    Files.delete(folder.resolve(IdxFolder.NAMES.get(2)));
    refused("no t10k-images-idx3-ubyte", "looked for train-images-idx3-ubyte");
  }

  @Test
  void foldersAndFilesAreNotTakenForEachOther() throws IOException {
    Path file = folder.resolve(IdxFolder.NAMES.get(0));
    assertThatThrownBy(() -> IdxFolder.load(file)).hasMessageContaining("expected a folder");
    assertThatThrownBy(() -> load(file, file, file, folder)).hasMessageContaining("found a folder");
    assertThatThrownBy(() -> load(file, file)).hasMessageContaining("expected four files");
    assertThatThrownBy(() -> IdxFolder.load(folder.resolve("nowhere")))
        .hasMessageContaining("nowhere");
  }

  @Test
  void anEmptyFolderWithAMembersNameIsNoFile() throws IOException {
    Path member = folder.resolve(IdxFolder.NAMES.get(1));
    Files.delete(member);
    Files.createDirectory(member);
    refused("no train-labels-idx1-ubyte or train-labels.idx1-ubyte", "give the four files");
  }

  @Test
  void theNamesThatUnpackersGiveAreFound() throws IOException {
    Path dotted = folder.resolve("train-images.idx3-ubyte.gz"); // which a .gz is after unpacking
    Files.move(folder.resolve(IdxFolder.NAMES.get(0)), dotted);
    Path packed = folder.resolve(IdxFolder.NAMES.get(1)); // Kaggle's folder, the file inside
    byte[] labels = Files.readAllBytes(packed);
    Files.delete(packed);
    Files.createDirectory(packed);
    Files.write(packed.resolve("train-labels-idx1-ubyte"), labels);
    Path inside = Files.createDirectory(folder.resolve("t10k-images.idx3-ubyte"));
    Files.move(folder.resolve(IdxFolder.NAMES.get(2)), inside.resolve("t10k-images-idx3-ubyte"));
    IdxFolder set = IdxFolder.load(folder);
    assertThat(set.train().size()).isEqualTo(3);
    assertThat(set.train().label(1, 0)).isEqualTo(2);
    assertThat(set.test().size()).isEqualTo(1);
  }

  @Test
  void otherFormatsAreNamed() throws IOException {
    write(2, new byte[] {'I', 'I', 42, 0, 0, 0});
    refused("t10k-images", "found a TIFF picture");
  }

  @Test
  void whatIsWrongWithImagesReadOnAnotherThreadIsToldAsElsewhere() {
    IdxFolder.Member[] members = {
      member("bad", new byte[5]),
      member("labels", IdxBytes.idx(new int[] {1}, 0)),
      member("images", IdxBytes.idx(new int[] {1, 1, 1}, 0)),
      member("labels", IdxBytes.idx(new int[] {1}, 0)),
    };
    assertThatThrownBy(() -> load(members, task -> Thread.ofPlatform().start(task)))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("bad: expected an IDX file of images");
  }

  private static IdxFolder load(IdxFolder.Member[] members, Executor executor) {
    return IdxFolder.load(members, executor, Reading.PLAIN);
  }

  private static IdxFolder load(Path... files) {
    return IdxFolder.load(List.of(files), Reading.PLAIN);
  }

  private static IdxFolder.Member member(String name, byte[] bytes) {
    return new IdxFolder.Member(name, bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  @Test
  void whatCannotBeReadIsNamed() {
    IdxFolder.Source broken =
        () -> {
          throw new IOException("connection lost");
        };
    IdxFolder.Member[] members = new IdxFolder.Member[4];
    Arrays.fill(members, new IdxFolder.Member("gone.gz", 9, broken));
    assertThatThrownBy(() -> load(members, Runnable::run))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("gone.gz: connection lost");
  }
}
