package millrace.storm;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.storm.task.OutputCollector;
import org.apache.storm.task.TopologyContext;
import org.apache.storm.tuple.Tuple;
import org.apache.storm.utils.Utils;

/**
 * Hands numbered rows on as they are, and goes wrong in every way there is: of rows that it sees for the first time it fails some and never answers for
 * others, and once each task is as one that was started anew: it has forgotten all, and what was on its way to it is lost. (Storm's LocalCluster starts no worker again.)
 */
public abstract class FlakyBolt extends RowBolt {
  private static final Set<Long> SEEN = ConcurrentHashMap.newKeySet();
  private static final int ON_ITS_WAY = 50;

  private final long restartsBehind;
  private transient Map<String, Object> config;
  private transient TopologyContext context;
  private transient OutputCollector collector;
  private transient boolean hasRestarted;
  private transient int lost;

  /** {@code restartsBehind}: number of a row. The first field is the number of a row. */
  protected FlakyBolt(long restartsBehind, String... fields) {
    super(fields);
    this.restartsBehind = restartsBehind;
  }

  @Override
  public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector collector) {
    this.config = config;
    this.context = context;
    this.collector = collector;
    super.prepare(config, context, collector);
  }

  @Override
  public void execute(Tuple tuple) {
    if (lost > 0) {
      lost--;
      return;
    }
    if (tuple.getSourceStreamId().equals(Utils.DEFAULT_STREAM_ID) && SEEN.add(tuple.getLong(0))) {
      long number = tuple.getLong(0);
      if (number > restartsBehind && !hasRestarted) {
        hasRestarted = true;
        lost = ON_ITS_WAY;
        super.prepare(config, context, collector);
        return;
      }
      if (number % 10 == 3) {
        collector.fail(tuple);
        return;
      }
      if (number % 100 == 7) {
        return;
      }
    }
    super.execute(tuple);
  }

  @Override
  protected void process(Row row) {
    emit(row);
  }
}
