package dev.halftone.data;

import dev.halftone.data.label.FolderListing;
import dev.halftone.wording.Counted;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The files of a folder, one a sample, with what their listing knows of them.
public abstract class FolderDataset implements Dataset {

  private final FolderListing listing;
  private final String noun;

  /// @param noun for one of the files, as in `picture`
  protected FolderDataset(FolderListing listing, String noun) {
    this.listing = listing;
    this.noun = noun;
  }

  protected final FolderListing.Entry entry(int index) {
    return listing.entries().get(index);
  }

  @Override
  public int size() {
    return listing.entries().size();
  }

  @Override
  public OptionalInt label(int index) {
    return entry(index).label();
  }

  @Override
  public Optional<String> text(int index) {
    return entry(index).text();
  }

  @Override
  public List<String> notes() {
    return listing.notes();
  }

  @Override
  public List<String> classNames() {
    return listing.classNames();
  }

  @Override
  public String description() {
    return Counted.of(size(), noun) + " of " + listing.folder();
  }
}
