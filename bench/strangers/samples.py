"""Makes inputs for the networks that `fetch` brings: samples.py MODELS SHARED OUT

Sound is synthesized (pulses through moving formants, noise, pauses), and recurrent networks are run over it, so that their states are
those that occur. Pages are composed of the text lines in SHARED, tokens are of the sentences there, bytes of the files there.
"""
import csv, json, pathlib, sys
import numpy as np
import onnxruntime
from PIL import Image, ImageDraw, ImageFont

models, shared, out = map(pathlib.Path, sys.argv[1:4])
out.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(1)


def resonator(x, frequency, bandwidth, rate):
    radius = np.exp(-np.pi * bandwidth / rate)
    a, b = 2 * radius * np.cos(2 * np.pi * frequency / rate), -radius * radius
    y = np.zeros(len(x) + 2)
    for i in range(len(x)):
        y[i + 2] = x[i] + a * y[i + 1] + b * y[i]
    return y[2:] * (1 - radius)


def speech(seconds, rate):
    """Voiced and unvoiced sounds with pauses in noise, in [-1, 1]."""
    pieces, length = [], 0
    while length < seconds * rate:
        n = int(rate * random.uniform(0.08, 0.3))
        kind = random.choice(["vowel", "vowel", "vowel", "hiss", "pause"])
        if kind == "vowel":
            pitch = random.uniform(90, 240) * (1 + 0.1 * np.sin(np.arange(n) / n * random.uniform(1, 4)))
            pulses = np.diff(np.floor(np.cumsum(pitch / rate)), prepend=0)
            piece = sum(
                resonator(pulses, f, w, rate)
                for f, w in ((random.uniform(250, 850), 80), (random.uniform(850, 2300), 100), (random.uniform(2300, 3200), 150)))
        elif kind == "hiss":
            piece = resonator(random.normal(size=n), random.uniform(2500, 6000), 800, rate) * 0.3
        else:
            piece = np.zeros(n * 3)
        piece = piece / (np.abs(piece).max() + 1e-9) * random.uniform(0.1, 0.7) * (kind != "pause")
        pieces.append(piece * np.hanning(len(piece)) ** 0.3)
        length += len(piece)
    sound = np.concatenate(pieces)[: int(seconds * rate)]
    return (sound + random.normal(size=len(sound)) * 10 ** random.uniform(-4, -1.7)).astype(np.float32)


def session(name):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(models / (name + ".onnx"), options, providers=["CPUExecutionProvider"])


def keep(name, rows, every):
    rows = rows[::every]
    np.savez(out / (name + ".npz"), **{key: np.stack([row[key] for row in rows]) for key in rows[0]})
    print(name, len(rows), {key: value.shape for key, value in rows[0].items()})


def silero(name, streams):
    network = session(name)
    wanted = {value.name: value for value in network.get_inputs()}
    kind = np.float32
    rows = []
    for sound in streams:
        state, context = np.zeros((2, 1, 128), kind), np.zeros(64, np.float32)
        for at in range(0, len(sound) - 511, 512):
            frame = np.concatenate([context, sound[at : at + 512]])
            row = {"input": frame[None].astype(kind), "state": state}
            if "sr" in wanted:
                row["sr"] = np.array(16000, np.int64)
            rows.append(row)
            _, state = network.run(None, row)
            context = frame[-64:]
    keep(name, rows, 5)


def sequences(streams):
    rows = []
    for sound in streams:
        padded = np.concatenate([np.zeros(64, np.float32), sound])
        for at in range(0, len(sound) - 512 * 16, 512 * 16):
            frames = [padded[at + i * 512 : at + i * 512 + 576] for i in range(16)]
            rows.append({"input": np.stack(frames), "h": np.zeros((1, 1, 128), np.float32), "c": np.zeros((1, 1, 128), np.float32)})
    keep("silero_vad_16k_sequence", rows, 1)


def dtln(streams):
    first, second = session("dtln-1"), session("dtln-2")
    ones, twos = [], []
    for sound in streams:
        states = [np.zeros((1, 2, 128, 2), np.float32) for _ in range(2)]
        block = np.zeros(512, np.float32)
        for at in range(0, len(sound) - 127, 128):
            block = np.concatenate([block[128:], sound[at : at + 128]])
            spectrum = np.fft.rfft(block)
            row = {"input_2": np.abs(spectrum).reshape(1, 1, 257).astype(np.float32), "input_3": states[0]}
            ones.append(row)
            mask, states[0] = first.run(None, row)
            frame = np.fft.irfft(spectrum * mask.reshape(257), n=512).astype(np.float32)
            row = {"input_4": frame.reshape(1, 1, 512), "input_5": states[1]}
            twos.append(row)
            _, states[1] = second.run(None, row)
    keep("dtln-1", ones, 12)
    keep("dtln-2", twos, 12)


