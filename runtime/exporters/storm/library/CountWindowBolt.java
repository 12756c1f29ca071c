package millrace.storm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.storm.Aggregate.Group;

/** Aggregates the last rows of each group, with every so many rows; a window that is not complete at the end gives nothing. */
public abstract class CountWindowBolt extends RowBolt {
  private static final class Rows {
    private final Deque<Row> last = new ArrayDeque<>();
    private long count;
  }

  private final long size;
  private final long slide;
  private final String[] keys;
  private transient Map<List<Object>, Rows> groups;

  /** The last {@code size} rows, with every {@code slide}. {@code fields}: the keys and the aggregates. */
  protected CountWindowBolt(long size, long slide, List<String> keys, String... fields) {
    super(fields);
    this.size = size;
    this.slide = slide;
    this.keys = keys.toArray(String[]::new);
  }

  protected abstract List<Aggregate> aggregates();

  @Override
  protected void open() {
    groups = new HashMap<>();
  }

  @Override
  protected void process(Row row) {
    List<Object> key = row.key(keys);
    Rows rows = groups.computeIfAbsent(key, added -> new Rows());
    rows.last.add(row);
    if (rows.last.size() > size) {
      rows.last.remove();
    }
    if (++rows.count % slide == 0) {
      Group group = new Group(aggregates());
      rows.last.forEach(group::add);
      List<Object> values = new ArrayList<>(key);
      values.addAll(group.results());
      emitAt(row.time(), "+I", values);
    }
  }
}
