package millrace.storm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds to each row what a file says of it. The file is read whole when the bolt starts. */
public abstract class LookupBolt extends RowBolt {
  private final String location;
  private final TextFile.Format format;
  private final Columns columns;
  private final List<String> tableKeys;
  private final String[] rowKeys;
  private final List<String> added;
  private final boolean keepsUnmatched;
  private transient Map<List<Object>, List<List<Object>>> table;

  /** {@code columns}: of the file; {@code added}: those of them that go to the rows. */
  protected LookupBolt(String location, boolean isCsv, Columns columns, List<String> rowKeys, List<String> tableKeys, List<String> added, boolean keepsUnmatched, String... fields) {
    super(fields);
    this.location = location;
    this.format = new TextFile.Format(isCsv, true, ',');
    this.columns = columns;
    this.rowKeys = rowKeys.toArray(String[]::new);
    this.tableKeys = tableKeys;
    this.added = added;
    this.keepsUnmatched = keepsUnmatched;
  }

  @Override
  protected void open() {
    table = new HashMap<>();
    List<String> names = List.of(columns.names());
    try (TextFile file = new TextFile(TextFile.find(location).get(0), format, columns)) {
      for (List<Object> values = file.next(); values != null; values = file.next()) {
        List<Object> read = values;
        List<Object> key = new ArrayList<>();
        tableKeys.forEach(name -> key.add(read.get(names.indexOf(name))));
        List<Object> found = new ArrayList<>();
        added.forEach(name -> found.add(read.get(names.indexOf(name))));
        table.computeIfAbsent(key, first -> new ArrayList<>()).add(found);
      }
    }
  }

  @Override
  protected void process(Row row) {
    List<Object> key = row.key(rowKeys);
    List<List<Object>> none = keepsUnmatched ? List.of(Collections.nCopies(added.size(), null)) : List.of();
    for (List<Object> found : key.contains(null) ? none : table.getOrDefault(key, none)) {
      List<Object> values = new ArrayList<>(row.values());
      values.addAll(found);
      emitAt(row.time(), row.kind(), values);
    }
  }
}
