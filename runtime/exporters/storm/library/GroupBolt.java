package millrace.storm;

import java.util.ArrayList;
import java.util.List;
import millrace.storm.Aggregate.Group;

/** Aggregates rows by their keys. */
public abstract class GroupBolt extends RowBolt {
  private final String[] keys;

  protected GroupBolt(List<String> keys, String... fields) {
    super(fields);
    this.keys = keys.toArray(String[]::new);
  }

  /** New ones: each keeps what it has seen. */
  protected abstract List<Aggregate> aggregates();

  final List<Object> keyOf(Row row) {
    return row.key(keys);
  }

  final Group newGroup() {
    return new Group(aggregates());
  }

  /** Values of a row, and the results of a group behind them. */
  static List<Object> withResults(List<Object> values, List<Object> results) {
    List<Object> all = new ArrayList<>(values);
    all.addAll(results);
    return all;
  }
}
