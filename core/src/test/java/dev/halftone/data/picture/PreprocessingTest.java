package dev.halftone.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.data.TestPictures;
import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PreprocessingTest {

  private static final Preprocessing RAW = Preprocessing.RAW;

  @Test
  void readsTheLongForm() {
    Preprocessing read =
        Preprocessing.parse(
            "resize=256,crop=224,mean=123.7:116.3:103.5,std=58.4:57.1:57.4,order=bgr,layout=nhwc",
            RAW);
    assertThat(read)
        .isEqualTo(
            new Preprocessing(
                new Resize.ShorterSide(256),
                Optional.of(new Size(224, 224)),
                new Normalization(List.of(123.7, 116.3, 103.5), List.of(58.4, 57.1, 57.4)),
                ChannelOrder.BGR,
                Layout.NHWC,
                DType.FLOAT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "imagenet",
        "-1..1",
        "caffe,resize=256,crop=224",
        "resize=320x48,crop=none,order=gray,mean=1.5,std=2.25",
        "resize=?x48,layout=nhwc,mean=1:2:3,std=4",
        "resize=none,crop=32x64",
      })
  void itsTextIsReadBack(String text) {
    Preprocessing first = Preprocessing.parse(text, RAW);
    Preprocessing other = Preprocessing.parse("caffe,resize=7,crop=5,layout=nhwc", RAW);
    assertThat(Preprocessing.parse(first.toString(), RAW)).isEqualTo(first);
    assertThat(Preprocessing.parse(first.toString(), other)).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "imagenet,resize=256,crop=224",
        "caffe",
        "resize=?x48,mean=1,std=2",
        "raw,crop=320x48,resize=none"
      })
  void itsJsonIsReadBack(String text) {
    Preprocessing written = Preprocessing.parse(text, RAW);
    String json = JsonMapper.shared().writeValueAsString(written);
    assertThat(JsonMapper.shared().readValue(json, Preprocessing.class)).isEqualTo(written);
  }

  @Test
  void itsJsonIsPlain() {
    assertThat(
            JsonMapper.shared()
                .writeValueAsString(Preprocessing.parse("caffe,resize=256,crop=224", RAW)))
        .isEqualTo(
            "{\"resize\":\"256\",\"crop\":\"224\",\"mean\":[103.939,116.779,123.68],\"std\":[1.0],\"order\":\"BGR\",\"layout\":\"NCHW\",\"dtype\":\"FLOAT\"}");
  }

  @Test
  void numbersOnTheUnitScaleAreRecognized() {
    Preprocessing imagenet = Preprocessing.parse("imagenet", RAW);
    assertThat(imagenet.mean()).containsExactly(123.675, 116.28, 103.53);
    assertThat(imagenet.std()).containsExactly(58.395, 57.12, 57.375);
    assertThat(Preprocessing.parse("mean=0.485:0.456:0.406,std=0.229:0.224:0.225", RAW))
        .isEqualTo(imagenet);
    assertThat(Preprocessing.parse("mean=[0.485, 0.456, 0.406],std=[0.229, 0.224, 0.225]", RAW))
        .isEqualTo(imagenet);
    assertThat(Preprocessing.parse("mean=0.5,std=0.5", RAW))
        .isEqualTo(Preprocessing.parse("-1..1", RAW));
    assertThat(Preprocessing.parse("mean=0:0:0,std=255", RAW))
        .isEqualTo(Preprocessing.parse("0..1", RAW));
    assertThat(Preprocessing.parse("mean=0,std=1", Preprocessing.parse("imagenet", RAW)))
        .isEqualTo(RAW);
  }

  @Test
  void statisticsFollowTheirColourToAnotherOrder() {
    assertThat(Preprocessing.parse("imagenet,order=bgr", RAW).mean())
        .containsExactly(103.53, 116.28, 123.675);
    Preprocessing bgr = Preprocessing.parse("raw,order=bgr", RAW);
    assertThat(Preprocessing.parse("imagenet", bgr).mean())
        .containsExactly(103.53, 116.28, 123.675);
    assertThat(Preprocessing.parse("mean=1:2:3,std=1,order=bgr", RAW).mean())
        .containsExactly(1.0, 2.0, 3.0);
    assertThat(Preprocessing.parse("caffe,order=rgb", RAW).mean())
        .containsExactly(123.68, 116.779, 103.939);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "imagnet | 'imagnet' is no known preprocessing: name one of imagenet",
        "raw,imagenet | 'imagenet' in the preprocessing 'raw,imagenet' is not understood",
        "size=3 | 'size=3' in the preprocessing 'size=3' is not understood: parts are separated by commas, one of resize=, crop=,",
        "crop=2,crop=3 | crop stands twice",
        "crop=big | 'big' is no picture size",
        "crop=0 | sides of 1 to 65535 pixels, not 0x0",
        "resize=99999 | sides of 1 to 65535 pixels, not 99999x99999",
        "resize=half | 'half' is no way to resize: write the shorter side",
        "mean=1:2,std=1 | mean has 2 numbers, but order=rgb has three channels: give one or three",
        "imagenet,order=gray | mean has 3 numbers, but order=gray has one channel: give one",
        "mean=12:a:3,std=1 | '12:a:3' are no numbers",
        "mean=127 | mean and std are given together: add std=1 to divide by nothing",
        "std=127 | mean and std are given together: add mean=0 to subtract nothing",
        "mean=0,std=0 | std positive, not mean=0,std=0",
        "mean=123:116:103,std=0.229 | on different scales: give both in pixel units (0..255), or both on the 0..1 scale",
        "mean=0.485,std=58 | on different scales",
        "order=rgba | order=rgba is not known: it is one of rgb, bgr, gray",
        "layout=hwc | layout=hwc is not known: it is one of nchw, nhwc",
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> Preprocessing.parse(text, RAW))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aModelOfUint8TakesPixelsOnly() {
    Preprocessing uint8 =
        Preprocessing.defaultsFor(List.of(input(DType.UINT8, 1, 224, 224, 3)), Map.of());
    assertThat(uint8.toString())
        .isEqualTo("resize=auto,crop=224,order=rgb,layout=nhwc,mean=0,std=1");
    assertThatThrownBy(() -> Preprocessing.parse("imagenet", uint8))
        .hasMessageContaining("the model takes uint8 pixels and normalizes them by itself");
    Tensor tensor =
        uint8.withCrop(Optional.empty()).apply(new Picture(1, 1, 3, new byte[] {1, -1, 3}));
    assertThat(tensor.dtype()).isEqualTo(DType.UINT8);
    assertThat(tensor.toBytes()).containsExactly(1, -1, 3);
  }

  @Test
  void defaultsComeFromTheShape() {
    assertThat(defaults(1, 3, 224, 224)).isEqualTo(Preprocessing.parse("imagenet,crop=224", RAW));
    assertThat(defaults(-1, 48, 320, 3))
        .isEqualTo(Preprocessing.parse("imagenet,crop=320x48,layout=nhwc", RAW));
    assertThat(defaults(-1, 1, 28, 28))
        .isEqualTo(Preprocessing.parse("order=gray,mean=0,std=255,crop=28", RAW));
    assertThat(defaults(-1, 3, -1, -1)).isEqualTo(Preprocessing.parse("imagenet", RAW));
    assertThat(defaults(-1, 3, 48, -1)).isEqualTo(Preprocessing.parse("imagenet,resize=?x48", RAW));
    assertThat(defaults(-1, 784)).isEqualTo(defaults(-1, 1, 28, 28));
    assertThat(defaults(-1, 3072)).isEqualTo(defaults(-1, 3, 32, 32));
    assertThat(defaults(-1, 28, 28)).isEqualTo(defaults(-1, 1, 28, 28));
    assertThat(defaults(3, 64, 64)).isEqualTo(defaults(1, 3, 64, 64));
    assertThat(defaults(-1, 77)).isEqualTo(RAW);
    assertThat(defaults(1, 12, 9, 9)).isEqualTo(RAW);
  }

  @Test
  void defaultsComeFromTheMetadata() {
    List<Value> gray = List.of(input(DType.FLOAT, 1, 1, 28, 28));
    assertThat(Preprocessing.defaultsFor(gray, Map.of("mean", "72.9", "std", "90.0")))
        .isEqualTo(Preprocessing.parse("order=gray,mean=72.9,std=90,crop=28", RAW));
    List<Value> colour = List.of(input(DType.FLOAT, 1, 3, 8, 8));
    assertThat(
            Preprocessing.defaultsFor(
                colour, Map.of("mean", "[0.485, 0.456, 0.406]", "std", "0.229,0.224,0.225")))
        .isEqualTo(Preprocessing.parse("imagenet,crop=8", RAW));
    assertThat(
            Preprocessing.defaultsFor(
                colour,
                Map.of(
                    "Image.BitmapPixelFormat",
                    "Bgr8",
                    "Image.NominalPixelRange",
                    "NominalRange_0_255")))
        .isEqualTo(Preprocessing.parse("raw,order=bgr,crop=8", RAW));
  }

  @Test
  void laysPixelsOutAsAsked() {
    Picture picture = new Picture(2, 1, 3, new byte[] {10, 20, 30, 40, 50, 60});
    assertThat(RAW.apply(picture).toFloats()).containsExactly(10, 40, 20, 50, 30, 60);
    assertThat(RAW.apply(picture).shape()).isEqualTo(new Shape(1, 3, 1, 2));
    Preprocessing nhwc = RAW.withLayout(Layout.NHWC).withOrder(ChannelOrder.BGR);
    assertThat(nhwc.apply(picture).toFloats()).containsExactly(30, 20, 10, 60, 50, 40);
    assertThat(nhwc.apply(picture).shape()).isEqualTo(new Shape(1, 1, 2, 3));
    Preprocessing bgr = Preprocessing.parse("order=bgr,mean=1:2:3,std=2:4:8", RAW);
    assertThat(bgr.apply(picture).toFloats())
        .containsExactly(14.5f, 29.5f, 4.5f, 12, 0.875f, 4.625f);
  }

  @Test
  void makesGrayOfColourAndColourOfGray() {
    Preprocessing gray = Preprocessing.parse("raw,order=gray", RAW);
    assertThat(gray.apply(new Picture(1, 1, 3, new byte[] {7, 108, (byte) 209})).toFloats())
        .containsExactly(89); // Pillow's convert("L")
    assertThat(RAW.apply(new Picture(1, 1, 1, new byte[] {9})).toFloats()).containsExactly(9, 9, 9);
  }

  @ParameterizedTest
  @CsvSource({
    "imagenet, imagenet",
    "raw, raw",
    "'-1..1,order=bgr', '-1..1,order=bgr'",
    "caffe, caffe",
    "'resize=256,crop=224', 'resize=256,crop=224'",
    "'mean=1,std=2,layout=nhwc', 'mean=1,std=2,layout=nhwc'",
  })
  void itsShortestTextIsReadBack(String text, String shortest) {
    Preprocessing defaults = Preprocessing.parse("0..1", RAW);
    Preprocessing wanted = Preprocessing.parse(text, defaults);
    assertThat(PreprocessingText.shortest(wanted, defaults)).isEqualTo(shortest);
    assertThat(Preprocessing.parse(shortest, defaults)).isEqualTo(wanted);
  }

  @Test
  void writesHalfFloats() {
    Preprocessing half =
        Preprocessing.defaultsFor(List.of(input(DType.FLOAT16, 1, 3, 1, 1)), Map.of());
    Tensor tensor = half.apply(new Picture(1, 1, 3, new byte[] {0, 0, 0}));
    assertThat(tensor.dtype()).isEqualTo(DType.FLOAT16);
    assertThat(tensor.toFloats()[0])
        .isCloseTo(-2.1179f, org.assertj.core.data.Offset.offset(1e-3f));
  }

  @ParameterizedTest
  @CsvSource({
    "auto, 224, 224, 224, 224",
    "auto, 500, 333, 384, 256",
    "auto, 333, 500, 256, 384",
    "auto, 100, 100, 256, 256",
    "256, 224, 224, 256, 256",
    "256, 500, 300, 426, 256",
    "320x48, 50, 50, 320, 48",
    "?x48, 100, 50, 96, 48",
    "none, 300, 200, 300, 200",
  })
  void scales(String resize, int width, int height, int newWidth, int newHeight) {
    assertThat(
            Resize.parse(resize).target(new Size(width, height), Optional.of(new Size(224, 224))))
        .isEqualTo(new Size(newWidth, newHeight));
  }

  @Test
  void autoStretchesToCropsThatAreNotSquareAndLeavesNoMarginAroundSmallOnes() {
    assertThat(new Resize.Auto().target(new Size(100, 80), Optional.of(new Size(320, 48))))
        .isEqualTo(new Size(320, 48));
    assertThat(new Resize.Auto().target(new Size(64, 40), Optional.of(new Size(32, 32))))
        .isEqualTo(new Size(51, 32));
    assertThat(new Resize.Auto().target(new Size(64, 40), Optional.empty()))
        .isEqualTo(new Size(64, 40));
  }

  @Test
  void aPictureOfTheSizeKeepsItsPixels() {
    Picture picture = TestPictures.formula(224, 224, 3);
    assertThat(defaults(1, 3, 224, 224).fit(picture)).isSameAs(picture);
  }

  @Test
  void aCropLargerThanThePictureIsAnError() {
    Preprocessing crop = Preprocessing.parse("resize=none,crop=224", RAW);
    assertThatThrownBy(() -> crop.apply(TestPictures.formula(100, 300, 3)))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage("a picture of 100x300 is smaller than crop=224: scale it with resize=224");
  }

  private static Preprocessing defaults(long... dims) {
    return Preprocessing.defaultsFor(List.of(input(DType.FLOAT, dims)), Map.of());
  }

  /// -1 stands for an extent that is not known.
  static Value input(DType dtype, long... dims) {
    List<Dim> list =
        java.util.Arrays.stream(dims).mapToObj(dim -> dim < 0 ? Dim.UNKNOWN : Dim.of(dim)).toList();
    return new Value("x", TensorType.of(dtype, list));
  }
}
