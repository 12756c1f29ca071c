package millrace.storm;

/** Prints rows as lines of JSON to the worker's standard output, which is in its log. */
public abstract class PrintBolt extends RowBolt {
  private final String prefix;
  private final Columns columns;
  private final boolean isChangelog;

  protected PrintBolt(String prefix, boolean isChangelog, Columns columns) {
    this.prefix = prefix;
    this.isChangelog = isChangelog;
    this.columns = columns;
  }

  @Override
  protected void process(Row row) {
    System.out.println(prefix + Json.write(row.values(), columns, isChangelog ? row.kind() : null));
  }
}
