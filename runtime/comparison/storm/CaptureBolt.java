package millrace.storm;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** In place of a sink: keeps its rows in a file, and tells who is in the same process when there are no more. */
public abstract class CaptureBolt extends RowBolt {
  private static final Map<String, CountDownLatch> ENDS = new ConcurrentHashMap<>();

  private final String path;
  private final Columns columns;
  private transient BufferedWriter file;

  protected CaptureBolt(String path, Columns columns) {
    this.path = path;
    this.columns = columns;
  }

  /** Counted down once all rows of the file are in it. */
  public static CountDownLatch endOf(String path) {
    return ENDS.computeIfAbsent(path, key -> new CountDownLatch(1));
  }

  @Override
  protected void open() {
    try {
      // In a worker that was started anew it goes on.
      file = Files.newBufferedWriter(Path.of(path), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void process(Row row) {
    try {
      file.write(Json.write(row.values(), columns, row.kind()));
      file.newLine();
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void onWatermark(long watermark) {
    if (watermark != END_OF_INPUT) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    endOf(path).countDown();
  }
}
