package millrace.storm;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Rows of a file of CSV or of lines of JSON, in the order of the columns. */
final class TextFile implements Closeable {
  /** How rows are written. */
  record Format(boolean isCsv, boolean hasHeader, char delimiter) implements Serializable {}

  private final Columns columns;
  private final BufferedReader lines;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;

  TextFile(Path path, Format format, Columns columns) {
    this.columns = columns;
    try {
      lines = Files.newBufferedReader(path);
      CSVFormat csv = CSVFormat.DEFAULT.builder().setDelimiter(format.delimiter()).build();
      CSVFormat named = format.hasHeader() ? csv.builder().setHeader().setSkipHeaderRecord(true).build() : csv.builder().setHeader(columns.names()).build();
      parser = format.isCsv() ? named.parse(lines) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    records = parser == null ? null : parser.iterator();
  }

  /** Null at the end. */
  List<Object> next() {
    try {
      if (records != null) {
        return records.hasNext() ? values(records.next()) : null;
      }
      String line = lines.readLine();
      while (line != null && line.isBlank()) {
        line = lines.readLine();
      }
      return line == null ? null : Json.read(line, columns);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Object> values(CSVRecord record) {
    List<Object> values = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.name(i);
      values.add(record.isSet(name) ? value(record.get(name), columns.type(i)) : null);
    }
    return values;
  }

  /** An empty cell is NULL. */
  private static Object value(String text, Type type) {
    if (text.isEmpty()) {
      return null;
    }
    switch (type.kind()) {
      case BOOLEAN:
        return Sql.toBoolean(text);
      case INT:
        return Sql.toInteger(text);
      case BIGINT:
        return Sql.toLong(text);
      case DOUBLE:
        return Sql.toDouble(text);
      case DECIMAL:
        return Sql.toDecimal(text, type.precision(), type.scale());
      case DATE:
        return Sql.toDate(text);
      case TIMESTAMP:
        return text.matches("\\s*-?\\d+\\s*") ? java.time.Instant.ofEpochMilli(Long.parseLong(text.trim())) : Sql.toTimestamp(text);
      case STRING:
        return text;
      default:
        throw new IllegalArgumentException("CSV has no way to write " + type.kind());
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file, the files of a folder, or those that a pattern fits, by name. {@code location}: a URL, perhaps with a pattern behind its scheme. */
  static List<Path> find(String location) {
    String text = location.startsWith("file:") ? location.substring("file:".length()).replaceFirst("^//", "") : location;
    boolean isPattern = text.matches(".*[*?\\[{].*");
    Path path = isPattern ? Path.of(text.replaceFirst("[^/]*[*?\\[{].*", "")) : location.startsWith("file:") ? Path.of(URI.create(location.replace(" ", "%20"))) : Path.of(text);
    PathMatcher fits = FileSystems.getDefault().getPathMatcher("glob:" + (isPattern ? text : "**"));
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = isPattern ? Files.walk(path) : Files.list(path)) {
      return files.filter(Files::isRegularFile).filter(fits::matches).filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + location, e);
    }
  }
}
