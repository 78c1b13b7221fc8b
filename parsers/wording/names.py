"""How companies' names look, and where they stand in a title."""

from __future__ import annotations

import re

LEGAL = re.compile(
    r"有限公司|有限责任公司|股份公司|集团|(?:厂|商行|经营部|合作社|事务所|门市部|加工部|商店|公司|企业|工作室|中心|超市|酒店|医院|学校|大学|研究院|分行|支行|株式会社)(?:[(（][^)）]*[)）])?$"
    r"|\b(?:ltd|limited|inc|incorporated|llc|llp|plc|corp|corporation|company|gmbh|ag|kg|ohg|ug|mbh|gbr|e\.?k|se|s\.?a\.?(?:s|rl|u)?|s\.?a\.?r\.?l|s\.?l\.?u?|"
    r"s\.?c\.?a|b\.?v|n\.?v|pty|pte|oy|oyj|ab|aps|a/s|as|s\.?p\.?a|s\.?r\.?l|sdn|bhd|lp|k\.?k|co|sarl|sasu?|eurl|scop|sci|se|kgaa|s\.?c|s\.?coop|ltda|cia|sociedad|societe|"
    r"holdings?|group|international|industries|trading|enterprises?|partners|brothers|sons|services|systems|solutions|supplies|foods|logistics)\b\.?",
    re.IGNORECASE,
)

NOT_NAME = re.compile(
    r"^(?:[供需甲乙对贵]方|客户)?(?:确认|签字|盖章)|^欠?[贵我本][公司方单位]{1,2}欠?$|^(?:page|seite|pagina|第.*页|tel|phone|fax|www\.|http|email|e-mail|p\.?o\.? box|attn|date|activity$|company code|statement|invoice|(?:payment |cash )?receipt$|(?:shipping|billing|delivery|postal|registered) address|\W*$)|@|\b\d{5,}\b|^\d+[a-z]?[ ,]|, \d{4}\b|[a-z] \d{4}$|"
    r"\d.*\b(?:street|road|avenue|lane|st|rd|ave|strasse|straße|rue|calle|suite|floor)\b|\b(?:street|road|avenue|lane|strasse|straße|rue|calle|suite|floor)\b.*[\d,]|"
    r"路\d+号|区.*路|号楼|省.*市.*[路街]",
    re.IGNORECASE,
)

TAIL = re.compile(
    r"\s*(?:\s(?:has|have) (?:sent|made|paid|issued)\b.*|\s(?:财务|资金|结算|采购|销售)(?:管理)?(?:部|处|科)|\baccounts (?:payable|receivable)\b.*|[(（](?:签字盖章|签名盖章|签章确认|盖章|公章|签章|签字|印章|章|以下简称.*?|sign.*?|stamp.*?|seal.*?)[)）]|(?:盖章|公章|签章)|as (?:at|of|on) .*|dated .*|(?:税号|地址|电话|传真|统一社会信用代码|纳税人识别号|\b(?:tel|fax|vat|abn|tax id|att(?:n|ention)))[ .:：].*)$",
    re.IGNORECASE,
)

FOR = re.compile(
    r"\b(?:statement|account|remittance advice|releve de compte|kontoauszug|extracto|estado de cuenta)s?\b[^:]{0,24}?\b(?:for|of account for|to|fur|für|pour|para|de)\s*:?\s+(?P<to>[^:]+?)"
    r"(?:\s+(?:as (?:at|of|on)|at|per|au|zum|dated|for the|from|period|al)\b.*)?$",
    re.IGNORECASE,
)

BY = re.compile(
    r"\b(?:statement|remittance|account|advice)\b.{0,20}?\b(?:from|by|issued by)\s+(?P<by>[^:]+?)(?:\s+(?:as (?:at|of)|dated)\b.*)?$",
    re.I,
)

TITLED = re.compile(
    r"^(?P<name>.{3,40}?(?:公司|厂|集团|商行|经营部|合作社|中心|店|部|行|社))\s*[-—:：]?\s*(?:与(?P<other>.{3,40}?(?:公司|厂|集团|商行|经营部|合作社|中心|店))(?:之间)?的?)?"
    r"(?:\d{4}年.*?)?(?:供应商|客户|月度|往来|应收|应付|账款|货款|销售|业务|年度|季度|往来款)*(?:对账|付款|汇款|结算|账单|月结|余额|询证|明细|催款|支付|账款|欠款)(?!日期|期间|单号|周期|截止|时间|金额|方式).*$"
)
