package millrace.storm;

import java.time.Instant;

/** Gives rows another event time, by a field, and watermarks by it in place of those before. */
public abstract class WatermarkBolt extends RowBolt {
  private final String field;
  private final long maxOutOfOrdernessMs;
  private transient long maxTime;

  protected WatermarkBolt(String field, long maxOutOfOrdernessMs, String... fields) {
    super(fields);
    this.field = field;
    this.maxOutOfOrdernessMs = maxOutOfOrdernessMs;
  }

  @Override
  protected void open() {
    maxTime = Long.MIN_VALUE;
  }

  @Override
  protected void process(Row row) {
    Instant time = row.getInstant(field);
    if (time == null) {
      throw new IllegalStateException("a row has no event time: " + field + " is NULL");
    }
    emitAt(time.toEpochMilli(), row.kind(), row.values());
    if (time.toEpochMilli() > maxTime) {
      maxTime = time.toEpochMilli();
      sendWatermark(maxTime - maxOutOfOrdernessMs);
    }
  }

  @Override
  protected boolean passesWatermark(long watermark) {
    return watermark == END_OF_INPUT;
  }
}
