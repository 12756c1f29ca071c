package millrace.storm;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows of files, from beginning to end; several files are dealt out to the tasks of the spout. */
public abstract class FileSpout extends RowSpout {
  private static final Logger LOG = LoggerFactory.getLogger(FileSpout.class);

  private final String location;
  private final TextFile.Format format;
  private final Columns columns;
  private double rowsPerSecond;
  private boolean skipsUnreadable;
  private transient Deque<Path> files;
  private transient TextFile file;
  private transient long startedAt;
  private transient long rows;

  private FileSpout(String location, TextFile.Format format, Columns columns) {
    super(columns.names());
    this.location = location;
    this.format = format;
    this.columns = columns;
  }

  /** Lines of JSON. {@code location}: URL of a file or folder, or a pattern. */
  protected FileSpout(String location, Columns columns) {
    this(location, new TextFile.Format(false, false, ','), columns);
  }

  /** CSV. Without a header, columns are in their order here. */
  protected FileSpout(String location, boolean hasHeader, char delimiter, Columns columns) {
    this(location, new TextFile.Format(true, hasHeader, delimiter), columns);
  }

  /** Holds each task to a rate. */
  protected final void setRowsPerSecond(double rate) {
    rowsPerSecond = rate;
  }

  /** Rows that cannot be read are left out, and otherwise end the worker. */
  protected final void skipUnreadable() {
    skipsUnreadable = true;
  }

  @Override
  protected void open() {
    files = new ArrayDeque<>();
    List<Path> all = TextFile.find(location);
    for (int i = taskIndex(); i < all.size(); i += taskCount()) {
      files.add(all.get(i));
    }
    startedAt = System.nanoTime();
  }

  @Override
  protected List<Object> next() {
    if (rowsPerSecond > 0 && rows > rowsPerSecond * (System.nanoTime() - startedAt) / 1e9) {
      LockSupport.parkNanos(1_000_000);
      return null;
    }
    while (file != null || !files.isEmpty()) {
      if (file == null) {
        file = new TextFile(files.remove(), format, columns);
      }
      List<Object> values;
      try {
        values = file.next();
      } catch (IllegalArgumentException e) {
        if (!skipsUnreadable) {
          throw e;
        }
        LOG.warn("left out, as it cannot be read: {}", e.getMessage());
        continue;
      }
      if (values != null) {
        rows++;
        return values;
      }
      file.close();
      file = null;
    }
    return null;
  }

  @Override
  protected boolean isAtEnd() {
    return file == null && files.isEmpty();
  }
}
