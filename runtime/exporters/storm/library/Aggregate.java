package millrace.storm;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import millrace.storm.Sql.RowFunction;

/** An aggregate function over the rows of a group, with SQL's rules: NULLs are left out, and without values the result is NULL (COUNT: 0). */
public final class Aggregate {
  /** What a group knows of the values so far. */
  private interface Accumulator {
    void add(Object value);

    default void retract(Object value) {
      throw new UnsupportedOperationException("this aggregate takes no row back");
    }

    Object result();
  }

  private static final int MAX_PRECISION = 38;
  private static final int MIN_AVERAGE_SCALE = 6;

  private final RowFunction<?> value;
  private final Supplier<Accumulator> start;
  private RowFunction<Boolean> filter;
  private boolean isDistinct;

  private Aggregate(RowFunction<?> value, Supplier<Accumulator> start) {
    this.value = value;
    this.start = start;
  }

  /** Of rows. */
  public static Aggregate count() {
    return new Aggregate(row -> true, Count::new);
  }

  public static Aggregate count(RowFunction<?> value) {
    return new Aggregate(value, Count::new);
  }

  public static Aggregate sum(RowFunction<?> value) {
    return new Aggregate(value, Sum::new);
  }

  public static Aggregate avg(RowFunction<?> value) {
    return new Aggregate(value, Average::new);
  }

  public static Aggregate min(RowFunction<?> value) {
    return new Aggregate(value, () -> new Extreme(-1));
  }

  public static Aggregate max(RowFunction<?> value) {
    return new Aggregate(value, () -> new Extreme(1));
  }

  public static Aggregate firstValue(RowFunction<?> value) {
    return new Aggregate(value, () -> new Values(list -> list.get(0)));
  }

  public static Aggregate lastValue(RowFunction<?> value) {
    return new Aggregate(value, () -> new Values(list -> list.get(list.size() - 1)));
  }

  public static Aggregate listagg(RowFunction<?> value, String separator) {
    return new Aggregate(value, () -> new Values(list -> list.stream().map(String::valueOf).collect(Collectors.joining(separator))));
  }

  public static Aggregate collect(RowFunction<?> value) {
    return new Aggregate(value, () -> new Values(ArrayList::new));
  }

  /** Between the two nearest values. */
  public static Aggregate percentile(RowFunction<?> value, double share) {
    return new Aggregate(value, () -> new Values(list -> percentileOf(list, share)));
  }

  public static Aggregate varPop(RowFunction<?> value) {
    return new Aggregate(value, () -> new Variance(0, false));
  }

  public static Aggregate varSamp(RowFunction<?> value) {
    return new Aggregate(value, () -> new Variance(1, false));
  }

  public static Aggregate stddevPop(RowFunction<?> value) {
    return new Aggregate(value, () -> new Variance(0, true));
  }

  public static Aggregate stddevSamp(RowFunction<?> value) {
    return new Aggregate(value, () -> new Variance(1, true));
  }

  /** Only rows for which this is TRUE take part. */
  public Aggregate where(RowFunction<Boolean> condition) {
    filter = condition;
    return this;
  }

  /** Equal values count once. */
  public Aggregate distinct() {
    isDistinct = true;
    return this;
  }

  /** All aggregates of one group. */
  static final class Group {
    private final List<Aggregate> aggregates;
    private final List<Accumulator> accumulators = new ArrayList<>();
    /** How often each value is there, of those that count once. */
    private final List<Map<Object, Integer>> seen = new ArrayList<>();
    private long rows;

    Group(List<Aggregate> aggregates) {
      this.aggregates = aggregates;
      for (Aggregate aggregate : aggregates) {
        accumulators.add(aggregate.start.get());
        seen.add(aggregate.isDistinct ? new HashMap<>() : null);
      }
    }

    void add(Row row) {
      rows++;
      for (int i = 0; i < aggregates.size(); i++) {
        Object value = valueFor(aggregates.get(i), row);
        if (value != null && (seen.get(i) == null || seen.get(i).merge(value, 1, Integer::sum) == 1)) {
          accumulators.get(i).add(value);
        }
      }
    }

    void retract(Row row) {
      rows--;
      for (int i = 0; i < aggregates.size(); i++) {
        Object value = valueFor(aggregates.get(i), row);
        boolean isLast = seen.get(i) == null || seen.get(i).computeIfPresent(value, (key, count) -> count == 1 ? null : count - 1) == null;
        if (value != null && isLast) {
          accumulators.get(i).retract(value);
        }
      }
    }

