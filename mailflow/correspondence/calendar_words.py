"""Names of months, weekdays and small numbers as they are written in mail, folded (see :mod:`folding`)."""

from __future__ import annotations

_MONTH_NAMES = (
    "january jan januar janvier janv enero ene jänner", "february feb februar février fevrier févr febrero",
    "march mar märz maerz mrz mars marzo", "april apr avril avr abril abr", "may mai mayo", "june jun juni juin junio",
    "july jul juli juillet juil julio", "august aug août aout agosto ago",
    "september sep sept septembre septiembre", "october oct oktober okt octobre octubre",
    "november nov novembre noviembre", "december dec dezember dez décembre decembre déc diciembre dic",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_WEEKDAY_NAMES = (
    "monday mon montag lundi lunes", "tuesday tue tues dienstag mardi martes",
    "wednesday wed weds mittwoch mercredi miércoles miercoles", "thursday thu thur thurs donnerstag jeudi jueves",
    "friday fri freitag vendredi viernes", "saturday sat samstag samedi sábado", "sunday sun sonntag dimanche domingo",
)  # fmt: skip
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAY_NAMES) for name in names.split()}

CHINESE_WEEKDAYS = {char: number for number, char in enumerate("一二三四五六日")} | {"天": 6}

COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "a couple of": 2, "couple of": 2,
    "ein": 1, "eine": 1, "einer": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "zehn": 10, "vierzehn": 14,
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "dix": 10, "quinze": 15,
    "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "diez": 10,
}  # fmt: skip
