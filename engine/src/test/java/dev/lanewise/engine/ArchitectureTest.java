package dev.lanewise.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.ObjectInputStream;
import java.lang.foreign.MemorySegment;
import jdk.jfr.Event;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String ROOT = "dev.lanewise.engine.";
  private static final String CPU = ROOT + "backend.cpu";
  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.lanewise.engine");

  @Test
  void importsPointDown() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .ensureAllClassesAreContainedInArchitecture()
        .layer("keras")
        .definedBy(ROOT + "keras")
        .layer("onnx")
        .definedBy(ROOT + "onnx")
        .layer("tensorboard")
        .definedBy(ROOT + "tensorboard")
        .layer("protobuf")
        .definedBy(ROOT + "protobuf")
        .layer("train")
        .definedBy(ROOT + "train")
        .layer("cpu")
        .definedBy(CPU + "..")
        .layer("backend")
        .definedBy(ROOT + "backend")
        .layer("descriptions")
        .definedBy(ROOT + "layer", ROOT + "loss", ROOT + "optimizer", ROOT + "metric")
        .layer("data")
        .definedBy(ROOT + "data")
        .layer("checkpoint")
        .definedBy(ROOT + "checkpoint")
        .layer("archive")
        .definedBy(ROOT + "archive")
        .layer("kernel")
        .definedBy(ROOT + "kernel..")
        .layer("tensor")
        .definedBy(ROOT + "tensor")
        .layer("random")
        .definedBy(ROOT + "random")
        .layer("property")
        .definedBy(ROOT + "property")
        .layer("text")
        .definedBy(ROOT + "text")
        .layer("event")
        .definedBy(ROOT + "event")
        .whereLayer("onnx")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("keras")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("tensorboard")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("protobuf")
        .mayOnlyBeAccessedByLayers("onnx", "tensorboard")
        .whereLayer("protobuf")
        .mayNotAccessAnyLayer()
        .whereLayer("train")
        .mayOnlyBeAccessedByLayers("keras", "tensorboard")
        .whereLayer("cpu")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("backend")
        .mayOnlyBeAccessedByLayers("keras", "onnx", "tensorboard", "train", "checkpoint", "cpu")
        .whereLayer("descriptions")
        .mayOnlyBeAccessedByLayers("keras", "onnx", "tensorboard", "train", "backend", "cpu")
        .whereLayer("data")
        .mayOnlyBeAccessedByLayers("keras", "onnx", "train", "backend", "cpu")
        .whereLayer("kernel")
        .mayOnlyBeAccessedByLayers("cpu")
        .whereLayer("random")
        .mayOnlyBeAccessedByLayers("train", "cpu", "descriptions")
        .whereLayer("random")
        .mayNotAccessAnyLayer()
        .whereLayer("text")
        .mayNotAccessAnyLayer()
        .whereLayer("event")
        .mayNotAccessAnyLayer()
        .whereLayer("archive")
        .mayNotAccessAnyLayer()
        .whereLayer("property")
        .mayNotAccessAnyLayer()
        .whereLayer("tensor")
        .mayOnlyAccessLayers("property")
        .check(ENGINE);
  }

  @Test
  void theRoomsOfTheCpuPointDown() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .ensureAllClassesAreContainedInArchitecture()
        .layer("cpu")
        .definedBy(CPU)
        .layer("recurrent")
        .definedBy(CPU + ".recurrent")
        .layer("layer")
        .definedBy(CPU + ".layer")
        .layer("loss")
        .definedBy(CPU + ".loss")
        .layer("weights")
        .definedBy(CPU + ".weights")
        .layer("batch")
        .definedBy(CPU + ".batch")
        .layer("team")
        .definedBy(CPU + ".team")
        .whereLayer("cpu")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("recurrent")
        .mayOnlyBeAccessedByLayers("cpu")
        .whereLayer("layer")
        .mayOnlyBeAccessedByLayers("cpu", "recurrent")
        .whereLayer("loss")
        .mayOnlyBeAccessedByLayers("cpu")
        .whereLayer("weights")
        .mayOnlyBeAccessedByLayers("cpu", "recurrent", "layer")
        .whereLayer("batch")
        .mayOnlyBeAccessedByLayers("cpu", "recurrent", "layer", "loss")
        .whereLayer("team")
        .mayOnlyBeAccessedByLayers("cpu", "weights")
        .check(ENGINE.that(resideInAPackage(CPU + "..")));
  }

  @Test
  void onlyTheSimdKernelsKnowTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "kernel.simd")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator..")
        .check(ENGINE);
  }

  /** A JDK image may lack it: events are begun behind a question whether it is there. */
  @Test
  void onlyTheEventsKnowTheFlightRecorder() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "event")
        .should()
        .dependOnClassesThat(
            resideInAPackage("jdk.jfr..")
                .and(DescribedPredicate.not(JavaClass.Predicates.type(Event.class))))
        .check(ENGINE);
  }

  /** What there is to tell goes to a System.Logger, whose level and place the user chooses. */
  @Test
  void theEnginePrintsNothing() {
    noClasses().should(GeneralCodingRules.ACCESS_STANDARD_STREAMS).check(ENGINE);
  }

  @Test
  void theEngineDependsOnTheJdkAlone() {
    classes()
        .that()
        .resideOutsideOfPackage(ROOT + "keras") // which is for those who add jHDF and Gson
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "jdk..",
            "com.sun.management",
            "org.jspecify..",
            ROOT.substring(0, ROOT.length() - 1) + "..")
        .check(ENGINE);
  }

  @Test
  void rawMemoryIsOpenedInOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + "tensor.AddressSpace")
        .should()
        .callMethodWhere(anyOverload(MemorySegment.class, "reinterpret"))
        .check(ENGINE);
    noClasses().should().dependOnClassesThat().haveSimpleName("Unsafe").check(ENGINE);
  }

  @Test
  void nothingLoadsCodeByNameOrCollectsByHand() {
    noClasses().should().callMethodWhere(anyOverload(Class.class, "forName")).check(ENGINE);
    noClasses().should().callMethodWhere(anyOverload(ClassLoader.class, "loadClass")).check(ENGINE);
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ObjectInputStream.class)
        .check(ENGINE);
    noClasses().should().callMethodWhere(anyOverload(System.class, "gc")).check(ENGINE);
    noClasses().should().callMethodWhere(anyOverload(Runtime.class, "gc")).check(ENGINE);
  }

  private static DescribedPredicate<JavaMethodCall> anyOverload(Class<?> owner, String name) {
    return DescribedPredicate.describe(
        "target is " + owner.getSimpleName() + "." + name,
        call ->
            call.getTarget().getName().equals(name) && call.getTargetOwner().isAssignableTo(owner));
  }
}