    private static Object valueFor(Aggregate aggregate, Row row) {
      boolean takesPart = aggregate.filter == null || Sql.isTrue(aggregate.filter.apply(row));
      return takesPart ? aggregate.value.apply(row) : null;
    }

    boolean isEmpty() {
      return rows == 0;
    }

    List<Object> results() {
      return accumulators.stream().map(Accumulator::result).collect(Collectors.toCollection(ArrayList::new));
    }
  }

  private static final class Count implements Accumulator {
    private long count;

    @Override
    public void add(Object value) {
      count++;
    }

    @Override
    public void retract(Object value) {
      count--;
    }

    @Override
    public Object result() {
      return count;
    }
  }

  /** Whole numbers wrap around, as in Flink. */
  private static Object sum(Object a, Object b, int sign) {
    if (b instanceof Integer number) {
      return (a == null ? 0 : (Integer) a) + sign * number;
    }
    if (b instanceof Long number) {
      return (a == null ? 0L : (Long) a) + sign * number;
    }
    if (b instanceof BigDecimal number) {
      BigDecimal signed = sign < 0 ? number.negate() : number;
      return a == null ? signed : ((BigDecimal) a).add(signed);
    }
    return (a == null ? 0.0 : (Double) a) + sign * (Double) b;
  }

  private static final class Sum implements Accumulator {
    private Object sum;
    private long count;

    @Override
    public void add(Object value) {
      sum = sum(sum, value, 1);
      count++;
    }

    @Override
    public void retract(Object value) {
      sum = sum(sum, value, -1);
      count--;
    }

    @Override
    public Object result() {
      if (count == 0) {
        return null;
      }
      return sum instanceof BigDecimal number ? Sql.fit(number, MAX_PRECISION, number.scale()) : sum;
    }
  }

  private static final class Average implements Accumulator {
    private Object sum;
    private long count;
    private boolean isInteger;

    @Override
    public void add(Object value) {
      change(value, 1);
    }

    @Override
    public void retract(Object value) {
      change(value, -1);
    }

    private void change(Object value, int sign) {
      isInteger = value instanceof Integer;
      sum = sum(sum, value instanceof Integer number ? (Long) number.longValue() : value, sign);
      count += sign;
    }

    @Override
    public Object result() {
      if (count == 0) {
        return null;
      }
      if (sum instanceof Long number) {
        long mean = number / count;
        return isInteger ? (Object) (int) mean : (Object) mean;
      }
      if (sum instanceof BigDecimal number) {
        int scale = Math.max(number.scale(), MIN_AVERAGE_SCALE);
        return Sql.fit(number.divide(BigDecimal.valueOf(count), scale, RoundingMode.HALF_UP), MAX_PRECISION, scale);
      }
      return (Double) sum / count;
    }
  }

  private static final class Extreme implements Accumulator {
    private final int sign;
    private Object best;

    Extreme(int sign) {
      this.sign = sign;
    }

    @Override
    public void add(Object value) {
      if (best == null || Sql.compare(value, best) * sign > 0) {
        best = value;
      }
    }

    @Override
    public Object result() {
      return best;
    }
  }

  private interface Finish {
    Object apply(List<Object> values);
  }

  /** Keeps all values, in the order in which they came. */
  private static final class Values implements Accumulator {
    private final Finish finish;
    private final List<Object> values = new ArrayList<>();

    Values(Finish finish) {
      this.finish = finish;
    }

    @Override
    public void add(Object value) {
      values.add(value);
    }

    @Override
    public void retract(Object value) {
      values.remove(value);
    }

    @Override
    public Object result() {
      return values.isEmpty() ? null : finish.apply(values);
    }
  }

  private static Double percentileOf(List<Object> list, double share) {
    double[] sorted = list.stream().mapToDouble(value -> ((Number) value).doubleValue()).sorted().toArray();
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = (int) Math.ceil(place);
    return below == above ? (Double) sorted[below] : (Double) (sorted[below] + (sorted[above] - sorted[below]) * (place - below));
  }

  /** In one pass (Welford), which does not cancel as the difference of two large sums does. */
  private static final class Variance implements Accumulator {
    private final int missing;
    private final boolean isRoot;
    private long count;
    private double mean;
    private double squares;

    Variance(int missing, boolean isRoot) {
      this.missing = missing;
      this.isRoot = isRoot;
    }

    @Override
    public void add(Object value) {
      double x = ((Number) value).doubleValue();
      double distance = x - mean;
      count++;
      mean += distance / count;
      squares += distance * (x - mean);
    }

    @Override
    public Object result() {
      if (count <= missing) {
        return null;
      }
      double variance = squares / (count - missing);
      return isRoot ? Math.sqrt(variance) : variance;
    }
  }
}
