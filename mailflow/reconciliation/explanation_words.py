"""The words of explanations, by kind, rule and note, in English and Chinese. Facts fill the braces."""

from __future__ import annotations

from mailflow.reconciliation.match import Kind

NOTES = {
    "rival": {"en": "another line fits as well", "zh": "另有同样吻合的行"},
    "repeated_amount": {"en": "this amount occurs more than once", "zh": "该金额不止出现一次"},
    "round_amount": {"en": "a round amount identifies nothing", "zh": "整数金额不足以识别"},
    "dates_apart": {"en": "the dates are too far apart", "zh": "日期相差过大"},
    "numbers_differ": {"en": "the numbers differ", "zh": "单号不同"},
    "never_alone": {"en": "this rule only suggests", "zh": "此规则只作建议"},
    "sum_alone": {"en": "a sum alone proves nothing", "zh": "仅凭合计不能认定"},
    "totals_differ": {"en": "the totals differ", "zh": "合计不等"},
    "amounts_far_apart": {"en": "the amounts are far apart", "zh": "金额相差过大"},
    "unproven_document": {"en": "their document's own arithmetic does not hold", "zh": "对方单据自身勾稽不平"},
    "rule_switched_off": {"en": "the policy lets this rule only suggest", "zh": "制度规定此规则只作建议"},
    "above_cap": {"en": "above the amount that is accepted unseen", "zh": "超过自动认定的金额上限"},
    "far_number": {
        "en": "only part of the number agrees and the dates are far apart",
        "zh": "仅部分单号一致且日期相差较大",
    },
}

ITEMS = {
    Kind.MISSING_IN_OURS: "Only on theirs: {what}; no item of ours has this number or amount.",
    Kind.MISSING_IN_THEIRS: "Only on ours: {what}; no line of theirs has this number or amount.",
    Kind.AMOUNT_DIFFERENCE: "{what}: our amount {ours}, theirs {theirs}.",
    Kind.PARTIAL_PAYMENT: "{what}: {theirs} of {ours} is on theirs; the rest is still to come.",
    Kind.SHORT_PAYMENT: "{what}: {theirs} instead of {ours}; nothing says why less was paid.",
    Kind.DISCOUNT_TAKEN: "{what}: discount taken ({ours} on ours, {theirs} on theirs).",
    Kind.LATE_FEE: "{what}: late fee or interest.",
    Kind.BANK_CHARGE: "{what}: bank charge ({ours} on ours, {theirs} on theirs).",
    Kind.TIMING: "{what}: booked by the payer shortly before the cut-off, on its way.",
    Kind.DUPLICATE: "{what} stands twice: same number and same amount as a line already counted.",
    Kind.SIGN_ERROR: "{what}: same amount on the other side of the account ({ours} on ours, {theirs} on theirs).",
    Kind.OPENING_DIFFERENCE: "The opening balances differ: ours {ours}, theirs {theirs}.",
    Kind.ROUNDING: "{what}: rounding ({ours} on ours, {theirs} on theirs).",
}

CARRIED_FROM = {
    True: (
        " All of it is carried from the statement of {day}: {what}.",
        "均为 {day} 对账单结转的未决事项：{what}。",
    ),
    False: (
        " Of the statement of {day} these are still open: {what}; the rest is new.",
        "其中 {day} 对账单结转的未决事项：{what}；其余为新增差异。",
    ),
}
"""Whether the open items of their last statement are the whole opening difference -> English, Chinese."""

