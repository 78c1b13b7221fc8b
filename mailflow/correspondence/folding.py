"""One spelling for matching, character for character: evidence can be cut from the original at the same places."""

from __future__ import annotations

# Traditional forms that occur in business mail, pairwise with their simplified ones.
_TRADITIONAL = (
    "對帳賬單餘額無誤謝們這該與數據確認應為發貨款項預計於匯請補寄問筆運費麼樣銀號變換帳戶員動後續聯絡會處覆"
    "張約價查種門務沒異議達業報稅標準單據點錯寫來說還將從時間電話轉給經結論實際證簽蓋郵儲裡訂購買賣過"
    "簡體繁臺灣財產責專題輸進開關閉減總歷史傳統檔設備廠車東連書畫圖當並親見現場機構導領務熱線遞個幾條"
    "貴總僅見權雙頭網絡碼營業競爭輕傷壞損舊換復選擇顯節廣場價戰產量獲質檢測審核過濾戶滿積極協調解釋"
    "讓內錄憑繳擔負債償衝銷贈優惠扣調整遲準備課徵聲術語義樓鄉鎮區縣號隨訊狀態況歸屬擬許訴訟師騷擾離職"
    "勞煩麻補償嗎麼啟齊須靜誰別於啟紀錄週遠較雖終極強難懷屆視餐館飯飛機驗貿關幣圓萬億參陸貳兩壹"
    "複聽寬緩嚴櫃佈啓庫倉績繫係夠幫腦製級組絕細夾註評詢詳試誌識護趕軟遺鎖鏈陳險隱雜頁順頓顆齡併儘盡兌劃噸團墊"
    "尋廢彙恆慮懸掛採擊敗斷暫欄歡殘毀決淨滯漲獨畢疊盤監禮稱穩紅紙納純綜維緊編縮罷脫興虛虧規覺觀託診詞誠談諒譯"
    "讀貼賠贊蹤載輛辦違適遷邊針鐘閱隊階隻響頻願類顧風養駁鬆擁拋徹掃擋爲爾獎璽療眾衆磚禦絲羅膠艙螢衛裝襯詐誇誘"
    "賦蹟軌輪轟鄰鉤鋼銅鋁鑄閘陣韓馬驅魚鳥麥黃齒龍偵側倫傾僱劑勝勵厭嘗囑壓壘孫寶屢崗帶幟弒彎惡愛慣憂懇扺挾擴攤"
    "敵曉樞樂槍檯殺氣沖淚溫潤灘煙燈爐牽猶瑣皺矯碩禍窩築籤糧緒縱繞繪繼纏罰聰肅膽臨艱藝蘭蝕裏詩誕謀謹譽賓賢贏趙"
    "蹺躍輩遊鄭釀鈔銘鋪錢鍵鎊鐵鑑閃闊陰陽霧靈頒頗頸飲駕騙鬥鮮鹽"
)
_SIMPLIFIED = (
    "对账账单余额无误谢们这该与数据确认应为发货款项预计于汇请补寄问笔运费么样银号变换账户员动后续联络会处复"
    "张约价查种门务没异议达业报税标准单据点错写来说还将从时间电话转给经结论实际证签盖邮储里订购买卖过"
    "简体繁台湾财产责专题输进开关闭减总历史传统档设备厂车东连书画图当并亲见现场机构导领务热线递个几条"
    "贵总仅见权双头网络码营业竞争轻伤坏损旧换复选择显节广场价战产量获质检测审核过滤户满积极协调解释"
    "让内录凭缴担负债偿冲销赠优惠扣调整迟准备课征声术语义楼乡镇区县号随讯状态况归属拟许诉讼师骚扰离职"
    "劳烦麻补偿吗么启齐须静谁别于启纪录周远较虽终极强难怀届视餐馆饭飞机验贸关币圆万亿叁陆贰两壹"
    "复听宽缓严柜布启库仓绩系系够帮脑制级组绝细夹注评询详试志识护赶软遗锁链陈险隐杂页顺顿颗龄并尽尽兑划吨团垫"
    "寻废汇恒虑悬挂采击败断暂栏欢残毁决净滞涨独毕叠盘监礼称稳红纸纳纯综维紧编缩罢脱兴虚亏规觉观托诊词诚谈谅译"
    "读贴赔赞踪载辆办违适迁边针钟阅队阶只响频愿类顾风养驳松拥抛彻扫挡为尔奖玺疗众众砖御丝罗胶舱萤卫装衬诈夸诱"
    "赋迹轨轮轰邻钩钢铜铝铸闸阵韩马驱鱼鸟麦黄齿龙侦侧伦倾雇剂胜励厌尝嘱压垒孙宝屡岗带帜弑弯恶爱惯忧恳抵挟扩摊"
    "敌晓枢乐枪台杀气冲泪温润滩烟灯炉牵犹琐皱矫硕祸窝筑签粮绪纵绕绘继缠罚聪肃胆临艰艺兰蚀里诗诞谋谨誉宾贤赢赵"
    "跷跃辈游郑酿钞铭铺钱键镑铁鉴闪阔阴阳雾灵颁颇颈饮驾骗斗鲜盐"
)


def _table() -> dict[int, str]:
    table = {ord(a): b for a, b in zip(_TRADITIONAL, _SIMPLIFIED, strict=True) if a != b}
    table[ord("帳")] = "账"
    table[ord("帐")] = "账"  # the common confusion in 对帐单
    for code in range(0xFF01, 0xFF5F):  # full-width ASCII
        table[code] = chr(code - 0xFEE0)
    for space in "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\t\v\f\u200b\u200c\u200d\ufeff\u00ad":
        table[ord(space)] = " "
    for mark in "‘’‚‛′`´":
        table[ord(mark)] = "'"
    for mark in "“”„‟″«»":
        table[ord(mark)] = '"'
    for dash in "‐‑‒–—―−":
        table[ord(dash)] = "-"
    table.update({ord("￥"): "¥", ord("﹣"): "-", ord("\r"): "\n", ord("\u2028"): "\n"})
    return table


_FOLD = _table()


def fold(text: str) -> str:
    """``text`` in lower case, half width, simplified and with plain punctuation; always of the same length."""
    folded = text.translate(_FOLD)
    lower = folded.lower()
    if len(lower) == len(folded):
        return lower
    return "".join(low if len(low := c.lower()) == 1 else c for c in folded)
