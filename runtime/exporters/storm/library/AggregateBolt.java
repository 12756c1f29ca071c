package millrace.storm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.storm.Aggregate.Group;

/** Aggregates all rows of each group so far. The result is a changelog: with every row, what the group had is taken back and given anew. */
public abstract class AggregateBolt extends GroupBolt {
  private transient Map<List<Object>, Group> groups;

  /** {@code fields}: the keys and the aggregates. */
  protected AggregateBolt(List<String> keys, String... fields) {
    super(keys, fields);
  }

  @Override
  protected void open() {
    groups = new HashMap<>();
  }

  @Override
  protected void process(Row row) {
    List<Object> key = keyOf(row);
    Group group = groups.get(key);
    List<Object> before = null;
    if (group == null) {
      group = newGroup();
      groups.put(key, group);
    } else {
      before = result(key, group);
    }
    if (row.isRetraction()) {
      group.retract(row);
    } else {
      group.add(row);
    }
    if (group.isEmpty()) {
      groups.remove(key);
      emitAt(null, "-D", before);
      return;
    }
    List<Object> after = result(key, group);
    if (before == null) {
      emitAt(null, "+I", after);
    } else if (!after.equals(before)) {
      emitAt(null, "-U", before);
      emitAt(null, "+U", after);
    }
  }

  private static List<Object> result(List<Object> key, Group group) {
    return withResults(key, group.results());
  }
}
