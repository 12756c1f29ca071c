import java.io.BufferedWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;

/** The connector `capture`: every row and every change of it as a line of JSON, in the order of arrival, in a file at `path`. */
public final class CaptureSink implements DynamicTableSinkFactory {
  private static final ConfigOption<String> PATH = ConfigOptions.key("path").stringType().noDefaultValue();
  private static final ConfigOption<Boolean> UPDATES = ConfigOptions.key("updates").booleanType().defaultValue(true);

  @Override
  public String factoryIdentifier() {
    return "capture";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(PATH);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(UPDATES);
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    return new TableSink(helper.getOptions().get(PATH), helper.getOptions().get(UPDATES), context.getPhysicalRowDataType());
  }

  private record TableSink(String path, boolean updates, DataType type) implements DynamicTableSink {
    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
      return updates ? ChangelogMode.all() : ChangelogMode.insertOnly();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
      DataStructureConverter converter = context.createDataStructureConverter(type);
      return SinkV2Provider.of(new FileSink(path, converter));
    }

    @Override
    public DynamicTableSink copy() {
      return this;
    }

    @Override
    public String asSummaryString() {
      return "capture";
    }
  }

  private record FileSink(String path, DynamicTableSink.DataStructureConverter converter) implements Sink<RowData> {
    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) throws java.io.IOException {
      BufferedWriter file =
          Files.newBufferedWriter(
              Path.of(path), StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
      return new SinkWriter<>() {
        @Override
        public void write(RowData row, Context at) throws java.io.IOException {
          StringBuilder line = new StringBuilder("{\"kind\":\"").append(row.getRowKind().shortString());
          line.append("\",\"row\":");
          json(converter.toExternal(row), line);
          file.append(line.append("}\n"));
        }

        @Override
        public void flush(boolean endOfInput) throws java.io.IOException {
          file.flush();
        }

        @Override
        public void close() throws java.io.IOException {
          file.close();
        }
      };
    }
  }

  private static void json(Object value, StringBuilder out) {
    if (value == null || value instanceof Boolean) out.append(value);
    else if (value instanceof Double number && !Double.isFinite(number)) text(number.toString(), out);
    else if (value instanceof BigDecimal number) out.append(number.toPlainString());
    else if (value instanceof Number) out.append(value);
    else if (value instanceof Instant || value instanceof LocalDate) text(value.toString(), out);
    else if (value instanceof LocalDateTime time) text(time.toInstant(ZoneOffset.UTC).toString(), out);
    else if (value instanceof byte[] bytes) text(Base64.getEncoder().encodeToString(bytes), out);
    else if (value instanceof Row row) {
      out.append('[');
      for (int i = 0; i < row.getArity(); i++) {
        if (i > 0) out.append(',');
        json(row.getField(i), out);
      }
      out.append(']');
    } else if (value instanceof Map<?, ?> map) {
      out.append('[');
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (out.charAt(out.length() - 1) != '[') out.append(',');
        json(entry, out);
      }
      out.append(']');
    } else if (value instanceof Map.Entry<?, ?> entry) {
      out.append('[');
      json(entry.getKey(), out);
      out.append(',');
      json(entry.getValue(), out);
      out.append(']');
    } else if (value instanceof List<?> list) {
      json(list.toArray(), out);
    } else if (value instanceof Object[] items) {
      out.append('[');
      for (int i = 0; i < items.length; i++) {
        if (i > 0) out.append(',');
        json(items[i], out);
      }
      out.append(']');
    } else text(value.toString(), out);
  }

  private static void text(String value, StringBuilder out) {
    out.append('"');
    for (char c : value.toCharArray()) {
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < ' ') out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    out.append('"');
  }
}
