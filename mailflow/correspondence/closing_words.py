"""Closing formulas of the world's letters: those that end a mail by themselves, and thanks, which need a name below."""

# ruff: noqa: E501 (a word list is read in one piece)
from __future__ import annotations

import re

_PAUSES = re.compile(r"[\s,.!~;:、，。！～*_]+")
_STRONG = (
    "best regards,kind regards,warm regards,kindest regards,warmest regards,regards,with regards,with best regards,"
    "with kind regards,best wishes,rgds,brgds,br,b.rgds,best rgds,kr,sincerely,yours sincerely,sincerely yours,"
    "yours faithfully,yours truly,very truly yours,respectfully,cordially,all the best,best,thanks and regards,"
    "thanks & regards,thanks and best regards,thanks & best regards,thanks with regards,thank you and best regards,"
    "many thanks and regards,many thanks and best regards,thank you and kind regards,thanks and kind regards,"
    "best regards and thanks,warmly,yours,"
    "此致,敬礼,此致敬礼,祝好,祝商祺,顺祝商祺,顺颂商祺,商祺,谨启,敬上,祝工作顺利,祝您工作顺利,祝您工作愉快,祝工作愉快,祝生意兴隆,"
    "祝您生活愉快,顺致敬意,致敬,祝安好,顺颂时祺,順頌商祺,順祝商祺,敬禮,此致敬禮,祝顺利,祝一切顺利,顺祝安好,顺祝工作顺利,敬祝商祺,"
    "祝您商祺,顺颂近祺,祝万事如意,謹啟,顺颂,顺祝,敬颂,谨祝,祝,商安,时祺,台安,工作顺利,工作愉快,身体健康,顺颂商安,祝近安,"
    "mit freundlichen grüßen,mit freundlichen grüssen,mit freundlichem gruß,mit freundlichem gruss,freundliche grüße,"
    "freundliche grüsse,viele grüße,viele grüsse,beste grüße,beste grüsse,mit besten grüßen,herzliche grüße,schöne grüße,"
    "liebe grüße,grüße,gruß,gruss,mfg,vg,lg,hochachtungsvoll,mit vielen grüßen,"
    "cordialement,bien cordialement,très cordialement,salutations,meilleures salutations,salutations distinguées,"
    "sincères salutations,bien à vous,respectueusement,cdt,cdlt,bien à toi,amicalement,sincèrement,"
    "saludos,saludos cordiales,un saludo,un cordial saludo,atentamente,cordialmente,un saludo cordial,atte,atte.,"
    "cordiali saluti,distinti saluti,saluti,un saluto,cordialità,"
    "atenciosamente,cumprimentos,melhores cumprimentos,com os melhores cumprimentos,att,atc,"
    "met vriendelijke groet,met vriendelijke groeten,vriendelijke groet,vriendelijke groeten,groeten,groet,mvg,hoogachtend,"
    "med venlig hilsen,venlig hilsen,med vennlig hilsen,vennlig hilsen,mvh,hilsen,med vänliga hälsningar,vänliga hälsningar,"
    "med vänlig hälsning,hälsningar,pozdrawiam,z poważaniem,с уважением,ystävällisin terveisin,terveisin,"
    "敬具,よろしくお願いします,よろしくお願いいたします,以上,감사합니다,saygılarımla,iyi çalışmalar"
)
_WEAK = (
    "thanks,thank you,thanks!,many thanks,thanks a lot,thank you very much,thank you so much,thx,tks,ty,with thanks,cheers,"
    "thanks in advance,thank you in advance,谢谢,多谢,感谢,谢谢!,非常感谢,谢谢您,感谢您,麻烦了,辛苦了,謝謝,感謝,"
    "danke,vielen dank,besten dank,danke schön,danke im voraus,vielen dank im voraus,merci,merci d'avance,"
    "merci beaucoup,gracias,muchas gracias,grazie,grazie mille,obrigado,obrigada,bedankt,dank u,alvast bedankt,tak,takk,tack,"
    "dziękuję,спасибо,kiitos,teşekkürler,ありがとうございます"
)


def key(text: str) -> str:
    """``text`` without blanks and pauses, in lower case: how a formula is looked up."""
    return _PAUSES.sub("", text.lower())


STRONG = frozenset(map(key, _STRONG.split(","))) - {""}
WEAK = frozenset(map(key, _WEAK.split(","))) - {""}
FORMULAS = frozenset(_STRONG.split(",")) | frozenset(_WEAK.split(",")) | STRONG | WEAK  # also written in one word