ACTIONS = {
    "missing_in_ours": ("Ask for a copy, then book it.", "向对方索取单据副本，核实后入账。"),
    "payment_missing_in_ours": (
        "Look for the payment in the bank account; ask for proof.",
        "查银行流水，并请对方提供付款凭证。",
    ),
    "missing_in_theirs": ("Send them a copy and ask them to book it.", "将单据副本发给对方，请其入账。"),
    "payment_missing_in_theirs": ("Send proof of payment.", "向对方提供付款凭证。"),
    "amount_difference": ("Compare both documents; agree on the amount.", "核对双方单据，确认正确金额。"),
    "digits_swapped": (
        "Digits look swapped: check the document and correct the posting.",
        "疑似数字颠倒：核对单据并更正。",
    ),
    "partial_payment": ("Leave the rest open and ask when it will be paid.", "余额保留未清，询问付款日期。"),
    "short_payment": ("Ask why less was paid.", "询问少付原因。"),
    "discount_taken": ("Check against the payment terms, then accept or claim.", "对照付款条件核实，再确认或追讨。"),
    "discount_unearned": (
        "Taken after the discount days: claim it or grant it knowingly.",
        "已超过折扣期限：追讨或明确同意。",
    ),
    "late_fee": ("Check against the contract, then accept or dispute.", "对照合同核实，再确认或提出异议。"),
    "bank_charge": ("Book as bank charge or ask who bears it.", "计入银行手续费，或确认由谁承担。"),
    "timing": ("Nothing: it must clear by the next statement.", "无需处理：下期对账应自动消除。"),
    "duplicate_theirs": ("Ask them to remove the second entry.", "请对方冲销重复记账。"),
    "duplicate_ours": ("Reverse our second entry.", "冲销我方重复记账。"),
    "sign_error": ("Find out which side posted it the wrong way round and correct it.", "查明哪一方记反方向并更正。"),
    "opening_difference": ("Reconcile the earlier statement first.", "先核对上期对账单。"),
    "rounding": ("Write off as rounding.", "按尾差核销。"),
}

KINDS_ZH = {
    Kind.MISSING_IN_OURS: "我方未记",
    Kind.MISSING_IN_THEIRS: "对方未记",
    Kind.AMOUNT_DIFFERENCE: "金额不符",
    Kind.PARTIAL_PAYMENT: "部分付款",
    Kind.SHORT_PAYMENT: "少付",
    Kind.DISCOUNT_TAKEN: "现金折扣",
    Kind.LATE_FEE: "滞纳金",
    Kind.BANK_CHARGE: "银行手续费",
    Kind.TIMING: "在途款项",
    Kind.DUPLICATE: "重复记账",
    Kind.SIGN_ERROR: "方向记反",
    Kind.OPENING_DIFFERENCE: "期初差异",
    Kind.ROUNDING: "尾差",
}

ITEMS_ZH = {
    Kind.MISSING_IN_OURS: "仅对方有：{what}；我方无此单号或金额。",
    Kind.MISSING_IN_THEIRS: "仅我方有：{what}；对方无此单号或金额。",
    Kind.AMOUNT_DIFFERENCE: "{what}：我方 {ours}，对方 {theirs}。",
    Kind.PARTIAL_PAYMENT: "{what}：应 {ours}，对方记 {theirs}，余额待付。",
    Kind.SHORT_PAYMENT: "{what}：应 {ours}，实 {theirs}，少付原因未说明。",
    Kind.DISCOUNT_TAKEN: "{what}：扣除现金折扣（我方 {ours}，对方 {theirs}）。",
    Kind.LATE_FEE: "{what}：滞纳金或利息。",
    Kind.BANK_CHARGE: "{what}：银行手续费（我方 {ours}，对方 {theirs}）。",
    Kind.TIMING: "{what}：付款方已于截止日前入账，款项在途。",
    Kind.DUPLICATE: "{what} 重复：单号与金额同已核对的一笔相同。",
    Kind.SIGN_ERROR: "{what}：金额相同但方向相反（我方 {ours}，对方 {theirs}）。",
    Kind.OPENING_DIFFERENCE: "期初余额不一致：我方 {ours}，对方 {theirs}。",
    Kind.ROUNDING: "{what}：尾差（我方 {ours}，对方 {theirs}）。",
}

RULES_ZH = {
    "confirmed_by_person": "人工确认",
    "carried_match": "以前已核对",
    "opening_balance": "期初余额",
    "settled_on_our_side": "我方内部已结清，双方均不列",
    "exact_reference": "单号与金额相同",
    "same_reference_without_separators": "去除分隔符后单号相同，金额相同",
    "same_reference_without_prefix": "去除前缀后单号相同，金额相同",
    "same_digits": "数字部分相同，金额相同",
    "same_main_number": "主号相同（年份、后缀不同），金额相同",
    "same_reference_ocr": "修正扫描误识后单号相同，金额相同",
    "same_digits_ocr": "修正扫描误识后数字相同，金额相同",
    "merged_references": "一行列出多张单据，合计相等",
    "same_number_same_total": "同一单号多行，合计相等",
    "reference_in_description": "摘要中载有单号，金额相同",
    "reference_and_credit": "单号相同，差额恰为一张未清贷项",
    "payment_in_part": "时间上唯一相近的两笔付款，到账较少",
    "purchase_order": "采购订单号与金额相同",
    "same_reference_other_amount": "单号相同，金额不同",
    "merged_references_other_amount": "一行列出多张单据，合计不等",
    "same_number_other_total": "同一单号多行，合计不等",
    "truncated_reference": "单号被截短，金额相同",
    "near_reference": "单号相近，金额相同",
    "amount_and_date": "金额相同，日期相近",
    "amount_and_date_twins": "等额多笔，按日期先后配对",
    "amount_alone": "金额唯一相同，日期相差较大",
    "sum_of_a_day": "同日各笔合计相等",
    "sum_of_consecutive": "连续各笔合计相等",
    "sum_of_few": "两三笔合计相等",
    "sum_of_some": "唯一可凑成的合计",
    "many_to_many": "两组合计相等，日期相近",
    "payment_less_charge": "付款少一笔常见扣款，日期相近",
    "amount_turned": "金额相同方向相反，日期相近",
    "amount_rounded": "金额仅差尾数，日期相近",
}

