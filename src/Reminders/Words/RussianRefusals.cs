namespace Reminders.Words;

/// <summary>Почему что-то запрошено и не сделано.</summary>
internal static class RussianRefusals
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        // Bookings and answers.
        ["reason.no_booking"] = "Записи {0} нет.",
        ["reason.begun_not_approved"] = "Запись началась {0}: её больше нельзя одобрить.",
        ["reason.begun_not_asked"] = "Запись началась {0}: спрашивать больше некого.",
        ["reason.not_called_off"] =
            "Состояние записи: {0:@status}. Снова спрашивают только того, кто отказался или кому сообщили об отмене.",
        ["reason.cancelled_not_moved"] = "Запись отменена: прежде чем переносить, одобрите её снова.",
        ["reason.cancelled_not_changed"] = "Запись отменена: прежде чем отдать её другому, одобрите её снова.",
        ["reason.changed_meanwhile"] = "Тем временем это изменили, поэтому ничего не сделано: посмотрите, как обстоит дело сейчас.",
        ["reason.answer_final"] =
            "Уже дан отказ ({0:@subject}), и место могло уйти другому. Чтобы спросить снова, перенесите или отмените и одобрите.",
        ["reason.answer_stands"] = "Уже дан ответ «{1}» ({0:@subject}), и изменить его так больше нельзя.",
        ["reason.answer_too_late"] = "Началось {1} ({0:@subject}), ответить больше нельзя.",
        ["reason.answer_unapproved"] = "Ещё не одобрено ({0:@subject}), отвечать не на что.",
        ["reason.answer_off"] = "Состояние: {1:@status} ({0:@subject}), отвечать не на что.",
        // Whom and what is meant.
        ["reason.no_recipient"] = "Получателя «{0}» нет.",
        ["reason.no_group"] = "Группы «{0}» нет.",
        ["reason.no_subject"] = "«{1}» не существует ({0:@subject}).",
        ["reason.never_asked"] = "О «{1}» ({0:@subject}) ничего не запрашивали.",
        ["reason.several_recipients"] = "Получатель с таким именем есть у нескольких владельцев: {0:@also}{1}. Укажите владельца (owner).",
        ["reason.several_groups"] = "Группа с таким именем есть у нескольких владельцев: {0:@also}{1}. Укажите владельца (owner).",
        ["reason.several_subjects"] =
            "С таким номером ({0:@subject}) есть у нескольких владельцев: {1:@also}{2}. Укажите владельца (owner).",
        ["reason.nobody_there"] = "Такого адреса или такой ссылки здесь нет ни у кого.",
        ["reason.not_bound"] = "У «{1}» нет адреса в «{0}».",
        ["reason.no_notification"] = "Уведомления {0} нет.",
        ["reason.no_page"] = "Страницы {0} нет: уведомлений всего {1}, по {2} на страницу.",
        // Messages in an operator's hands.
        ["reason.no_message"] = "Сообщения {0} нет.",
        ["reason.no_messages"] = "Таких сообщений нет.",
        ["reason.no_incident"] = "Сбоя {0} нет.",
        ["reason.no_decision"] = "Решения {0} нет.",
        ["reason.nothing_matches"] = "Больше ничего не подходит: решил кто-то другой, или время вышло.",
        ["reason.not_dead"] = "Сообщение {0}: состояние {1:@state}, отправка не прекращена, повторять нечего.",
        ["reason.is_edit"] = "Сообщение {0} — это правка: следующее изменение предмета создаст новую.",
        ["reason.sent_before"] = "Сообщение {0} уже отправлено снова, как сообщение {1}.",
        ["reason.sent_meanwhile"] = "Сообщение {0} тем временем отправлено снова.",
        ["reason.not_replayed"] = "Сообщение {0} не повторяется: {1}.",
        ["reason.not_resent"] = "Сообщение {0} не отправляется снова: {1}.",
        ["reason.nothing_to_settle"] = "Сообщение {0}: состояние {1:@state}, оно не под вопросом, решать нечего.",
        ["reason.no_doubt"] = "Сообщение {0}: состояние {1:@state}, оно не под вопросом, отправлять снова незачем.",
        ["reason.refused"] = "Отказано.",
        ["reason.refused_by_database"] = "База данных отказала ({0} «{1}»).",
        // What is declared, and its texts.
        ["reason.no_channel"] = "Канала «{0}» нет.",
        ["reason.no_kind"] = "Вида «{0}» нет.",
        ["reason.text_stands"] = "Сейчас действует версия {0}, её автор: {1}. Сначала посмотрите её.",
        ["reason.text_stands_alone"] = "Сейчас действует версия {0}, без автора. Сначала посмотрите её.",
        ["reason.no_text_version"] = "У {0} нет версии {1} на «{3}»: есть от 0 до {2}.",
        ["reason.texts_changed"] = "Их одновременно изменил кто-то другой: посмотрите, что действует сейчас.",
        // Keys and accounts.
        ["reason.no_key"] = "Такого ключа нет.",
        ["reason.key_not_in_force"] = "Такого действующего ключа больше нет.",
        ["reason.key_exists"] = "Ключ с именем «{0}» есть или был: журнал на него ссылается, выберите другое имя.",
        ["reason.no_account"] = "Такой учётной записи нет.",
        ["reason.no_account_of"] = "Учётной записи «{0}» нет, или она отключена.",
        ["reason.last_administrator"] = "Не осталось бы никого, кто может менять учётные записи.",
        ["reason.account_is_so"] = "Это уже так, или учётной записи больше нет.",
        ["reason.code_used"] = "Код уже использован или устарел, либо логин занят.",
        ["also.installation"] = "(сама установка), ",
        ["also.nobody"] = "",
        ["subject.booking"] = "запись",
    };
}
