package dev.halftone.testing;

import dev.halftone.graph.Model;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.EncoderAttention.Scale;
import dev.halftone.testing.EncoderBlocks.LayerScale;
import dev.halftone.testing.EncoderStyle.Attention;
import dev.halftone.testing.EncoderStyle.Gelu;
import dev.halftone.testing.EncoderStyle.Norm;
import dev.halftone.testing.EncoderStyle.Product;
import dev.halftone.testing.RotaryAttention.Reach;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Small encoders of the shapes of published families, with random weights and with outliers where trained ones have them.
///
/// Texts are read by all but the last two, as [EncoderTexts] makes them.
public final class Encoders {

  private static final String[] TWO = {"input_ids", "attention_mask"};
  private static final String[] THREE = {"input_ids", "attention_mask", "token_type_ids"};

  private Encoders() {}

  /// A family and how it is drawn in a style.
  public record Family(String name, Function<EncoderStyle, Model> drawn) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// The families that read texts.
  public static List<Family> ofTexts() {
    return families().stream()
        .filter(family -> readsTexts(family.drawn().apply(EncoderStyle.EXPORTED)))
        .toList();
  }

  public static boolean readsTexts(Model model) {
    return model.graph().inputs().getFirst().name().equals("input_ids");
  }

  public static List<Family> families() {
    return List.of(
        new Family("bert", Encoders::bert),
        new Family("crossEncoder", Encoders::crossEncoder),
        new Family("distilBert", Encoders::distilBert),
        new Family("tagger", Encoders::tagger),
        new Family("roberta", Encoders::roberta),
        new Family("mpnet", Encoders::mpnet),
        new Family("deberta", Encoders::deberta),
        new Family("modernBert", Encoders::modernBert),
        new Family("nomicBert", Encoders::nomicBert),
        new Family("vit", Encoders::vit),
        new Family("clip", Encoders::clip));
  }

  /// The styles that compute the same as the exported one.
  public static List<EncoderStyle> styles() {
    EncoderStyle exported = EncoderStyle.EXPORTED;
    return List.of(
        exported,
        exported.with(Norm.OPERATION),
        exported.with(Norm.OPERATION).with(Gelu.ERF_OPERATION),
        exported.with(Product.GEMM),
        exported.with(Attention.MULTI_HEAD),
        exported.with(Norm.OPERATION).with(Attention.PACKED));
  }

  /// Post-LayerNorm, three tables: MiniLM, e5, bge, gte.
  public static Model bert(EncoderStyle style) {
    EncoderParts parts = EncoderBlocks.texts(style, 1, THREE);
    return hidden(parts, bertBlocks(parts));
  }

  /// BERT with a score of a pair of texts.
  private static Model crossEncoder(EncoderStyle style) {
    EncoderParts parts = EncoderBlocks.texts(style, 2, THREE);
    EncoderBlocks blocks = new EncoderBlocks(parts);
    String dense = blocks.head(blocks.first(bertBlocks(parts)), "pooler", EncoderParts.WIDTH);
    return drawn(parts, blocks.head(parts.op("Tanh", dense, "pooled"), "logits", 1));
  }

  private static String bertBlocks(EncoderParts parts) {
    EncoderBlocks blocks = new EncoderBlocks(parts);
    EncoderAttention attention = masked(parts, EncoderMask.Kind.ADDED);
    String x = blocks.embedded(blocks.types(), blocks.places());
    return blocks.postNorm(x, attention, Scale.SCORES, Optional.empty());
  }

  /// No types of tokens, queries scaled, the least number in place of padding.
  private static Model distilBert(EncoderStyle style) {
    EncoderParts parts = EncoderBlocks.texts(style, 3, TWO);
    return hidden(parts, distilBertBlocks(parts));
  }

  /// Classes of each token, behind DistilBERT.
  private static Model tagger(EncoderStyle style) {
    EncoderParts parts = EncoderBlocks.texts(style, 4, TWO);
    String x = distilBertBlocks(parts);
    return drawn(parts, parts.linear(x, "logits", parts.matrix(x, EncoderParts.WIDTH, 5)));
  }

  private static String distilBertBlocks(EncoderParts parts) {
    EncoderBlocks blocks = new EncoderBlocks(parts);
    EncoderAttention attention = masked(parts, EncoderMask.Kind.REPLACED);
    String x = blocks.embedded(blocks.places());
    return blocks.postNorm(x, attention, Scale.QUERIES, Optional.empty());
  }

  /// Positions are counted along the tokens that are no padding.
  private static Model roberta(EncoderStyle style) {
    EncoderParts parts = EncoderBlocks.texts(style, 5, TWO);
    EncoderBlocks blocks = new EncoderBlocks(parts);
    EncoderAttention attention = masked(parts, EncoderMask.Kind.ADDED);
    parts.constant("places.padding", Tensor.of(Shape.SCALAR, (long) EncoderTexts.PADDING));
    parts.constant("places.axis", Tensor.of(Shape.SCALAR, 1L));
    parts.op("Equal", "input_ids places.padding", "places.isPadding");
    parts.op("Not", "places.isPadding", "places.isToken");
    parts.op("Cast", "places.isToken", "places.ones", "to", DType.INT64.code());
    parts.op("CumSum", "places.ones places.axis", "places.counted");
    parts.op("Mul", "places.counted places.ones", "places.kept");
    String ids = parts.add("places.kept", "places.padding", "places.ids");
    String x = blocks.embedded(blocks.placed(ids));
    return hidden(parts, blocks.postNorm(x, attention, Scale.SCORES, Optional.empty()));
  }

