"""What each rule of the review says to a clerk: what was found, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from mailflow.receivables.review_policy import Rule

WORDS: Mapping[Rule, Mapping[str, str]] = {
    Rule.TIE_OUT: {
        "en": "The figures do not add up: {what}. Correct the ledger and import it again.",
        "zh": "金额勾稽不符:{what}。请更正账簿后重新导入。",
    },
    Rule.ONE_PARTY: {
        "en": "Rows of another party would stand on it: {items}. Correct the ledger and import it again.",
        "zh": "含有其他往来单位的账目:{items}。请更正账簿后重新导入。",
    },
    Rule.NO_ADDRESS: {
        "en": "No e-mail address is known for {party}. Add one to the parties file and import it.",
        "zh": "{party} 没有电子邮箱。请在往来单位文件中补充后导入。",
    },
    Rule.FOREIGN_ADDRESS: {
        "en": "{address} also belongs to {other}. Correct the parties file, or declare the address as shared.",
        "zh": "邮箱 {address} 同时属于 {other}。请更正往来单位文件,或声明该邮箱为共用。",
    },
    Rule.DEAD_ADDRESS: {
        "en": "Mail to {address} came back for good. Find the right address and import the parties again.",
        "zh": "发往 {address} 的邮件已被永久退回。请找到正确邮箱后重新导入往来单位。",
    },
    Rule.RECIPIENT_CHANGED: {
        "en": "The recipients changed since the last statement: was {before}, now {after}. Ask {party} by phone.",
        "zh": "收件人自上期对账单后有变化:原为 {before},现为 {after}。请致电 {party} 核实。",
    },
    Rule.OPEN_AMOUNTS: {
        "en": "{what} Import the ledger with the statement's date as --as-of, or check the open items by eye.",
        "zh": "{what}请导入截至对账日的账簿(--as-of),或人工核对未清项。",
    },
    Rule.UNDATED: {
        "en": "{count} items have no date: {items}. Add the date in the ledger and import it again.",
        "zh": "{count} 笔账目没有日期:{items}。请在账簿中补充后重新导入。",
    },
    Rule.ODD_DATES: {
        "en": "Due before it was issued: {items}. Check the dates in the ledger.",
        "zh": "到期日早于单据日期:{items}。请核对账簿日期。",
    },
    Rule.DUPLICATE_REFERENCE: {
        "en": "The same number stands twice: {items}. Check whether it was booked twice.",
        "zh": "同一单号出现两次:{items}。请核对是否重复入账。",
    },
    Rule.MISSING_REFERENCE: {
        "en": "{count} invoices have no number: {items}. Add it in the ledger, or the customer cannot find them.",
        "zh": "{count} 张发票没有号码:{items}。请在账簿中补充,否则客户无法核对。",
    },
    Rule.OTHER_PARTY_NAMED: {
        "en": "A row names another party: {items}. Correct its text before the customer reads it.",
        "zh": "账目摘要中出现其他往来单位:{items}。请在发出前更正。",
    },
    Rule.NO_ACCOUNT: {
        "en": "There is no account of ours in {currency} to pay into. Add one to the configuration.",
        "zh": "没有 {currency} 收款账户。请在配置中补充。",
    },
    Rule.STALE_LEDGER: {
        "en": "{what} Import the current ledger first.",
        "zh": "{what}请先导入最新账簿。",
    },
    Rule.STALE_BANK: {
        "en": "{what} Book what has come in, and import the ledger with --bank-as-of.",
        "zh": "{what}请先登记银行收款,再以 --bank-as-of 导入账簿。",
    },
    Rule.QUIET_BANK: {
        "en": "The newest payment in the ledger is of {day}, {days} working days ago. Check that the bank is booked.",
        "zh": "账簿中最近一笔收付款为 {day},距今 {days} 个工作日。请核对银行流水是否已入账。",
    },
    Rule.ITEMS_GONE: {
        "en": "Items of this period are no longer in the ledger: {items}. Check whether they were cancelled.",
        "zh": "本期账目已不在账簿中:{items}。请核对是否已作废。",
    },
    Rule.ROLL_FORWARD: {
        "en": "It opens with {opening}, the last statement closed with {closing}: {difference} was booked back.",
        "zh": "期初余额 {opening} 与上期期末余额 {closing} 不符:以前期间补记 {difference}。",
    },
    Rule.ZERO_BALANCE: {
        "en": "Nothing is open. Release it only if {party} should confirm a zero balance.",
        "zh": "余额为零。仅在需要 {party} 确认零余额时放行。",
    },
    Rule.CREDIT_BALANCE: {
        "en": "The balance is in their favour: {closing}. Check for payments on account and missing invoices.",
        "zh": "余额为对方贷方:{closing}。请核对预收款和漏开发票。",
    },
    Rule.CORRECTION: {
        "en": "It replaces {label}, which was sent with {before}; now {after}. Check what changed.",
        "zh": "将更正已发出的 {label}(原为 {before},现为 {after})。请核对变更内容。",
    },
    Rule.JUMP: {
        "en": "The balance moved from {before} to {after} since the last statement. Check that nothing is missing.",
        "zh": "余额自上期对账单由 {before} 变为 {after}。请核对是否有遗漏。",
    },
    Rule.MINIMUM_GAP: {
        "en": "The last letter to {party} went out {days} days ago, on {date}. Wait, or release it.",
        "zh": "上一封函件 {days} 天前({date})已寄给 {party}。请稍候,或放行。",
    },
    Rule.OPEN_MAIL: {
        "en": "A message of {party} waits for an answer ({count}). Read it first.",
        "zh": "{party} 的来信尚未处理({count})。请先阅读。",
    },
    Rule.LATE: {
        "en": "It was due on {date}, {days} days ago. Send it late, or leave it to the next period.",
        "zh": "本期应于 {date} 寄出,已迟 {days} 天。请决定补寄或并入下期。",
    },
    Rule.BATCH: {
        "en": "This run has {now} statements, the last one had {before}. Check that the ledger is whole.",
        "zh": "本次共 {now} 份对账单,上次为 {before} 份。请核对账簿是否完整。",
    },
    Rule.LARGE: {
        "en": "The balance of {closing} is above {limit}: two people have to release it.",
        "zh": "余额 {closing} 超过 {limit},须由两人放行。",
    },
    Rule.SENSITIVE: {
        "en": "{party} is marked as sensitive: a person looks at every statement.",
        "zh": "{party} 为重点往来单位,每期须人工查看。",
    },
    Rule.FIRST_TIME: {
        "en": "It is the first statement to {party}.",
        "zh": "首次向 {party} 寄送对账单。",
    },
    Rule.UNAPPLIED: {
        "en": "{amount} of payments and credits is not applied to an item: {items}.",
        "zh": "未核销的收款与贷项共 {amount}:{items}。",
    },
    Rule.OLD_CREDIT: {
        "en": "Credits stand open for more than {days} days: {items}.",
        "zh": "贷项挂账超过 {days} 天:{items}。",
    },
    Rule.DUE_ESTIMATED: {
        "en": "The ledger has no due date for {count} items; it was computed: {items}.",
        "zh": "账簿中 {count} 笔账目没有到期日,系推算:{items}。",
    },
    Rule.TERMS_UNKNOWN: {
        "en": "The payment terms {terms} of {party} are not understood; write them like net30 or 月结30天.",
        "zh": "{party} 的付款条件 {terms} 无法识别;请写成 net30 或 月结30天。",
    },
}

OPEN_AMOUNT_WORDS: Mapping[str, Mapping[str, str]] = {
    "application_unclear": {
        "en": "The balance is right, but which items later payments settled is not certain.",
        "zh": "余额正确,但其后收款核销了哪些账目不能确定。",
    },
    "history_incomplete": {
        "en": "The ledger lists open items only and is of a later day, so that day's balance is not certain.",
        "zh": "账簿仅列未清项且晚于对账日,当日余额不能确定。",
    },
    "open_amounts_do_not_tie": {
        "en": "What is open does not add up with what was posted.",
        "zh": "未清金额与发生额不能勾稽。",
    },
    "larger_than_the_item": {
        "en": "More is open than was ever posted: {items}.",
        "zh": "未清金额大于单据金额:{items}。",
    },
}

STALE_WORDS: Mapping[str, Mapping[str, str]] = {
    "older": {
        "en": "The ledger is of {day}, before the statement's date.",
        "zh": "账簿截至 {day},早于对账日。",
    },
    "long_ago": {
        "en": "The ledger was imported on {day}, {days} working days ago.",
        "zh": "账簿于 {day} 导入,距今 {days} 个工作日。",
    },
}

BANK_WORDS: Mapping[str, Mapping[str, str]] = {
    "older": {
        "en": "The bank is booked up to {day} only, before the statement's date.",
        "zh": "银行流水仅登记至 {day},早于对账日。",
    },
    "long_ago": {
        "en": "The bank is booked up to {day} only, {days} working days ago.",
        "zh": "银行流水仅登记至 {day},距今 {days} 个工作日。",
    },
}

RELEASE_WORDS: Mapping[str, Mapping[str, str]] = {
    "nobody": {"en": "nobody: the data must be corrected", "zh": "不可放行:须更正数据"},
    "one": {"en": "one person", "zh": "一人放行"},
    "two": {"en": "two people", "zh": "两人放行"},
}
