package millrace.storm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.storm.task.OutputCollector;
import org.apache.storm.task.TopologyContext;

/** In place of a sink, and nothing but its end: the last task writes the seconds since the first row was asked for into a file. */
public abstract class EndBolt extends RowBolt {
  private static final Map<String, AtomicInteger> ENDED = new ConcurrentHashMap<>();

  private final String path;
  private transient int tasks;

  protected EndBolt(String path) {
    this.path = path;
  }

  @Override
  public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector collector) {
    tasks = context.getComponentTasks(context.getThisComponentId()).size();
    super.prepare(config, context, collector);
  }

  @Override
  protected void process(Row row) {}

  @Override
  protected void onWatermark(long watermark) {
    if (watermark != END_OF_INPUT || ENDED.computeIfAbsent(path, key -> new AtomicInteger()).incrementAndGet() < tasks) {
      return;
    }
    double seconds = (System.nanoTime() - MeasuredSpout.BEGAN.getAndSet(0)) / 1e9;
    try {
      Files.writeString(Path.of(path), String.valueOf(seconds));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    CaptureBolt.endOf(path).countDown();
  }
}
