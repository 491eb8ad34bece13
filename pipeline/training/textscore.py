"""How two texts are compared: character error rate, ROUGE-L, and what an entity was called.

The one normal form for all of them is `for_cer`. A person wrote 三千二百 where a recognizer
wrote 3200; both are right, so both sides are brought to the same form before comparing. It
does not use pipeline/numerals.py, which decides by context what reads well: a yardstick must
not move with what it measures.
"""

import re
import unicodedata

from rapidfuzz.distance import LCSseq, Levenshtein

from models.simplified import simplified

_DIGITS = str.maketrans("零〇幺一二两三四五六七八九", "0011223456789")
_SCALES = {"十": 10.0, "百": 100.0, "千": 1000.0, "万": 10_000.0, "亿": 100_000_000.0}
_COUNT = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九])"
_SECTION = rf"(?:{_COUNT}千)?(?:零?{_COUNT}百)?(?:零?{_COUNT}?十)?(?:零?{_COUNT})?"
_NUMBER = re.compile(
    rf"(?=[\d一二两三四五六七八九十])(?:{_SECTION}亿)?(?:零?{_SECTION}万)?{_SECTION}"
)
_PIECE = re.compile(r"\d+(?:\.\d+)?|.")
# 一点五万 and 1.5万 are one number; 三点五十 is a time of day and is left alone
_SPOKEN_POINT = re.compile(
    r"([\d零一二两三四五六七八九]+)点([\d零一二两三四五六七八九]+)(?=[万亿])"
)
_MARKS = re.compile("[，。？！；：、…]+")
# what the same date or sum is called, applied in order to the form of `for_cer`
_FOLDS = (
    (r"礼拜|星期", "周"),
    (r"周[天日]", "周7"),
    (r"个(?=周|月)", ""),
    (r"天晚上", "晚"),
    (r"月份", "月"),
    (r"(?<=\d)号(?![楼院门线])", "日"),
    (r"块钱|元钱|块", "元"),
    (r"(\d)点(\d+)元", r"\1元\2"),  # 2.2元 is 两块二
    (r"^大概|^大约|^约|左右$", ""),
)

# what is put before or behind a surname
_TITLES = re.compile(
    "^姓(?=.$)|(?<=^.)(?:先生|女士|小姐|师傅|老师|老板|同志|阿姨|大[姐哥嫂爷妈娘叔伯]|[叔伯婶姨])$"
)


def for_cer(text: str) -> str:
    """The form in which characters are counted.

    NFKC; traditional to simplified (OpenCC t2s); lower case; numbers to digits, whether
    they were read as a number (三千二百), digit by digit (幺三九) or written; 百分之 for %;
    点 for a decimal point or the colon of a time; then nothing but letters and digits is left.
    """
    text = unicodedata.normalize("NFKC", simplified(text)).lower()
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"(\d+(?:\.\d+)?)%", r"百分之\1", text)
    text = re.sub(r"(?<=\d):(?=\d\d)", "点", text)
    text = _SPOKEN_POINT.sub(lambda m: f"{m[1]}.{m[2]}".translate(_DIGITS), text)
    text = _NUMBER.sub(lambda m: _in_digits(m[0]), text).translate(_DIGITS)
    text = re.sub(r"(?<=\d)\.(?=\d)", "点", text)
    return "".join(c for c in text if c.isalnum())


def edits(reference: str, hypothesis: str) -> tuple[int, int]:
    """Edit distance and the number of reference characters, both after `for_cer`."""
    wanted = for_cer(reference)
    return Levenshtein.distance(wanted, for_cer(hypothesis)), len(wanted)


def marks(reference: str, hypothesis: str) -> tuple[int, int, int]:
    """Marks behind characters that both texts have: of the reference, of the other, of both."""
    (one, wanted), (other, given) = (
        _marks(simplified(side)) for side in (reference, hypothesis)
    )
    pairs = [
        (block.a + i, block.b + i)
        for block in Levenshtein.opcodes(one, other).as_matching_blocks()
        for i in range(block.size)
    ]
    both = [(a in wanted, b in given) for a, b in pairs]
    return sum(a for a, _ in both), sum(b for _, b in both), sum(a and b for a, b in both)


def _marks(text: str) -> tuple[str, set[int]]:
    """The text without its marks, and the indices of the characters that one stood behind."""
    pieces = _MARKS.split(text)
    ends, length = set(), 0
    for piece in pieces[:-1]:
        length += len(piece)
        ends.add(length - 1)
    return "".join(pieces), ends - {-1}


def rouge_l(reference: str, hypothesis: str) -> float:
    """F1 of the longest common subsequence of characters, after `for_cer`; 0..1."""
    wanted, got = for_cer(reference), for_cer(hypothesis)
    if not wanted or not got:
        return float(wanted == got)
    common = LCSseq.similarity(wanted, got)
    return 2 * common / (len(wanted) + len(got))


def same_thing(wanted: str, got: str) -> bool:
    """Whether two strings name the same entity: equal, or one inside the other.

    One character alone proves nothing (陈 is in many names), so containment takes two.
    A masked number (139****0123) is the same as any that differs only under the mask.
    """
    a, b = (_folded(side) for side in (wanted, got))
    if "*" in got:
        pattern = "".join("." if c == "*" else re.escape(c) for c in got.strip())
        return re.fullmatch(pattern, for_cer(wanted)) is not None
    if a == b:
        return bool(a)
    short, long = sorted((a, b), key=len)
    if short.isdigit():  # 50 is not inside 1500
        return len(short) > 1 and re.search(rf"(?<!\d){short}(?!\d)", long) is not None
    return len(short) > 1 and short in long


def same_person(wanted: str, got: str) -> bool:
    """Whether two strings name the same person: 胡, 姓胡 and 胡女士 do, for writers of labels
    differ; 胡 and 胡美丽 need not."""
    a, b = (_TITLES.sub("", side.strip()) for side in (wanted, got))
    return bool(a) and a == b or same_thing(wanted, got)


def says(text: str, entity: str) -> bool:
    """Whether the text names the entity: its folded form stands in the folded text."""
    return _folded(entity) in _folded(text)


def _folded(text: str) -> str:
    text = for_cer(text)
    for pattern, form in _FOLDS:
        text = re.sub(pattern, form, text)
    return text


def _in_digits(numeral: str) -> str:
    """A well-formed numeral in digits: 三千二百 3200, 四万六 46000, 4万6千 46000, 十五 15.

    Digits without a unit are kept as they are: 007 is not 7. What stands outside a numeral
    (万 in 万家, 百 in 百分之) never comes here.
    """
    if not any(c in _SCALES for c in numeral):
        return numeral
    total = section = count = 0.0
    unit = 1.0
    for piece in _PIECE.findall(numeral):
        scale = _SCALES.get(piece, 0.0)
        if scale >= 10_000:
            total, section, count, unit = total + (section + count) * scale, 0.0, 0.0, scale
        elif scale:
            section, count, unit = section + (count or 1.0) * scale, 0.0, scale
        elif piece == "零":
            unit = 10.0  # 三千零二: the ones follow, not the hundreds
        else:
            count = float(piece.translate(_DIGITS))
    value = total + section + count * (unit / 10 if unit >= 100 else 1)  # 三千二 is 3200
    return str(int(value)) if value == int(value) else str(round(value, 6))
