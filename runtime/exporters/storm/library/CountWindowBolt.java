package millrace.storm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.storm.Aggregate.Group;

/** Aggregates the last rows of each group, with every so many rows; a window that is not complete at the end gives nothing. */
public abstract class CountWindowBolt extends GroupBolt {
  private static final class Rows {
    private final Deque<Row> last = new ArrayDeque<>();
    private long count;
  }

  private final long size;
  private final long slide;
  private transient Map<List<Object>, Rows> groups;

  /** The last {@code size} rows, with every {@code slide}. {@code fields}: the keys and the aggregates. */
  protected CountWindowBolt(long size, long slide, List<String> keys, String... fields) {
    super(keys, fields);
    this.size = size;
    this.slide = slide;
  }

  @Override
  protected void open() {
    groups = new HashMap<>();
  }

  @Override
  protected void process(Row row) {
    List<Object> key = keyOf(row);
    Rows rows = groups.computeIfAbsent(key, added -> new Rows());
    rows.last.add(row);
    if (rows.last.size() > size) {
      rows.last.remove();
    }
    if (++rows.count % slide == 0) {
      Group group = newGroup();
      rows.last.forEach(group::add);
      emitAt(row.time(), "+I", withResults(key, group.results()));
    }
  }
}
