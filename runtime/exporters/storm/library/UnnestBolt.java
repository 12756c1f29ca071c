package millrace.storm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A row for each element of an array, or each entry of a map. */
public abstract class UnnestBolt extends RowBolt {
  private final boolean keepsEmpty;

  /** {@code keepsEmpty}: whether a row without elements stays, with NULL. */
  protected UnnestBolt(boolean keepsEmpty, String... fields) {
    super(fields);
    this.keepsEmpty = keepsEmpty;
  }

  /** An array or map; may be null. */
  protected abstract Object elements(Row row);

  @Override
  protected void process(Row row) {
    Object found = elements(row);
    List<Object> elements = new ArrayList<>();
    if (found instanceof Collection<?> list) {
      elements.addAll(list);
    } else if (found instanceof Map<?, ?> map) {
      map.forEach((key, value) -> elements.add(Arrays.asList(key, value)));
    }
    if (elements.isEmpty() && keepsEmpty) {
      elements.add(null);
    }
    for (Object element : elements) {
      List<Object> values = new ArrayList<>(row.values());
      values.add(element);
      emitAt(row.time(), row.kind(), values);
    }
  }
}
