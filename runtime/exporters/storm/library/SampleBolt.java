package millrace.storm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps the first row of every so many of each key. */
public abstract class SampleBolt extends RowBolt {
  private final long every;
  private final String[] keys;
  private transient Map<List<Object>, Long> counts;

  protected SampleBolt(long every, List<String> keys, String... fields) {
    super(fields);
    this.every = every;
    this.keys = keys.toArray(String[]::new);
  }

  @Override
  protected void open() {
    counts = new HashMap<>();
  }

  @Override
  protected void process(Row row) {
    if (counts.merge(row.key(keys), 1L, Long::sum) % every == 1 % every) {
      emit(row);
    }
  }
}
