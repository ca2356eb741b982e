package dev.lanewise.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class RoomsTest {
  private static final String ROOT = "dev.lanewise.cli";
  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void importsPointDown() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .ensureAllClassesAreContainedInArchitecture()
        .layer("launch")
        .definedBy(ROOT + ".launch")
        .layer("cli")
        .definedBy(ROOT)
        .layer("command")
        .definedBy(ROOT + ".command")
        .layer("train")
        .definedBy(ROOT + ".train")
        .layer("setting")
        .definedBy(ROOT + ".train.setting")
        .layer("argument")
        .definedBy(ROOT + ".argument")
        .layer("tell")
        .definedBy(ROOT + ".tell")
        .layer("report")
        .definedBy(ROOT + ".report")
        .layer("run")
        .definedBy(ROOT + ".run")
        .layer("picture")
        .definedBy(ROOT + ".picture")
        .layer("image")
        .definedBy(ROOT + ".image")
        .layer("thread")
        .definedBy(ROOT + ".thread")
        .layer("selftest")
        .definedBy(ROOT + ".selftest")
        .whereLayer("launch")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("launch")
        .mayNotAccessAnyLayer()
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("command")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("train")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("setting")
        .mayOnlyBeAccessedByLayers("train")
        .whereLayer("argument")
        .mayOnlyBeAccessedByLayers("cli", "command", "train", "setting")
        .whereLayer("tell")
        .mayOnlyBeAccessedByLayers("cli", "command", "train", "setting", "argument")
        .whereLayer("report")
        .mayOnlyBeAccessedByLayers("command", "train")
        .whereLayer("run")
        .mayOnlyBeAccessedByLayers("command", "train", "setting", "report")
        .whereLayer("run")
        .mayNotAccessAnyLayer()
        .whereLayer("picture")
        .mayNotAccessAnyLayer()
        .whereLayer("image")
        .mayNotAccessAnyLayer()
        .whereLayer("selftest")
        .mayNotAccessAnyLayer()
        .whereLayer("thread")
        .mayNotAccessAnyLayer()
        .check(PROGRAM);
  }

  @Test
  void noTwoRoomsNeedEachOther() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(PROGRAM);
  }

  /** Whoever draws or reads a file can be taken without the command line. */
  @Test
  void theRoomsBelowKnowNothingOfTheCommandLine() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + ".report", ROOT + ".run", ROOT + ".picture", ROOT + ".image", ROOT + ".selftest")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(PROGRAM);
  }
}
