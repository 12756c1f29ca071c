package millrace.storm;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Which windows a time is in, in milliseconds. A window holds its start and not its end. */
public final class Windows implements Serializable {
  /** In the order in which they end. */
  record Window(long start, long end) implements Comparable<Window> {
    @Override
    public int compareTo(Window other) {
      return end != other.end ? Long.compare(end, other.end) : Long.compare(start, other.start);
    }

    /** The last millisecond: the time of the window's results. */
    long last() {
      return end - 1;
    }
  }

  private final long size;
  private final long step;
  private final long offset;
  private final boolean isCumulative;

  private Windows(long size, long step, long offset, boolean isCumulative) {
    this.size = size;
    this.step = step;
    this.offset = offset;
    this.isCumulative = isCumulative;
  }

  /** One after the other. */
  public static Windows tumbling(long size, long offset) {
    return new Windows(size, size, offset, false);
  }

  /** A new one with every slide. */
  public static Windows hopping(long size, long slide, long offset) {
    return new Windows(size, slide, offset, false);
  }

  /** They begin together, and each is a step longer than the one before. */
  public static Windows cumulative(long size, long step, long offset) {
    return new Windows(size, step, offset, true);
  }

  List<Window> of(long time) {
    List<Window> windows = new ArrayList<>();
    if (isCumulative) {
      long start = Math.floorDiv(time - offset, size) * size + offset;
      for (long end = start + step; end <= start + size; end += step) {
        if (time < end) {
          windows.add(new Window(start, end));
        }
      }
    } else {
      long last = Math.floorDiv(time - offset, step) * step + offset;
      for (long start = last; start > time - size; start -= step) {
        windows.add(new Window(start, start + size));
      }
    }
    return windows;
  }
}