def music():
    rows = []
    for _ in range(32):
        t = np.arange(43844) / 22050
        sound = np.zeros_like(t)
        for _ in range(random.integers(4, 16)):
            start, length = random.uniform(0, 1.7), random.uniform(0.1, 0.8)
            tone = 440 * 2 ** (random.integers(-30, 30) / 12)
            envelope = np.where(t < start, 0, np.exp(-(t - start) / length * 2))
            sound += envelope * sum(np.sin(2 * np.pi * tone * k * t) / k**1.5 for k in range(1, 7) if tone * k < 10000)
        rows.append({"serving_default_input_2:0": (sound / np.abs(sound).max() * 0.7).astype(np.float32)[:, None]})
    keep("basic-pitch", rows, 1)


def magika():
    config = json.loads((models / "magika.json").read_text())
    begin, end, pad = config["beg_size"], config["end_size"], config["padding_token"]
    block = config["block_size"]
    rows = []
    for path in sorted(shared.rglob("*")):
        if path.is_file() and len(rows) < 160 and path.stat().st_size > 200 and (path.suffix != ".jpg" or len(rows) % 4 == 0):
            content = path.read_bytes()
            head = list(content[:block].lstrip()[:begin])
            tail = list(content[-block:].rstrip()[-end:])
            row = head + [pad] * (begin - len(head)) + [pad] * (end - len(tail)) + tail
            rows.append({"bytes": np.array(row, np.int32)})
    keep("magika", rows, 1)


def captchas():
    folder = out / "captchas"
    folder.mkdir(exist_ok=True)
    for i in range(120):
        picture = Image.new("RGB", (160, 60), tuple(int(c) for c in random.integers(180, 255, 3)))
        draw = ImageDraw.Draw(picture)
        x = 12
        for letter in random.choice(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), random.integers(4, 6)):
            font = ImageFont.load_default(size=int(random.integers(26, 40)))
            draw.text((x, random.integers(4, 20)), letter, fill=tuple(int(c) for c in random.integers(0, 140, 3)), font=font)
            x += int(random.integers(22, 30))
        for _ in range(3):
            draw.line([tuple(int(v) for v in random.integers(0, (160, 60))) for _ in range(2)], fill=tuple(int(c) for c in random.integers(0, 200, 3)), width=1)
        picture.save(folder / f"{i:03}.png")
    print("captchas 120")


def pages():
    """Pages of text lines for a text detector, 320 x 320."""
    lines = sorted((shared / "data/text-lines/calibration").glob("*.png"))
    folder = out / "pages"
    folder.mkdir(exist_ok=True)
    for i in range(60):
        page = Image.new("RGB", (320, 320), tuple(int(c) for c in random.integers(200, 255, 3)))
        y = int(random.integers(5, 40))
        while y < 280:
            line = Image.open(lines[random.integers(len(lines))]).convert("RGB")
            scale = random.uniform(0.4, 0.9)
            page.paste(line.resize((int(line.width * scale), int(line.height * scale))), (int(random.integers(0, 60)), y))
            y += int(line.height * scale) + int(random.integers(4, 40))
        page.save(folder / f"{i:03}.png")
    print("pages 60")


def sentences():
    from tokenizers import Tokenizer

    texts = []
    with open(shared / "data/stsb/stsb-en-dev.csv", newline="") as file:
        for row in csv.reader(file):
            texts += row[:2]
    texts = list(dict.fromkeys(texts))[:: max(1, len(texts) // 240)]
    for model, prefix in (("all-minilm-l6-v2", ""), ("e5-small-v2", "query: ")):
        tokenizer = Tokenizer.from_file(str(models / (model + "-tokenizer.json")))
        tokenizer.no_padding()
        folder = out / model
        folder.mkdir(exist_ok=True)
        for i, text in enumerate(texts):
            code = tokenizer.encode(prefix + text)
            np.savez(
                folder / f"{i:04}.npz",
                input_ids=np.array([code.ids], np.int64),
                attention_mask=np.array([code.attention_mask], np.int64),
                token_type_ids=np.array([code.type_ids], np.int64))
        print(model, len(texts))


streams = [speech(8, 16000) for _ in range(4)]
for name in ("silero_vad", "silero_vad_16k_op15", "silero_vad_openvino_16k", "silero_vad_half", "silero_vad_op18_ifless"):
    silero(name, streams)
sequences(streams)
dtln(streams)
music()
magika()
captchas()
pages()
sentences()
