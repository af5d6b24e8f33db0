package dev.halftone.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Runs fuzz cases by number and says how they ended: `FuzzMain FOLDER FIRST COUNT`.
///
/// Ends with 1 where a case ended otherwise than with an exit code of [#GOOD], or took longer than [#LONGEST]. Each case is announced before
/// it runs, so that the last line tells which one a crash or a halt is of.
public final class FuzzMain {

  private static final Set<Integer> GOOD = Set.of(0, 2, 3, 4);
  private static final long LONGEST = 20_000;
  private static final long ENDLESS = 90_000;

  private FuzzMain() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    long first = Long.parseLong(args[1]);
    long count = Long.parseLong(args[2]);
    boolean verbose = args.length > 3;
    FuzzCorpus corpus = FuzzCorpus.in(folder.resolve("corpus"));
    Map<String, Map<Integer, Integer>> ends = new TreeMap<>();
    long slowest = 0;
    long slowestSeed = first;
    int faults = 0;
    for (long seed = first; seed < first + count; seed++) {
      Path work = Files.createDirectories(folder.resolve("case"));
      delete(work);
      Files.createDirectories(work);
      List<Object> line = new FuzzCase(corpus, work, seed).write();
      Files.writeString(folder.resolve("now"), seed + " " + line);
      Thread watchdog = watch(seed, line);
      long start = System.nanoTime();
      Ran ran = Ran.halftone(line.toArray());
      long millis = (System.nanoTime() - start) / 1_000_000;
      watchdog.interrupt();
      if (millis > slowest) {
        slowest = millis;
        slowestSeed = seed;
      }
      ends.computeIfAbsent((String) line.getFirst(), _ -> new TreeMap<>())
          .merge(ran.exitCode(), 1, Integer::sum);
      if (!GOOD.contains(ran.exitCode()) || millis > LONGEST || verbose) {
        faults += GOOD.contains(ran.exitCode()) && millis <= LONGEST ? 0 : 1;
        System.out.printf(
            "case %d: exit %d, %d ms: %s%n  %s%n",
            seed, ran.exitCode(), millis, line, ran.err().strip());
      }
    }
    System.out.printf(
        "%d cases from %d: %s; slowest %d ms (case %d); peak %s kB%n",
        count, first, ends, slowest, slowestSeed, peak());
    System.exit(faults == 0 ? 0 : 1);
  }

  private static Thread watch(long seed, List<Object> line) {
    Thread main = Thread.currentThread();
    return Thread.ofVirtual()
        .start(() -> {
          try {
            Thread.sleep(ENDLESS);
          } catch (InterruptedException e) {
            return;
          }
          System.out.printf("case %d: endless: %s%n", seed, line);
          for (StackTraceElement frame : main.getStackTrace()) {
            System.out.println("  at " + frame);
          }
          Runtime.getRuntime().halt(86);
        });
  }

  /// The most memory that this process had, in kB.
  private static String peak() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.isReadable(status)
        ? Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .map(line -> line.replaceAll("\\D+", ""))
            .orElse("0")
        : "0";
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException e) throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
