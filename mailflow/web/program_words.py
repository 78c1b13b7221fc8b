"""What the program wrote into tasks and the journal, in the visitor's language; people's own words stay as they are.

The journal keeps one wording for ever (its digests cover it), so it is turned here, on the way to the page.
"""

from __future__ import annotations

import re

_ZH = [
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"(?P<a>.+): (?P<b>\d+) differences, every cent explained", "{a}:{b} 项差异,金额已全部说明"),
        (r"(?P<a>.+): (?P<b>\d+) differences, not all of it explained", "{a}:{b} 项差异,尚有金额未能说明"),
        (r"(?P<a>.+) agrees with our ledger to the cent", "{a} 与我方账簿完全一致"),
        (r"(?P<a>.+): differs", "{a}:对方选择“不符”"),
        (r"could not be delivered to (?P<a>.+); another recipient has it", "无法送达 {a};另一收件人已收到"),
        (r"could not be delivered to (?P<a>.+)", "无法送达 {a}"),
        (r"a machine wrote it \((?P<a>.+)\)", "自动邮件({a})"),
        (r"it is not certain which statement it answers", "无法确定其答复的是哪份对账单"),
        (r"its words are not clear enough", "措辞不够明确"),
        (r"it is not certain which of its words are new", "无法确定哪些内容是新写的"),
        (r"it answers an earlier version of the statement", "其答复的是较早版本的对账单"),
        (r"the sender cannot be believed without a look \((?P<a>.+)\)", "发件人身份须先核实"),
        (r"the statement that came with it does not agree", "随附的对账单与我方不一致"),
        (r"the case no longer waits for an answer", "案卷已无需等待答复"),
        (r"the promised payment came", "承诺的款项已到账"),
        (r"the promised day has passed without the money", "承诺日期已过,款项未到"),
        (r"nobody has answered", "无人答复"),
        (r"(?P<a>\d+) reminders, nobody has answered", "已提醒 {a} 次,无人答复"),
        (
            r"(?P<a>.+) \(the ledger of (?P<b>\S+) does not show it: import a newer one\)",
            "{a}({b} 的账簿未见该款项,请导入较新账簿)",
        ),
        (r"their statement came", "对方发来对账单"),
        (r"placed into (?P<a>\S+)", "已归入 {a}"),
        (r"answered \(message (?P<a>\d+)\)", "已回复(邮件 {a})"),
        (r"confirmation accepted", "已接受确认"),
        (r"given up after (?P<a>\d+) days; the last answer: (?P<b>.+)", "重试 {a} 天后放弃;对方服务器最后答复:{b}"),
    )
]


def told(text: str | None, language: str) -> str:
    """``text`` in ``language`` where the program wrote it, else as it is."""
    if text and language.startswith("zh"):
        for pattern, words in _ZH:
            found = pattern.fullmatch(text)
            if found is not None:
                return words.format(**found.groupdict())
    return text or ""
