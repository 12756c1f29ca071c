package millrace.storm;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Rows that are computed from their number, from 0; the tasks of the spout take turns. */
public abstract class GeneratorSpout extends RowSpout {
  private final long rows;
  private final double rowsPerSecond;
  private transient long next;
  private transient long startedAt;

  /** {@code rows}: how many; -1: no end. {@code rowsPerSecond}: of all tasks together; 0: as fast as it goes. */
  protected GeneratorSpout(long rows, double rowsPerSecond, String... fields) {
    super(fields);
    this.rows = rows;
    this.rowsPerSecond = rowsPerSecond;
  }

  /** Values of row {@code n}. */
  protected abstract List<Object> row(Long n);

  @Override
  protected void open() {
    next = taskIndex();
    startedAt = System.nanoTime();
  }

  @Override
  protected List<Object> next() {
    if (isAtEnd()) {
      return null;
    }
    if (rowsPerSecond > 0 && next > rowsPerSecond * (System.nanoTime() - startedAt) / 1e9) {
      LockSupport.parkNanos(1_000_000);
      return null;
    }
    List<Object> values = row(next);
    next += taskCount();
    return values;
  }

  @Override
  protected boolean isAtEnd() {
    return rows >= 0 && next >= rows;
  }
}
