package millrace.storm;

import java.util.ArrayList;
import java.util.List;

/** Makes of each change a row that says in its first field what it is. */
public abstract class ChangelogBolt extends RowBolt {
  private final boolean isUpsert;

  /** {@code isUpsert}: without the rows before an update. */
  protected ChangelogBolt(boolean isUpsert, String... fields) {
    super(fields);
    this.isUpsert = isUpsert;
  }

  @Override
  protected void process(Row row) {
    if (isUpsert && row.kind().equals("-U")) {
      return;
    }
    List<Object> values = new ArrayList<>();
    values.add(row.kind());
    values.addAll(row.values());
    emitAt(row.time(), "+I", values);
  }
}
