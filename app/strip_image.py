"""A picture without what it says besides: run as a process of its own, so that a hostile file can harm nothing else.

It reads a PNG or a JPEG from its input and writes the same picture, its pixels alone, to its output. Whoever starts it
bounds its time; memory and pixels are bounded here. It imports nothing of the application.
"""

import io
import sys

MOST_PIXELS = 40_000_000
MOST_MEMORY = 1_500_000_000
FORMATS = ("PNG", "JPEG")
COLOURS = ("L", "LA", "RGB", "RGBA")


def bound_memory() -> None:
    """Only where the system can; elsewhere the bound on pixels has to do."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def stripped(given: bytes) -> bytes:
    """The pixels, turned as the camera said, in the format they came in.

    Raises
    ------
    ValueError
        If it is neither a PNG nor a JPEG, or has more pixels than `MOST_PIXELS`.
    """
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(given), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        kind = opened.format or ""
        turned = ImageOps.exif_transpose(opened)
        colours = (
            turned if turned.mode in COLOURS else turned.convert("RGBA" if "A" in turned.mode else "RGB")
        )
        bare = Image.frombytes(colours.mode, colours.size, colours.tobytes())
    if kind == "JPEG" and bare.mode in ("LA", "RGBA"):
        bare = bare.convert("RGB")
    written = io.BytesIO()
    bare.save(written, format=kind, **({"quality": 92} if kind == "JPEG" else {"optimize": False}))
    return written.getvalue()


if __name__ == "__main__":
    bound_memory()
    sys.stdout.buffer.write(stripped(sys.stdin.buffer.read()))
