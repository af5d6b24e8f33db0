import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The sentences of STS-B as they are used here: those of even rows calibrate, those of odd rows that calibration never saw test.
///
/// Alone it writes both as text, a sentence a line: `java Texts.java stsb-en-dev.csv FOLDER`
final class Texts {

  private static final int CALIBRATION = 400;

  /// Two sentences and how much they mean the same, from 0 to 5.
  record Pair(String first, String second, double score) {}

  private final List<Pair> rows;
  private final List<String> seen;

  private Texts(List<Pair> rows) {
    this.rows = rows;
    Set<String> sentences = new LinkedHashSet<>();
    for (int i = 0; i < rows.size(); i += 2) {
      sentences.add(rows.get(i).first());
      sentences.add(rows.get(i).second());
    }
    seen = List.copyOf(sentences);
  }

  static Texts read(Path csv) throws IOException {
    List<Pair> rows = new ArrayList<>();
    for (String line : Files.readAllLines(csv)) {
      List<String> cells = cells(line);
      rows.add(new Pair(cells.get(0), cells.get(1), Double.parseDouble(cells.get(2))));
    }
    return new Texts(rows);
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }

  List<String> calibration() {
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < CALIBRATION; i++) {
      chosen.add(seen.get((int) ((long) i * seen.size() / CALIBRATION)));
    }
    return chosen;
  }

  List<String> test() {
    Set<String> sentences = new LinkedHashSet<>();
    for (int i = 1; i < rows.size(); i += 2) {
      sentences.add(rows.get(i).first());
      sentences.add(rows.get(i).second());
    }
    sentences.removeAll(Set.copyOf(seen));
    return List.copyOf(sentences);
  }

  /// The pairs of odd rows with sentences that calibration never saw.
  List<Pair> pairs() {
    Set<String> fresh = Set.copyOf(test());
    return rows.stream()
        .filter(row -> fresh.contains(row.first()) && fresh.contains(row.second()))
        .toList();
  }

  public static void main(String[] args) throws IOException {
    Texts texts = read(Path.of(args[0]));
    Path folder = Files.createDirectories(Path.of(args[1]));
    Files.write(folder.resolve("calibration.txt"), texts.calibration());
    Files.write(folder.resolve("test.txt"), texts.test());
  }
}