LETTER = {
    Kind.MISSING_IN_OURS: (
        "Your statement lists {number} of {date} for {amount}, which our books do not have. Please send us a copy.",
        "贵方对账单列有 {date} 的 {number}，金额 {amount}，我方账上没有。烦请提供单据副本。",
    ),
    Kind.MISSING_IN_THEIRS: (
        "Our books have {number} of {date} for {amount}, which your statement does not show. A copy is available.",
        "我方账上有 {date} 的 {number}，金额 {amount}，贵方对账单未列。如需副本，我方可提供。",
    ),
    Kind.TIMING: (
        "{number} of {date} for {amount} was on its way at the cut-off; nothing needs to be done.",
        "{date} 的 {number}，金额 {amount}，截止日尚在途，无需处理。",
    ),
    Kind.AMOUNT_DIFFERENCE: (
        "{number} of {date} stands at {theirs} with you and at {ours} with us. Please compare it with the document.",
        "{date} 的 {number}，贵方记 {theirs}，我方记 {ours}。烦请与单据核对。",
    ),
    Kind.PARTIAL_PAYMENT: (
        "Of {number}, which is {ours} with us, {theirs} is settled with you; {rest} is open. When will it follow?",
        "{number} 我方记 {ours}，贵方已结 {theirs}，余 {rest} 未清。烦请告知结清日期。",
    ),
    Kind.SHORT_PAYMENT: (
        "For {number}, you show {theirs} instead of {ours}; {rest} is missing. Please tell us the reason.",
        "{number} 应为 {ours}，贵方记 {theirs}，相差 {rest}。烦请说明原因。",
    ),
    Kind.DISCOUNT_TAKEN: (
        "For {number}, {rest} was taken as discount. Please check it against the agreed terms.",
        "{number} 扣除折扣 {rest}。烦请对照约定的付款条件核实。",
    ),
    Kind.LATE_FEE: (
        "Your statement charges {amount} as late fee or interest ({date}). Please tell us what it rests on.",
        "贵方对账单列有滞纳金或利息 {amount}（{date}）。烦请说明依据。",
    ),
    Kind.BANK_CHARGE: (
        "For {number}, {rest} is missing as a bank charge.",
        "{number} 因银行手续费相差 {rest}。",
    ),
    Kind.DUPLICATE: (
        "{number} of {date} for {amount} is booked twice ({whose}).",
        "{date} 的 {number}，金额 {amount}，重复记账（{whose}）。",
    ),
    Kind.SIGN_ERROR: (
        "{number} of {date} stands on opposite sides: {theirs} with you, {ours} with us. One of us booked it wrongly.",
        "{date} 的 {number} 双方方向相反：贵方 {theirs}，我方 {ours}。有一方记反。",
    ),
    Kind.OPENING_DIFFERENCE: (
        "The opening balances differ by {rest} ({theirs} with you, {ours} with us); the earlier statement decides.",
        "期初余额已相差 {rest}（贵方 {theirs}，我方 {ours}），须先核对上期。",
    ),
    Kind.ROUNDING: (
        "{number} differs by {rest} through rounding.",
        "{number} 因尾差相差 {rest}。",
    ),
}
NO_NUMBER = ("an entry without a number", "无单号的一笔")
WHOSE = {True: ("in our books", "我方账上"), False: ("on your statement", "贵方账上")}
UNEXPLAINED = (
    "{amount} between your balance and ours is not explained by the lines of either side.",
    "双方余额另有 {amount} 无法由任何一方的明细说明。",
)
