"""Text out of a picture of a page: rapidocr with the models of its wheel (no download), one thread.

One thread, because two take 24-33 s of CPU for a page and one takes 12. No denoising: a median filter eats decimal
points. The engine's confidence is shown nowhere and accepts nothing: wrong amounts have it as high as right ones
(0.970 against 0.975); arithmetic decides.
"""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from functools import lru_cache
from typing import Any

from parsers.errors import Unreadable
from parsers.formats import pictures
from parsers.grid import Page, Word

_MAX_SIDE = 4000
_MARKS = str.maketrans("，．：；（）－—～％￥＋", ",.:;()--~%¥+")
_NUMBER = re.compile(r"[-(¥$€£]*[\d,.，．。·:：/-]*\d[\d,.，．。·:：/-]*[)]?(?:元|CR|DR)?", re.IGNORECASE)
_INK = 0.72  # of a box's height is text: the detector widens its boxes


def installed() -> bool:
    """Whether the extra ``ocr`` is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def read_picture(image: Any, number: int, points_per_pixel: float) -> Page:
    """One page out of an RGB array; turned upright and straight first. Raises :class:`Unreadable`."""
    image = pictures.straightened(image)
    boxes = _boxes(image)
    if (quarters := _turn_needed(image, boxes)) != 0:
        image = pictures.straightened(pictures.turned(image, quarters))
        boxes = _boxes(image)
    words = [word for box, text in boxes for word in _words(box, text, points_per_pixel)]
    height, width = image.shape[:2]
    return Page(number, words, width * points_per_pixel, height * points_per_pixel, scanned=True)


@lru_cache(maxsize=1)
def _engine() -> Any:
    if not installed():
        raise Unreadable("the document is a picture and OCR is not installed; install mailflow with its extra 'ocr'")
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": _MAX_SIDE,
            "Det.limit_type": "max",  # text is found on 200 dpi and read from 300: the same boxes, 0.5 GB and 9 s less
            "Det.limit_side_len": 2400,
            "Rec.rec_img_shape": [3, 48, 96],  # least width of a text: 320 pads most cells, for 1.6 times the time
            "Rec.rec_batch_num": 8,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _boxes(image: Any) -> list[tuple[Any, str]]:
    result = _engine()(image[:, :, ::-1])  # the models were trained on BGR
    if result is None or result.boxes is None or result.txts is None:
        return []
    return list(zip(result.boxes, result.txts, strict=True))


def _turn_needed(image: Any, boxes: list[tuple[Any, str]]) -> int:
    """Quarters to turn (0 to 3). Asked only where the page looks wrong, so an upright page costs nothing."""
    long = [box for box, text in boxes if len(text) >= 4]
    if len(long) < 4:
        return 0
    tall = sum(_height(box) > 1.5 * _width(box) for box in long) > 0.5 * len(long)
    words = [text for _, text in boxes]
    sensible = sum(
        bool(re.fullmatch(r"[\d\s,.:/()¥$€£-]{4,}|[A-Za-z&.,' -]{4,}|[\u4e00-\u9fff：:]{2,}", word)) for word in words
    )
    if not tall and sensible >= 0.35 * len(words):
        return 0
    turns = (1, 3) if tall else (0, 2)
    return max(turns, key=lambda quarters: _score(pictures.turned(image, quarters)))


def _score(image: Any) -> float:
    """How well a strip of the picture reads: the sum of the confidences of its longer texts."""
    height = image.shape[0]
    result = _engine()(image[height // 5 : height // 5 + max(200, height // 4), :, ::-1])
    if result is None or result.txts is None:
        return 0.0
    return float(sum(score for text, score in zip(result.txts, result.scores, strict=True) if len(text) >= 4))


def _words(box: Any, text: str, scale: float) -> list[Word]:
    """The words of one box, placed by the widths of their characters."""
    text = _tidy(text)
    if not text.strip():
        return []
    middle = sum(float(corner[1]) for corner in box) / 4
    tall = _height(box) * _INK
    margin = 0.14 * _height(box)
    left, right = min(float(c[0]) for c in box) + margin, max(float(c[0]) for c in box) - margin
    if right - left < 1:
        left, right = left - margin, right + margin
    total = _ems(text) or 1.0
    words = []
    for found in re.finditer(r"\S+", text):
        x0 = left + (right - left) * _ems(text[: found.start()]) / total
        x1 = left + (right - left) * _ems(text[: found.end()]) / total
        words.append(
            Word(found.group(), x0 * scale, x1 * scale, (middle - tall / 2) * scale, (middle + tall / 2) * scale)
        )
    return words


def _tidy(text: str) -> str:
    """The marks that a Chinese model prints wide inside numbers and dates."""
    words = []
    for word in text.split(" "):
        if _NUMBER.fullmatch(word.translate(_MARKS)) or _NUMBER.fullmatch(word):
            word = word.translate(_MARKS).replace("。", ".").replace("·", ".")
        words.append(word)
    return " ".join(words)


def _ems(text: str) -> float:
    return sum(_em(character) for character in text)


@lru_cache(maxsize=4096)
def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 2.0
    if character in " .,:;'|!ilI()[]":
        return 0.6
    return 1.4 if character in "mwMW@%" else 1.05


def _width(box: Any) -> float:
    return max(float(c[0]) for c in box) - min(float(c[0]) for c in box)


def _height(box: Any) -> float:
    return max(float(c[1]) for c in box) - min(float(c[1]) for c in box)
