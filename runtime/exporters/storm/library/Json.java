package millrace.storm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows as lines of JSON. Numbers keep all their digits; times are ISO 8601 in UTC, bytes Base64. */
public final class Json {
  static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .setNodeFactory(new JsonNodeFactory(true));
  private static final JsonNodeFactory NODES = MAPPER.getNodeFactory();

  private Json() {}

  /** Values in the order of the columns; a column that the line lacks is NULL. */
  public static List<Object> read(String line, Columns columns) {
    JsonNode object;
    try {
      object = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a line of JSON: " + line, e);
    }
    List<Object> values = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      values.add(value(object.get(columns.name(i)), columns.type(i)));
    }
    return values;
  }

  private static Object value(JsonNode node, Type type) {
    if (node == null || node.isNull()) {
      return null;
    }
    switch (type.kind()) {
      case BOOLEAN:
        return node.isBoolean() ? (Object) node.booleanValue() : Sql.toBoolean(node.asText());
      case INT:
        return Sql.toInteger(node.asText());
      case BIGINT:
        return Sql.toLong(node.asText());
      case DOUBLE:
        return Sql.toDouble(node.asText());
      case DECIMAL:
        return Sql.toDecimal(node.asText(), type.precision(), type.scale());
      case BYTES:
        return Base64.getDecoder().decode(node.asText());
      case DATE:
        return LocalDate.parse(node.asText());
      case TIMESTAMP:
        return node.isNumber() ? Instant.ofEpochMilli(node.longValue()) : Sql.toTimestamp(node.asText());
      case ARRAY: {
        List<Object> items = new ArrayList<>(node.size());
        node.forEach(item -> items.add(value(item, type.parts().get(0))));
        return items;
      }
      case MAP: {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
          map.put(value(NODES.textNode(entry.getKey()), type.parts().get(0)), value(entry.getValue(), type.parts().get(1)));
        }
        return map;
      }
      case ROW: {
        List<Object> items = new ArrayList<>(type.parts().size());
        for (int i = 0; i < type.parts().size(); i++) {
          items.add(value(node.isArray() ? node.get(i) : node.get(type.names().get(i)), type.parts().get(i)));
        }
        return items;
      }
      default:
        return node.isTextual() ? node.textValue() : node.toString();
    }
  }

  /** A line without its end. {@code kind}: of a row of a changelog; null: of any other. */
  public static String write(List<Object> values, Columns columns, String kind) {
    ObjectNode object = NODES.objectNode();
    for (int i = 0; i < columns.size(); i++) {
      object.set(columns.name(i), node(values.get(i), columns.type(i)));
    }
    if (kind != null) {
      object.put("__op", kind);
    }
    return object.toString();
  }

  @SuppressWarnings("unchecked")
  private static JsonNode node(Object value, Type type) {
    if (value == null) {
      return NODES.nullNode();
    }
    switch (type.kind()) {
      case BOOLEAN:
        return NODES.booleanNode((Boolean) value);
      case INT:
        return NODES.numberNode((Integer) value);
      case BIGINT:
        return NODES.numberNode((Long) value);
      case DOUBLE: {
        double number = (Double) value;
        // JSON has no other way to write these.
        return Double.isFinite(number) ? NODES.numberNode(number) : NODES.textNode(Double.toString(number));
      }
      case DECIMAL:
        return NODES.rawValueNode(new RawValue(((BigDecimal) value).toPlainString()));
      case BYTES:
        return NODES.textNode(Base64.getEncoder().encodeToString((byte[]) value));
      case TIMESTAMP:
        return NODES.textNode(Sql.isoText((Instant) value));
      case ARRAY: {
        ArrayNode items = NODES.arrayNode();
        for (Object item : (List<Object>) value) {
          items.add(node(item, type.parts().get(0)));
        }
        return items;
      }
      case MAP: {
        ObjectNode map = NODES.objectNode();
        ((Map<Object, Object>) value)
            .forEach((key, item) -> map.set(String.valueOf(Sql.toText(key)), node(item, type.parts().get(1))));
        return map;
      }
      case ROW: {
        ObjectNode row = NODES.objectNode();
        List<Object> items = (List<Object>) value;
        for (int i = 0; i < items.size(); i++) {
          row.set(type.names().get(i), node(items.get(i), type.parts().get(i)));
        }
        return row;
      }
      default:
        return NODES.textNode(value.toString());
    }
  }
}
