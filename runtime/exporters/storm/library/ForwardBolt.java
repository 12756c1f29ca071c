package millrace.storm;

/** Hands rows on as they are: a stream of its own for a join that reads another twice. */
public final class ForwardBolt extends RowBolt {
  public ForwardBolt(String... fields) {
    super(fields);
  }

  @Override
  protected void process(Row row) {
    emit(row);
  }
}
