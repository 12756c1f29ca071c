package millrace.storm;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.storm.task.OutputCollector;
import org.apache.storm.task.TopologyContext;

/**
 * Appends rows to a file, or in a folder to one for each task. Each line is written out before its row is acked, so none is lost; one that is sent again
 * after a failure is written twice.
 */
public abstract class FileBolt extends RowBolt {
  private final String location;
  private final boolean isFolder;
  private final boolean isCsv;
  private final Columns columns;
  private transient int task;
  private transient BufferedWriter file;
  private transient CSVPrinter csv;

  /** {@code location}: URL of a file or folder; CSV, or lines of JSON. */
  protected FileBolt(String location, boolean isFolder, boolean isCsv, Columns columns) {
    this.location = location;
    this.isFolder = isFolder;
    this.isCsv = isCsv;
    this.columns = columns;
  }

  @Override
  public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector collector) {
    task = context.getThisTaskIndex();
    super.prepare(config, context, collector);
  }

  @Override
  protected void open() {
    Path path = Path.of(URI.create(location.replace(" ", "%20")));
    Path target = isFolder ? path.resolve("part-" + task + (isCsv ? ".csv" : ".jsonl")) : path;
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
      boolean isNew = !Files.exists(target) || Files.size(target) == 0;
      file = Files.newBufferedWriter(target, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      csv = new CSVPrinter(file, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').build());
      if (isCsv && isNew) {
        csv.printRecord((Object[]) columns.names());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void process(Row row) {
    try {
      List<Object> values = row.values();
      if (isCsv) {
        for (Object value : values) {
          csv.print(value instanceof java.time.Instant time ? Sql.isoText(time) : Sql.toText(value));
        }
        csv.println();
      } else {
        file.write(Json.write(values, columns, null));
        file.newLine();
      }
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void cleanup() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
