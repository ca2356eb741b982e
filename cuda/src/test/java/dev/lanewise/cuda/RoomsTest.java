package dev.lanewise.cuda;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class RoomsTest {
  private static final String ROOT = "dev.lanewise.cuda";

  @Test
  void importsPointDown() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .ensureAllClassesAreContainedInArchitecture()
        .layer("cuda")
        .definedBy(ROOT)
        .layer("plan")
        .definedBy(ROOT + ".plan")
        .layer("network")
        .definedBy(ROOT + ".network")
        .layer("recurrent")
        .definedBy(ROOT + ".recurrent")
        .layer("layer")
        .definedBy(ROOT + ".layer")
        .layer("kernel")
        .definedBy(ROOT + ".kernel")
        .layer("driver")
        .definedBy(ROOT + ".driver")
        .whereLayer("cuda")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("plan")
        .mayOnlyBeAccessedByLayers("cuda")
        .whereLayer("network")
        .mayOnlyBeAccessedByLayers("cuda", "plan")
        .whereLayer("recurrent")
        .mayOnlyBeAccessedByLayers("network")
        .whereLayer("layer")
        .mayOnlyBeAccessedByLayers("network", "recurrent")
        .whereLayer("kernel")
        .mayOnlyBeAccessedByLayers("plan", "network", "recurrent", "layer")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT));
  }
}
