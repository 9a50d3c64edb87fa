"""The words that stop our advertising, in Russian and English, as a whole message."""

from dialogs.wording import folded

# 47 CFR 64.1200(a)(10), the list that AWS End User Messaging requires, and Russian practice.
# "НЕТ" is not among them: it is an answer. "cnjg" and "ыещз" are the words typed in the wrong
# keyboard layout.
_OPT_OUT = """
stop, stopall, stop all, stop it, unsubscribe, unsubscribe me, opt out, cancel, end, quit, revoke,
remove, remove me, arret, td, ыещз,
стоп, стоп рассылка, стоп реклама, отписка, отписаться, отпиши, отпишите, отпиши меня,
отпишите меня, отписаться от рассылки, отписка от рассылки, отмена, отмена подписки,
отменить подписку, отказ, отказ от рассылки, отказ от рекламы, отказаться, отказаться от рассылки,
отключить рассылку, отключить рекламу, cnjg, не присылайте, больше не присылайте,
не присылайте больше, не присылайте рекламу, больше не пишите, не пишите мне больше
"""
_WORDS = frozenset(folded(word) for word in _OPT_OUT.split(","))


def is_opt_out(text: str) -> bool:
    """Whether the whole message is a wish to get no more advertising ("Стоп!", "CTOП", "/stop").

    A word inside a sentence ("не стоп") is none; such a message goes its usual way.
    """
    return folded(text) in _WORDS
