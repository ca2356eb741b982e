package dev.lanewise.cli;

import dev.lanewise.cli.argument.ArgumentFiles;
import dev.lanewise.cli.argument.ConfigFile;
import dev.lanewise.cli.argument.GivenProperties;
import dev.lanewise.cli.argument.Leftovers;
import dev.lanewise.cli.command.ConvertCommand;
import dev.lanewise.cli.command.DoctorCommand;
import dev.lanewise.cli.command.EvaluateCommand;
import dev.lanewise.cli.command.InspectCommand;
import dev.lanewise.cli.command.PlotCommand;
import dev.lanewise.cli.command.PredictCommand;
import dev.lanewise.cli.command.ReportCommand;
import dev.lanewise.cli.command.ShowCommand;
import dev.lanewise.cli.tell.ExitCode;
import dev.lanewise.cli.tell.FailureLine;
import dev.lanewise.cli.tell.StandardStreams;
import dev.lanewise.cli.tell.SystemRefusal;
import dev.lanewise.cli.tell.UsageLine;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.cli.train.EarlyWarmUp;
import dev.lanewise.cli.train.TrainCommand;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The application: its commands, and how their failures are told. */
@Command(
    name = "lanewise",
    description = "Trains recurrent networks in pure Java.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Arguments may stand in a file, @FILE, and options of a command in a file of",
      "properties, --config FILE (epochs = 3). NO_COLOR is heeded."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done",
      " 1:the run failed: memory ran out, or the loss stopped being a number",
      " 2:the command line is wrong, or a property of the JVM",
      " 3:data are missing or invalid",
      " 4:a model file is invalid or not supported",
      " 5:the backend is not available",
      " 78:no suitable Java, or a locale in which the files cannot be named",
      " 130:interrupted"
    })
public final class Lanewise {
  /** Created by picocli. */
  public Lanewise() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // libraries', too, that sort and write what the program says
    StandardStreams.widen();
    String wrong = GivenProperties.problem();
    if (wrong != null) {
      System.err.println("lanewise: " + wrong);
      System.exit(ExitCode.USAGE);
    }
    AtomicBoolean ended = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> tellIfInterrupted(ended)));
    int code = ExitCode.RUN_FAILED;
    try {
      code = execute(args);
    } finally {
      ended.set(true); // by a defect too, which is no interrupt
    }
    if (System.out.checkError() && code == 0) { // which a print stream keeps to itself
      System.err.println("lanewise: standard output cannot be written");
      code = ExitCode.RUN_FAILED;
    }
    System.exit(code);
  }

  /**
   * Whoever kills the first JVM outright means the program: it could not stop this one, which would
   * train on unseen beside the next that is started. Asked for on a thread of its own, since the
   * classes that watch a process take some milliseconds to load.
   */
  private static void endWithLauncher() {
    Thread.ofPlatform()
        .daemon()
        .name("lanewise-launcher")
        .start(
            () ->
                ProcessHandle.current()
                    .parent()
                    .ifPresent(
                        launcher -> {
                          launcher.onExit().join();
                          Runtime.getRuntime().halt(ExitCode.KILLED);
                        }));
  }

  /** A signal ends the JVM with 128 + its number by itself; what is left is to say so. */
  private static void tellIfInterrupted(AtomicBoolean ended) {
    if (!ended.get()) {
      System.err.println();
      System.err.println("lanewise: interrupted");
    }
  }

  private static int execute(String[] args) {
    try {
      EarlyWarmUp.begin(args);
      if (System.getProperty("lanewise.relaunched") != null) {
        endWithLauncher();
      }
      return execute(commandLine(args), args);
    } catch (Error e) {
      SystemRefusal refusal = SystemRefusal.of(e);
      if (refusal == null) {
        throw e;
      }
      System.err.println("lanewise: " + refusal.line());
      return refusal.exitCode();
    }
  }

  /** Runs what the arguments say, those in files among them. */
  static int execute(CommandLine root, String... args) {
    String[] left;
    try {
      left = ConfigFile.apply(root, ArgumentFiles.expand(root, args));
    } catch (CommandLine.ParameterException e) {
      return new UsageLine().handleParseException(e, args);
    }
    return root.execute(left);
  }

  /** The commands in the order of the help text. */
  private static final List<String> COMMANDS =
      List.of(
          "train",
          "evaluate",
          "predict",
          "show",
          "plot",
          "report",
          "inspect",
          "convert",
          "doctor",
          "generate-completion",
          "help");

  /**
   * Returns the command line for these arguments. Where they begin with a command, only that one is
   * built: the others' classes cost a start some tens of milliseconds.
   */
  public static CommandLine commandLine(String... args) {
    CommandLine root = new CommandLine(new Lanewise());
    boolean alone = args.length > 0 && COMMANDS.contains(args[0]) && !needsAll(args[0]);
    for (String name : alone ? List.of(args[0]) : COMMANDS) {
      root.addSubcommand(name, command(name));
    }
    return Leftovers.leftBy(root)
        .setExecutionExceptionHandler(new FailureLine())
        .setParameterExceptionHandler(new UsageLine())
        .setExpandAtFiles(false) // they are by then
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static boolean needsAll(String name) {
    return name.equals("help") || name.equals("generate-completion");
  }

  private static Object command(String name) {
    return switch (name) {
      case "train" -> new TrainCommand();
      case "evaluate" -> new EvaluateCommand();
      case "predict" -> new PredictCommand();
      case "show" -> new ShowCommand();
      case "plot" -> new PlotCommand();
      case "report" -> new ReportCommand();
      case "inspect" -> new InspectCommand();
      case "convert" -> new ConvertCommand();
      case "doctor" -> new DoctorCommand();
      case "generate-completion" -> new AutoComplete.GenerateCompletion();
      default -> new HelpCommand();
    };
  }
}
