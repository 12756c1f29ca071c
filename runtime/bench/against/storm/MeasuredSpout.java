package millrace.storm;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A spout of files that tells when the first of a topology was asked for its first row. */
public abstract class MeasuredSpout extends FileSpout {
  /** Of {@code System.nanoTime}; 0: none was asked yet. One topology runs at a time. */
  static final AtomicLong BEGAN = new AtomicLong();

  private transient boolean hasBegun;

  protected MeasuredSpout(String location, Columns columns) {
    super(location, columns);
  }

  @Override
  protected List<Object> next() {
    if (!hasBegun) {
      hasBegun = true;
      BEGAN.compareAndSet(0, System.nanoTime());
    }
    return super.next();
  }
}
