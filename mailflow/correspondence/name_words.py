"""Words that names are made of, and short answers that only look like names."""

# ruff: noqa: E501 (a word list is read in one piece)
from __future__ import annotations

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭"
    "廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤康施牛洪季樊葛章鲁苗俞"
    "柳岳齐梅庄辛管祝左涂谷祁时舒耿牟卜路詹关欧凌焦翁安裴翟柯阮桂符费温颜纪盛童游霍岑張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧"
    "蕭葉蔣蘇呂盧鍾譚範陸賈韋鄒閻龍陶賀顧龔嚴湯莊歐蔡倪代"
)
NO_NAMES = frozenset(
    "ok okay yes no nope agreed agree confirmed confirm correct paid approved approve fine noted received done thanks thank "
    "attached sure great perfect nein ja oui non si sí bestätigt korrekt einverstanden confirmado confirmé correcto richtig "
    "balance balances invoice invoices payment payments statement statements account accounts amount all good right wrong "
    "disputed dispute incorrect please see find attached pending unpaid open closed everything nothing matches match tallies "
    "reconciled checked verified accepted rejected refused overdue yet not understood absolutely certainly hello hi dear "
    "unsubscribe stop remove merci danke gracias grazie regards cheers sent enclosed above below tomorrow today monday tuesday "
    "wednesday thursday friday soon later maybe never already duplicate returned missing fyi asap tbd tbc np nb urgent".split()
)
PARTICLES = frozenset("de van von der den da del della la le di du bin al el y zu ter ten dos".split())
NO_INITIALS = frozenset("OK NO NA NP TY PO SO CN DN HI YE IT AR AP PS NB NG I A".split())
NO_CHINESE_NAMES = frozenset(  # they begin with a surname's sign
    "余额 余款 余下 金额 方案 方式 时间 時間 时候 高于 高出 安排 安装 严重 嚴重 任何 万元 万一 毛重 毛利 于是 周一 周二 周三 周四 周五 周六 周日 周末 "
    "周期 周转 章程 施工 路费 路上 温度 石油 金属 顾客 顧客 顾问 谢谢 謝謝 谢了 謝了 许多 許多 许可 許可 常规 严格 齐全 齐了 左右 费用 符合 符号 程序 "
    "马上 馬上 关于 關於 关闭 關閉 管理 向您 向你 向贵 向我 祝好 祝您 祝你 祝商 祝大 祝愿 应该 好好 等等 是是 对对 行行 多多 样样 方便 方面 方可 安全 "
    "季度 季节 陆续 凌晨 水分 高度 高价 史上 白天 夏季 秋季 江苏 温州 常州 柳州 姜片 汤料 纪录 陶瓷 钱款 欠款 贺卡 龙头 连同 康复 毕竟 廖廖 金税 单价".split()
)
# Given names that are common enough to be known; none that is a word of business as well (Bill, May, Will, Grant)
GIVEN_NAMES = frozenset(
    "aaron abby abdul abigail adam adrian agnes ahmed aisha alan alastair albert alejandro alex alexander alexandra alexis alfred ali alice alicia alison allan "
    "allen amanda amber amelia amina amir amit amy ana anders andre andrea andreas andrei andrew andy angela angelo anil anita anja anjali ann anna anne annette "
    "anthony antoine anton antonio anya arjun arne arthur arun ashley astrid audrey barbara barry bart beatrice becky ben benedict benjamin bernadette bernard "
    "bernd beth bettina betty beverly birgit bjorn bob bogdan boris brad brandon brenda brendan brian bridget bruce bruno bryan caleb callum calvin cameron camille "
    "carl carla carlos carmen carol carole caroline carolyn catherine cathy cecilia celia celine charles charlie charlotte chen chloe chris christa christian "
    "christina christine christoph christopher christos cindy claire clara clare claudia claus clement colin colleen connor craig cristina cynthia daisy damian dan "
    "dana daniel daniela danielle danny dario darren dave david dawn dean deb debbie deborah deepak deepa denis denise dennis derek diana diane diego dieter "
    "dimitri dirk divya dmitri dominic don donald donna doris dorothy doug douglas duncan dylan eddie edgar eduardo edward edwin eileen elaine eleanor elena eli "
    "elias elisa elisabeth elizabeth ella ellen elliot elsa emil emilia emily emma emmanuel enrico eric erica erik erika erin ernst esther ethan eugene eva evan "
    "eve evelyn fabian farah fatima felix fernando fiona florence florian frances francesca francesco francis francisco francois frank franz fred frederic frieda "
    "fritz gabriel gabriela gareth gary gavin gemma geoff george georgia gerald gerard gerd giles gill gina giorgio giovanni giulia gloria gordon grace graeme "
    "graham greg gregory greta guido guillaume gus gustav guy hannah hans harold harriet harry harsh hassan heather hector heidi heike heinz helen helena helga "
    "henri henrik henry herbert hilary holger holly howard hugo ian ibrahim ilse imran ines ingrid irene iris isaac isabel isabella isabelle ivan jack jackie "
    "jacob jacques jaime jake james jamie jan jane janet janice jason javier jay jean jeanne jeff jeffrey jen jennifer jenny jens jeremy jerome jerry jess "
    "jessica jesus jill jim jimmy jo joan joanna joanne joao joe joel joerg johan johanna johannes john johnny jon jonas jonathan jordan jorge jose josef "
    "joseph josh joshua joyce juan judith judy julia julian julie juliette jurgen justin kai karen karim karin karl karolina kate katharina katherine kathleen "
    "kathrin kathy katie katja kavita kay keith kelly ken kenneth kerry kevin khalid kim kimberly kirsten kiran klaus kris krishna kristin kristina kurt kyle "
    "lars laura lauren laurence laurent lea leah lee leila lena leo leon leonard leonie leslie lewis liam lily linda lisa liz logan lorenzo lorna lorraine louis "
    "louisa louise luc luca lucas lucia lucy luigi luis luisa lukas luke lydia lynn madeleine maggie magnus malcolm manfred manoj manuel marc marcel marcin "
    "marco marcos marcus margaret maria marianne marie marina mario marion marius marjorie markus marlene marta martha martin martina mary mateo mathieu "
    "matilda matt matteo matthew matthias maureen maurice mauricio max maya meera megan mehmet melanie melissa mia michael michaela michel michele michelle "
    "miguel mike mila milan mohamed mohammed moira monica monika morgan muhammad murray nadia nadine nancy naomi natalia natalie natasha nathan neha neil nicholas "
    "nick nicola nicolas nicole niels nigel niklas nikolai nina nisha noah noel nora norman olaf oleg olga oliver olivia omar oscar otto owen pablo pamela paola "
    "paolo pascal pat patricia patrick paul paula pauline pavel pedro peggy penny pete peter petra phil philip philippe phoebe pierre piotr pooja prakash "
    "pradeep priya rachel radek rafael rahul raj rajesh ralf ralph ramesh ramon randy raquel rashid ravi ray raymond rebecca reinhard renata rene rhys ricardo "
    "richard rick rita rob robert roberto robin rodney rodrigo roger rohan roland rolf roman ron ronald rory rosa rose rosemary ross roy ruby rudolf rui rupert "
    "russell ruth ryan sabine sabrina sally sam samantha samir samuel sandra sandy sanjay sara sarah sasha satish scott sean sebastian serena serge sergei sergio "
    "seth shane shannon sharon shaun sheila shirley silvia simon simona simone sofia sonia sonja sophia sophie stacey stan stefan stefanie stella stephan "
    "stephanie stephane stephen steve steven stuart sue sunil susan susanne suzanne sven svetlana swati sylvia sylvie tamara tanja tania tanya tara tatiana ted "
    "teresa terry thea theo theresa thomas thorsten tim timo timothy tina tobias todd tom tomas tommy toni tony tracey tracy trevor tristan ulrich ulrike uma "
    "ursula uwe valentina valerie vanessa vera veronica vicky victor victoria vijay vikram viktor vince vincent violet virginia vivek vivian vladimir walter wanda "
    "wayne wendy werner wilhelm william wolfgang xavier yannick yasmin yusuf yves yvette yvonne zach zachary zoe lin lei ling mei ming wei jing jun ting "
    "tao fang hua jie hui xin ying coco vivi kiki nana mimi".split()
)