  /// A bias of the scores for each distance.
  private static Model mpnet(EncoderStyle style) {
    EncoderParts parts = EncoderBlocks.texts(style, 6, TWO);
    EncoderBlocks blocks = new EncoderBlocks(parts);
    EncoderMask mask = new EncoderMask(parts, EncoderMask.Kind.ADDED);
    String bias = new RelativeAttention(parts, mask).bias();
    EncoderAttention attention = new EncoderAttention(parts, mask);
    return hidden(
        parts, blocks.postNorm(blocks.embedded(), attention, Scale.SCORES, Optional.of(bias)));
  }

  /// Three products of queries and keys: with each other and with distances.
  private static Model deberta(EncoderStyle style) {
    EncoderParts parts = EncoderBlocks.texts(style.with(Attention.PRIMITIVES), 7, TWO);
    EncoderBlocks blocks = new EncoderBlocks(parts);
    EncoderMask mask = new EncoderMask(parts, EncoderMask.Kind.NONE);
    RelativeAttention attention = new RelativeAttention(parts, mask);
    String distances = attention.distances();
    parts.op("Cast", "attention_mask", "embeddings.kept", "to", DType.FLOAT.code());
    parts.op(
        "Unsqueeze", "embeddings.kept " + parts.ints("embeddings.axis", -1), "embeddings.mask");
    String x = parts.op("Mul", blocks.embedded() + " embeddings.mask", "embeddings");
    for (int i = 0; i < EncoderBlocks.BLOCKS; i++) {
      String name = "layer" + i;
      x = blocks.postNorm(x, attention.disentangled(x, distances, name + ".attention"), name);
    }
    return hidden(parts, x);
  }

  /// Pre-LayerNorm without shifts and biases, rotated positions, GeGLU, every second layer with a window.
  private static Model modernBert(EncoderStyle style) {
    EncoderParts parts = EncoderBlocks.texts(style.with(Attention.PRIMITIVES), 8, TWO);
    EncoderBlocks blocks = new EncoderBlocks(parts);
    EncoderMask mask = new EncoderMask(parts, EncoderMask.Kind.REPLACED);
    RotaryAttention attention = new RotaryAttention(parts, mask);
    String x = parts.normWithoutShift(blocks.words(), "embeddings.norm", parts.gains(1, 1));
    for (int i = 0; i < EncoderBlocks.BLOCKS; i++) {
      String name = "layer" + i;
      String read = i == 0 ? x : parts.normWithoutShift(x, name + ".norm1", parts.gains(0.5, 6));
      Reach reach = i % 2 == 0 ? Reach.ALL : Reach.WINDOW;
      x = parts.add(x, attention.attention(read, name + ".attention", reach), name + ".attended");
      read = parts.normWithoutShift(x, name + ".norm2", parts.gains(0.5, 6));
      x = parts.add(x, blocks.geGlu(read, name + ".glu"), name);
    }
    return hidden(parts, parts.normWithoutShift(x, "last.norm", parts.gains(1, 1)));
  }

  /// Post-LayerNorm without biases in products, rotated positions, SwiGLU.
  private static Model nomicBert(EncoderStyle style) {
    EncoderParts parts = EncoderBlocks.texts(style.with(Attention.PRIMITIVES), 9, THREE);
    EncoderBlocks blocks = new EncoderBlocks(parts);
    EncoderMask mask = new EncoderMask(parts, EncoderMask.Kind.ADDED);
    RotaryAttention attention = new RotaryAttention(parts, mask);
    String x = blocks.embedded(blocks.types());
    for (int i = 0; i < EncoderBlocks.BLOCKS; i++) {
      String name = "layer" + i;
      String read = attention.attention(x, name + ".attention", Reach.ALL);
      x = parts.norm(parts.add(read, x, name + ".attended"), name + ".norm1", parts.gains(0.5, 6));
      read = blocks.swiGlu(x, name + ".glu");
      x = parts.norm(parts.add(read, x, name + ".fed"), name + ".norm2", parts.gains(2.5, 0.5));
    }
    return hidden(parts, x);
  }

  /// Pre-LayerNorm with scales of each layer, as DINO has them: vectors of the class token and of the patches.
  private static Model vit(EncoderStyle style) {
    EncoderParts parts = new EncoderParts(style, 10);
    EncoderBlocks blocks = new EncoderBlocks(parts);
    EncoderAttention attention = masked(parts, EncoderMask.Kind.NONE);
    String x = blocks.preNorm(blocks.patches(), attention, LayerScale.LEARNED);
    return hidden(parts, parts.norm(x, "last.norm", parts.gains(1, 1)));
  }

  /// The pictures' side of CLIP: a normalization before the blocks, one vector a picture.
  private static Model clip(EncoderStyle style) {
    EncoderParts parts = new EncoderParts(style, 11);
    EncoderBlocks blocks = new EncoderBlocks(parts);
    EncoderAttention attention = masked(parts, EncoderMask.Kind.NONE);
    String x = parts.norm(blocks.patches(), "first.norm", parts.gains(1, 1));
    x = blocks.first(blocks.preNorm(x, attention, LayerScale.NONE));
    parts.norm(x, "last.norm", parts.gains(1, 1));
    parts.constant("projection", parts.matrix("last.norm", EncoderParts.WIDTH, EncoderParts.WIDTH));
    return drawn(parts, parts.op("MatMul", "last.norm projection", "image_embeds"));
  }

  private static EncoderAttention masked(EncoderParts parts, EncoderMask.Kind kind) {
    return new EncoderAttention(parts, new EncoderMask(parts, kind));
  }

  private static Model hidden(EncoderParts parts, String x) {
    return drawn(parts, parts.op("Identity", x, "last_hidden_state"));
  }

  private static Model drawn(EncoderParts parts, String output) {
    parts.sketch().output(output);
    return parts.model();
  }
}
