import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import millrace.storm.CaptureBolt;
import org.apache.storm.Config;
import org.apache.storm.LocalCluster;
import org.apache.storm.flux.FluxBuilder;
import org.apache.storm.flux.model.ExecutionContext;
import org.apache.storm.flux.model.TopologyDef;
import org.apache.storm.flux.parser.FluxParser;
import org.apache.storm.generated.KillOptions;

/**
 * A Storm cluster in this process. Each line of its standard input is a topology: a name, the folder of its Java sources, the Flux file and the files that its sinks
 * write, with tabs between. It is run until all of them are complete, and answered by a line: "ok", or why not. It ends with its standard input. A bolt
 * that fails ends the process, as it ends a worker.
 */
public final class MiniStorm {
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    // Logs go elsewhere.
    System.setOut(System.err);
    Path classes = Path.of(arguments[0]);
    int patienceSeconds = Integer.parseInt(arguments[1]);
    LocalCluster.Builder builder = new LocalCluster.Builder().withSupervisors(1).withPortsPerSupervisor(4);
    builder.withDaemonConf(Config.NIMBUS_THRIFT_PORT, 0);
    builder.withDaemonConf("nimbus.monitor.freq.secs", 1);
    builder.withDaemonConf("supervisor.monitor.frequency.secs", 1);
    builder.withDaemonConf("supervisor.localizer.update.interval.secs", 1);
    builder.withDaemonConf("task.heartbeat.frequency.secs", 1);
    builder.withDaemonConf("task.refresh.poll.secs", 1);
    builder.withDaemonConf("topology.enable.message.timeouts", false);
    try (LocalCluster cluster = builder.build()) {
      answers.println("ready");
      BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split("\t");
        String answer;
        try {
          compile(Path.of(parts[1]), classes);
          answer = run(cluster, parts[0], parts[2], Arrays.copyOfRange(parts, 3, parts.length), patienceSeconds);
        } catch (Exception e) {
          answer = String.valueOf(e).replaceAll("\\s+", " ");
        }
        answers.println(answer);
      }
    }
    System.exit(0);
  }

  private static void compile(Path sources, Path classes) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Path> files;
    try (Stream<Path> all = Files.walk(sources)) {
      files = all.filter(file -> file.toString().endsWith(".java")).toList();
    }
    StringWriter problems = new StringWriter();
    List<String> options = List.of("-d", classes.toString(), "-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"));
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      boolean isGood = compiler.getTask(problems, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files)).call();
      if (!isGood) {
        throw new IllegalStateException("does not compile: " + problems);
      }
    }
  }

  private static String run(LocalCluster cluster, String name, String flux, String[] captures, int patienceSeconds) throws Exception {
    TopologyDef definition = FluxParser.parseFile(flux, false, true, null, false);
    Config config = FluxBuilder.buildConfig(definition);
    ExecutionContext context = new ExecutionContext(definition, config);
    cluster.submitTopology(name, config, FluxBuilder.buildTopology(context));
    List<String> missing = new ArrayList<>();
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
    for (String capture : captures) {
      if (!CaptureBolt.endOf(capture).await(patience - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        missing.add(Path.of(capture).getFileName().toString());
      }
    }
    KillOptions options = new KillOptions();
    options.set_wait_secs(0);
    cluster.killTopologyWithOpts(name, options);
    return missing.isEmpty() ? "ok" : "not at its end after " + patienceSeconds + " s: " + missing;
  }
}
