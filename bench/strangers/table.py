"""Runs halftone on each network and prints a row of the table as soon as it is measured: table.py MADE SHARED [NETWORK...]"""
import json, os, pathlib, subprocess, sys, time

made, shared = map(pathlib.Path, sys.argv[1:3])
wanted = sys.argv[3:]
models, samples, out = made / "models", made / "samples", made / "out"
out.mkdir(exist_ok=True)
pictures = shared / "data/imagenet-500"
lines = shared / "data/text-lines"
text = ["--data", lines / "calibration", "--test-data", lines / "test", "--preprocess", "mean=127.5,std=127.5,order=bgr"]

# what is measured: the network, the options that a user who knows it gives, the recipes
NETWORKS = [
    ("nudenet", "YOLOv8n, pictures", ["--data", pictures, "--no-labels", "--preprocess", "0..1,resize=320x320", "--test-samples", "100"], ["w8a8", "auto"]),
    ("PP-OCRv6_det_small", "text detector, pages", ["--data", samples / "pages", "--preprocess", "imagenet,resize=none"], ["w8a8", "auto"]),
    ("PP-OCRv6_rec_small", "text recognizer, lines", text + ["--test-samples", "60"], ["w8a8", "auto"]),
    ("ch_ppocr_mobile_v2.0_cls_mobile", "direction of text", text + ["--no-labels"], ["w8a8", "auto"]),
    ("captcha_crnn", "captchas, LSTM", ["--data", samples / "captchas", "--preprocess", "raw,order=bgr"], ["w8a8", "auto"]),
    ("silero_vad", "voice detector in branches", ["--data", samples / "silero_vad.npz"], ["w8a8"]),
    ("silero_vad_16k_op15", "voice detector", ["--data", samples / "silero_vad_16k_op15.npz"], ["w8a8", "auto"]),
    ("silero_vad_16k_sequence", "voice detector, 16 frames", ["--data", samples / "silero_vad_16k_sequence.npz"], ["w8a8", "auto"]),
    ("silero_vad_half", "voice detector, float16", ["--data", samples / "silero_vad_half.npz"], ["w8a8"]),
    ("dtln-1", "noise mask, LSTM", ["--data", samples / "dtln-1.npz"], ["w8a8", "auto"]),
    ("dtln-2", "waveform, LSTM", ["--data", samples / "dtln-2.npz"], ["w8a8", "auto"]),
    ("basic-pitch", "notes of music", ["--data", samples / "basic-pitch.npz"], ["w8a8", "auto"]),
    ("magika", "file types", ["--data", samples / "magika.npz"], ["w8a8", "auto"]),
    ("all-minilm-l6-v2", "sentence encoder", ["--data", samples / "all-minilm-l6-v2", "--test-samples", "100"], ["w8a8", "w8a32", "auto"]),
    ("e5-small-v2", "sentence encoder", ["--data", samples / "e5-small-v2", "--test-samples", "60"], ["w8a8", "w8a32"]),
]
# files that others quantized, compared with the float network
PUBLISHED = [
    ("all-minilm-l6-v2", "all-minilm-l6-v2-q", ["--data", samples / "all-minilm-l6-v2", "--test-samples", "100"]),
    ("e5-small-v2", "e5-small-v2-q", ["--data", samples / "e5-small-v2", "--test-samples", "60"]),
]


def run(arguments, json_file):
    """Exit code, peak resident memory in MB, seconds; the result is in the file."""
    start = time.time()
    with open(json_file, "w") as stdout, open(json_file.with_suffix(".err"), "w") as stderr:
        process = subprocess.Popen([str(a) for a in arguments], stdout=stdout, stderr=stderr)
        _, status, usage = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024, time.time() - start


def row(name, how, what, json_file, code, peak, seconds):
    if code not in (0, 4):
        lines = json_file.with_suffix(".err").read_text().strip().splitlines() or [""]
        cells = [name, how, "", "", f"exit {code}: {lines[-1]}", "", f"{peak:.0f} MB, {seconds:.0f} s"]
    else:
        verdict = json.loads(json_file.read_text())["run"]["verdict"]
        comparison = verdict["comparison"]
        before, after = verdict["floatModel"]["bytes"], verdict["quantized"]["bytes"]
        speed = verdict["speed"]
        times = speed["floatModel"]["medianMillis"], speed["quantized"]["medianMillis"]
        cells = [
            name + " (" + what + ")", how,
            f"{before / 1e6:.2f} -> {after / 1e6:.2f} MB",
            f"{times[0]:.2f} -> {times[1]:.2f} ms",
            "<br>".join(fidelity(output) for output in comparison["outputs"]),
            ruling(verdict["judgement"]),
            f"{peak:.0f} MB, {seconds:.0f} s",
        ]
    print("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |", flush=True)


def ruling(judgement):
    """The ruling, and what speaks against the file: sizes and times stand in columns of their own."""
    sentence = judgement["sentence"]
    return "Worth it" if judgement["ruling"] == "WORTH_IT" else sentence.split("; otherwise")[0].split("; beside that")[0].rstrip(".")


def decibels(figure):
    return "exact" if figure.get("decibels") is None and figure.get("noise") == 0 else f"{figure['decibels']:.1f} dB" if figure.get("decibels") is not None else "no signal"


def fidelity(output):
    """As in `logits: classes, 99.0 % the same, 24.1 dB`."""
    words = [output["kind"].lower()]
    agreement = output.get("agreement")
    if output.get("top1"):
        top1 = output["top1"]
        words.append("top-1 {:.1%} -> {:.1%}".format(top1["floatRight"] / top1["inputs"], top1["quantizedRight"] / top1["inputs"]))
    if agreement:
        for what in ("inputs", "positions"):
            share = agreement[what]
            words.append("{:.1%} of {} {} the same".format(share["successes"] / share["trials"], share["trials"], what))
    if output.get("directions"):
        words.append("cosine {mean:.4f}, worst {worst:.4f}".format(**output["directions"]))
    if output.get("rows"):
        words.append("rows " + json.dumps(output["rows"]))
    words.append(decibels(output["sqnr"]))
    if output.get("worst"):
        words.append("worst of {} channels {}".format(output["worst"]["channels"], decibels(output["worst"])))
    return "{}: {}{}".format(output["name"], ", ".join(words), "" if output.get("isJudged", True) else " (not judged)")


def main():
    print("| network | recipe | size | latency, 1 thread | outputs: what they are, how near float | verdict | peak memory, time |")
    print("|---|---|---|---|---|---|---|")
    runs = [(recipe != recipes[0], *network, recipe) for *network, recipes in NETWORKS for recipe in recipes]
    for _, name, what, options, recipe in sorted(runs, key=lambda run: run[0]):  # the first recipe of each, then the others
        if wanted and name not in wanted:
            continue
        result = out / f"{name}-{recipe}.json"
        written = out / f"{name}-{recipe}.onnx"
        command = ["./halftone", "quantize", models / f"{name}.onnx", "-o", written, "--overwrite", "--quiet", "--json",
                   "--recipe", recipe, "--max-minutes", "1", *options]
        row(name, recipe, what, result, *run(command, result))
    for name, other, options in PUBLISHED:
        if not wanted or name in wanted:
            result = out / f"{other}.json"
            command = ["./halftone", "compare", models / f"{name}.onnx", models / f"{other}.onnx", "--quiet", "--json", *options]
            row(name, "published -q file", "", result, *run(command, result))


main()
