"""The words of documents in zh-CN, zh-TW, en, de, fr, es: what a column, a row, a label, a title calls itself.

One file per question: ``columns`` (which role has this header cell?), ``marks`` (is this row an opening, a total …?),
``types`` (invoice, payment …?), ``labels`` (``To:``, ``付款日期：``), ``titles`` (which kind of document?).
All compare :func:`folded` text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TRADITIONAL = str.maketrans(
    "單號碼據幣餘額項應報對帳賬發開類摘備註貨買賣客戶銀轉結貸齡經辦實際欠總計頁過內數續調減現預憑證訂購滿價稅"
    "費電匯間編製參與說明標題稱業務參關聯負責處號從來雙確認給付華該係屬會見訖時點條衝銷積櫃請轉歸還質優復庫紅讓別廠統臺團簽製營運產繳沖帐長債權東寶領線",
    "单号码据币余额项应报对账账发开类摘备注货买卖客户银转结贷龄经办实际欠总计页过内数续调减现预凭证订购满价税"
    "费电汇间编制参与说明标题称业务参关联负责处号从来双确认给付华该系属会见讫时点条冲销积柜请转归还质优复库红让别厂统台团签制营运产缴冲账长债权东宝领线",
)


@lru_cache(maxsize=32768)
def folded(text: str) -> str:
    """``text`` made comparable: NFKC, lower case, no accents, Chinese in simplified form, one space between words,
    no punctuation but what separates words."""
    text = unicodedata.normalize("NFKC", text).translate(_TRADITIONAL).lower()
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    text = re.sub(r"(?<=[a-z])\.(?=[a-z])", "", text)  # a/c. no., p.o. -> po
    text = re.sub(r"[^\w%/&+#]+", " ", text.replace("_", " "))
    text = re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", text)
    return text.strip(" /&+")


def halves(text: str) -> list[str]:
    """A bilingual cell's parts (``日期 Date`` → ``日期``, ``date``); the whole comes first."""
    whole = folded(text)
    latin = re.sub(r"\s+", " ", re.sub(r"[\u4e00-\u9fff]+", " ", whole)).strip(" /&+0")
    chinese = "".join(re.findall(r"[\u4e00-\u9fff]+", whole))
    parts = [whole]
    if latin and chinese:
        parts += [chinese, latin]
    return parts
